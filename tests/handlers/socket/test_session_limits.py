"""The limits of sessions and users."""

from __future__ import annotations

import json

import pytest

from tests.handlers.logins import Login, Logins


async def test_the_limits_are_those_of_the_protocol_where_nothing_else_is_configured(
    ada: Login, logins: Logins
) -> None:
    """The limits count sessions on all transports; this test uses polling."""

    async def join(login: Login, spec_id: str) -> tuple[int, str | None]:
        response = await login.fetch("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
        return response.code, json.loads(response.body).get("code")

    specs = [await ada.new_spec() for _ in range(11)]
    for spec_id in specs[:9]:
        assert [await join(ada, spec_id) for _ in range(5)] == [(200, None)] * 5
        assert await join(ada, spec_id) == (429, "TOO_MANY_SESSIONS")
    assert [await join(ada, specs[9]) for _ in range(5)] == [(200, None)] * 5
    assert await join(ada, specs[10]) == (429, "TOO_MANY_SESSIONS")
    for number in range(50):
        assert await join(logins.of(f"user{number}", "User"), specs[10]) == (200, None)
    assert await join(logins.of("late", "Late"), specs[10]) == (429, "SPEC_FULL")
    assert await join(logins.of("user0", "User"), specs[10]) == (200, None)


class TestLimits:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"sessions_per_user": 2, "users_per_spec": 2, "sessions_per_user_in_all": 4}

    async def test_sessions_per_user_and_spec(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("text")
        tabs = [await ada.joined(spec_id) for _ in range(2)]
        assert tabs[0].welcome["limits"]["sessionsPerUser"] == 2
        third = await ada.socket(spec_id)
        await third.expect("connect")
        await third.send("join_session", specId=spec_id)
        assert (await third.expect("error"))["code"] == "TOO_MANY_SESSIONS"
        assert await third.closed() == 4429
        await bob.joined(spec_id)
        await tabs[0].send("leave_session", specId=spec_id)
        await tabs[0].nothing_more_but("user_joined")
        await ada.joined(spec_id)

    async def test_users_per_spec(self, ada: Login, bob: Login, logins: Logins) -> None:
        spec_id = await ada.new_spec("text")
        await ada.joined(spec_id)
        await bob.joined(spec_id)
        third = await logins.of("eve", "Eve").socket(spec_id)
        await third.expect("connect")
        await third.send("join_session", specId=spec_id)
        assert (await third.expect("error"))["code"] == "SPEC_FULL"
        assert await third.closed() == 4429
        await ada.joined(spec_id)  # another tab of a user who has joined

    async def test_sessions_per_user_in_all(self, ada: Login) -> None:
        specs = [await ada.new_spec("text", title=str(number)) for number in range(3)]
        tabs = [await ada.joined(spec_id) for spec_id in specs[:2] for _ in range(2)]
        fifth = await ada.socket(specs[2])
        await fifth.expect("connect")
        await fifth.send("join_session", specId=specs[2])
        assert (await fifth.expect("error"))["code"] == "TOO_MANY_SESSIONS"
        assert await fifth.closed() == 4429
        # Taking over one's own session is possible at the limit, because it adds no session.
        again = await ada.joined(specs[0], sessionId=tabs[0].welcome["sessionId"])
        assert again.welcome["sessionId"] == tabs[0].welcome["sessionId"]
        assert await tabs[0].closed() == 4409
