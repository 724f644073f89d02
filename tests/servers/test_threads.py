"""Comments and suggestions on two servers, as on one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.redis import RedisServer
from tests.handlers.logins import Login, Socket, insert, text_of
from tests.handlers.threads import Spec, comment, new_id, suggestion
from tests.servers.team import Team

TEXT = "The quick brown fox jumps over the lazy dog.\n"
QUICK = 4, 9
FEATURES = ["threads"]


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis server for one test."""
    server = RedisServer()
    try:
        yield server.start()
    finally:
        server.remove()


async def told(socket: Socket, until: int) -> list[int]:
    """The numbers of the changes that a session is told of, up to this one."""
    numbers: list[int] = []
    while not numbers or numbers[-1] < until:
        numbers.append((await socket.until("threads_changed"))["threadsVersion"])
    return numbers


async def threads_of(login: Login, spec_id: str) -> list[dict[str, Any]]:
    return list((await Spec(login, spec_id).list(state="all"))["threads"])


async def test_both_tell_the_same_in_the_same_order(team: Team) -> None:
    """All comes by the bus: no server looks by itself."""
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    spec_id = await ada.new_spec(TEXT)
    one, other = await ada.joined(spec_id, features=FEATURES), await bob.joined(spec_id, features=FEATURES)
    here, there = Spec(ada, spec_id), Spec(bob, spec_id)
    first = await here.open(comment(*QUICK, 1, "Is it? @bob"))
    second = await there.open(suggestion(*QUICK, 1, "slow"))
    await there.reply(first["threadId"], "Yes.")
    await here.state(first["threadId"], "resolved")
    await ada.call("DELETE", f"{here.path}/threads/{second['threadId']}")
    assert (await told(one, 5), await told(other, 5)) == ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])
    assert await threads_of(ada, spec_id) == await threads_of(bob, spec_id)
    entry = await bob.call("GET", f"api/specs/{spec_id}")
    assert (entry["openThreads"], entry["mentions"]) == (0, 0)
    one.close()
    other.close()


async def test_anchors_are_the_same_on_both(team: Team) -> None:
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    spec_id = await ada.new_spec(TEXT)
    one, other = await ada.joined(spec_id), await bob.joined(spec_id)
    made = [await Spec(login, spec_id).open(comment(*QUICK, 1)) for login in (ada, bob)]
    for number in range(20):
        mine, theirs = (one, other) if number % 2 else (other, one)
        ack = await mine.commits(insert(0, f"{number} "))
        while (await theirs.until("remote_operation"))["version"] < ack["version"]:
            pass
        theirs.version = ack["version"]
    anchors = [
        (await Spec(login, spec_id).one(thread["threadId"]))["anchor"]
        for login in (ada, bob)
        for thread in made
    ]
    start = (await text_of(ada, spec_id)).index("quick")
    assert anchors == [{"start": start, "end": start + 5, "version": 21, "orphaned": False}] * 4
    one.close()
    other.close()


async def test_of_two_who_accept_at_once_one_does(team: Team) -> None:
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    for _ in range(5):
        spec_id = await ada.new_spec(TEXT)
        socket = await ada.joined(spec_id, features=FEATURES)
        made = await Spec(bob, spec_id).open(suggestion(*QUICK, 1, "slow"))
        path = f"api/specs/{spec_id}/threads/{made['threadId']}"
        answers = await asyncio.gather(
            *(login.fetch("PATCH", path, {"state": "accepted"}) for login in (ada, bob))
        )
        outcomes = sorted((each.code, json.loads(each.body).get("code")) for each in answers)
        assert outcomes == [(200, None), (409, "THREAD_CLOSED")]
        assert await text_of(bob, spec_id) == TEXT.replace("quick", "slow")
        operation = await socket.until("remote_operation")
        assert (operation["version"], operation["threadId"]) == (2, made["threadId"])
        assert (operation["authorName"], operation["userName"]) in (("Bob", "Ada"), ("Bob", "Bob"))
        assert (await threads_of(ada, spec_id))[0]["acceptedVersion"] == 2
        socket.close()


async def test_everybody_writes_at_once(team: Team) -> None:
    """No write is lost, each has its number, and ids are taken once on both servers together."""
    logins = [team.login(number % 2, name) for number, name in enumerate(("ada", "bob", "cleo", "dan"))]
    spec_id = await logins[0].new_spec(TEXT)
    sockets = [await login.joined(spec_id, features=FEATURES) for login in logins[:2]]
    bodies = [comment(*QUICK, 1, str(number)) for number in range(20)]
    shared = comment(*QUICK, 1, "the same")
    answers = await asyncio.gather(
        *(
            logins[number % 4].fetch("POST", f"api/specs/{spec_id}/threads", body)
            for number, body in enumerate(bodies)
        ),
        *(login.fetch("POST", f"api/specs/{spec_id}/threads", shared) for login in logins),
    )
    codes = [answer.code for answer in answers]
    assert codes[:20] == [201] * 20
    assert sorted(codes[20:]) == [201, 409, 409, 409]
    for socket in sockets:
        assert await told(socket, 21) == list(range(1, 22))
        socket.close()
    threads = await threads_of(logins[1], spec_id)
    assert sorted(thread["changed"] for thread in threads) == list(range(1, 22))
    assert {thread["threadId"] for thread in threads} == {body["threadId"] for body in (*bodies, shared)}


async def test_a_commenter_may_do_no_more_on_the_other_server(team: Team) -> None:
    ada, eve = team.login(0, "ada"), team.login(1, "eve")
    spec_id = await ada.new_spec(TEXT)
    await eve.call("GET", "api/specs")
    await Spec(ada, spec_id).role("eve", "commenter")
    theirs = Spec(eve, spec_id)
    made = await theirs.open(suggestion(*QUICK, 1, "slow"))
    place = f"threads/{made['threadId']}"
    assert await theirs.refused("PATCH", place, {"state": "accepted"}) == (403, "FORBIDDEN")
    await Spec(ada, spec_id).role("eve", "viewer")
    assert await theirs.refused("POST", "threads", comment(*QUICK, 1)) == (403, "FORBIDDEN")
    answer = {"messageId": new_id(), "body": "x"}
    assert await theirs.refused("POST", f"{place}/messages", answer) == (403, "FORBIDDEN")


async def test_while_redis_is_away_and_when_it_comes_back_empty(
    tmp_path: Path, postgres_url: str, redis: RedisServer
) -> None:
    """What Redis loses is found in the database."""
    with Team(tmp_path, postgres_url, redis.url()) as team:
        ada, bob = team.login(0, "ada"), team.login(1, "bob")
        spec_id = await ada.new_spec(TEXT)
        one = await ada.joined(spec_id, features=FEATURES)
        other = await bob.joined(spec_id, features=FEATURES)
        here, there = Spec(ada, spec_id), Spec(bob, spec_id)
        redis.kill()
        first = await here.open(comment(*QUICK, 1))
        assert await told(other, 1) == [1]
        offered = await there.open(suggestion(*QUICK, 1, "slow"))
        assert await told(one, 2) == [1, 2]
        await there.state(offered["threadId"], "accepted")
        operation = await one.until("remote_operation")
        assert (operation["version"], operation["threadId"]) == (2, offered["threadId"])
        assert await told(one, 3) == [3]
        await asyncio.to_thread(redis.start)
        await there.state(first["threadId"], "resolved")
        assert await told(one, 4) == [4]
        assert await told(other, 4) == [2, 3, 4]
        assert await threads_of(ada, spec_id) == await threads_of(bob, spec_id)
        one.close()
        other.close()
