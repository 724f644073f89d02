"""The colors of people in a spec, as a client sees them."""

from __future__ import annotations

from tests.handlers.logins import Logins


async def test_ten_people_have_ten_colors_whatever_their_logins_say(logins: Logins) -> None:
    people = [logins.of(f"user{number}", f"User {number}") for number in range(10)]
    spec_id = await people[0].new_spec("text")
    sockets = [await person.joined(spec_id) for person in people]
    last = {user["userId"]: user["color"] for user in sockets[-1].welcome["activeUsers"]}
    assert len(set(last.values())) == len(last) == 10
    for socket in sockets[:-1]:  # and everybody sees the same
        seen = {user["userId"]: user["color"] for user in socket.welcome["activeUsers"]}
        assert seen.items() <= last.items()
    (entry,) = (await people[3].call("GET", "api/specs"))["specs"]
    assert {user["userId"]: user["color"] for user in entry["activeUsers"]} == last
