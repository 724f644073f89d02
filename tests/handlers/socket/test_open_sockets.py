"""Open WebSockets: counted from the handshake, limited, and closed if they never join."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from jupyter_speccollab.service.sessions import open_sockets
from tests.handlers.logins import Login, Logins, Socket


async def refusal_of(socket: Socket) -> tuple[str, int | None]:
    """The code of the error and the close code of a WebSocket that has to be refused."""
    error = await socket.expect("error")
    assert error["message"]
    return error["code"], await socket.closed()


async def open_without_joining(login: Login, spec_id: str, count: int) -> list[Socket]:
    opened = [await login.socket(spec_id) for _ in range(count)]
    for socket in opened:
        await socket.expect("connect")
    return opened


class TestAUsersLimit:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"sessions_per_user_in_all": 4, "sessions_per_user": 4}

    async def test_counts_sockets_that_have_not_joined(
        self, ada: Login, bob: Login, caplog: pytest.LogCaptureFixture
    ) -> None:
        spec_id = await ada.new_spec("text")
        with caplog.at_level(logging.INFO, open_sockets.__name__):
            opened = await open_without_joining(ada, spec_id, 4)
            for _ in range(5):
                assert await refusal_of(await ada.socket(spec_id)) == ("TOO_MANY_SESSIONS", 4429)
            await bob.joined(spec_id)  # another user's limit is their own
            await ada.call("GET", f"api/specs/{spec_id}")
            assert levels(caplog) == ["WARNING"]
            opened[0].close()
            await opened[0].closed()
            await until(lambda: levels(caplog) == ["WARNING", "INFO"])
            assert "5 were refused" in caplog.text
        for socket in opened[1:]:  # each may join: it is counted already
            await socket.send("join_session", specId=spec_id)
            await socket.expect("session_joined")

    async def test_polling_counts_them_too(self, ada: Login) -> None:
        spec_id = await ada.new_spec("text")
        await open_without_joining(ada, spec_id, 4)
        joined = await ada.refused("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
        assert joined == (429, "TOO_MANY_SESSIONS")

    async def test_a_session_can_be_taken_over_at_the_limit(self, ada: Login) -> None:
        """A page whose network has gone connects again while the server still holds its old sockets for open."""
        spec_id = await ada.new_spec("text")
        tabs = [await ada.joined(spec_id) for _ in range(4)]
        for tab in tabs:
            again = await ada.joined(spec_id, sessionId=tab.welcome["sessionId"])
            assert again.welcome["sessionId"] == tab.welcome["sessionId"]
            assert await tab.closed() == 4409
        late = await ada.socket(spec_id)
        await late.expect("connect")
        await late.send("join_session", specId=spec_id)
        assert await refusal_of(late) == ("TOO_MANY_SESSIONS", 4429)

    async def test_a_session_that_was_left_is_an_open_socket(self, ada: Login) -> None:
        spec_id = await ada.new_spec("text")
        tabs = [await ada.joined(spec_id) for _ in range(4)]
        for tab in tabs:
            await tab.send("leave_session", specId=spec_id)
            await tab.nothing_more_but("remote_cursor")
        assert await refusal_of(await ada.socket(spec_id)) == ("TOO_MANY_SESSIONS", 4429)
        await tabs[0].send("join_session", specId=spec_id)
        await tabs[0].expect("session_joined")


class TestTheServersLimit:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"sockets_per_server": 6, "default_role": "viewer"}

    async def test_is_told_with_a_reason_and_logged_once(
        self, ada: Login, logins: Logins, caplog: pytest.LogCaptureFixture
    ) -> None:
        spec_id = await ada.new_spec("text")
        with caplog.at_level(logging.INFO, open_sockets.__name__):
            opened = [await logins.of(f"user{number}", "User").joined(spec_id) for number in range(6)]
            for _ in range(5):
                socket = await ada.socket(spec_id)
                assert (await socket.expect("error"))["message"].startswith(
                    "This server has 6 open connections"
                )
                assert await socket.closed() == 1013
            assert levels(caplog) == ["WARNING"]
            await ada.call("GET", f"api/specs/{spec_id}")
            opened[0].close()
            await opened[0].closed()
            await until(lambda: levels(caplog) == ["WARNING", "INFO"])
        await ada.joined(spec_id)

    @pytest.mark.parametrize("query", ["", "?token=wrong"])
    async def test_sockets_without_a_login_take_nobodys_place(
        self, ada: Login, logins: Logins, query: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They get their error and are closed, beyond `MAX_REFUSED` without waiting for their answer."""
        monkeypatch.setattr(open_sockets, "MAX_REFUSED", 3)
        spec_id = await ada.new_spec("text")
        strangers = []
        for _ in range(10):
            stranger = await logins.stranger().socket(spec_id, query=query)
            assert (await stranger.expect("error"))["code"] == "UNAUTHENTICATED"
            strangers.append(stranger)
        for number in range(6):
            await logins.of(f"user{number}", "User").joined(spec_id)
        for stranger in strangers:
            assert await stranger.closed() == 4401


class TestNeverJoined:
    async def test_is_closed_with_4408(self, ada: Login, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(open_sockets, "JOIN_WITHIN", 0.2)
        spec_id = await ada.new_spec("text")
        joined = await ada.joined(spec_id)
        (silent, talking) = await open_without_joining(ada, spec_id, 2)
        await talking.send("ping")
        await talking.expect("pong")
        assert await silent.closed() == 4408
        assert await talking.closed() == 4408
        await joined.nothing_more()  # a socket with a session stays
        await joined.send("leave_session", specId=spec_id)
        assert await joined.closed() == 4408

    async def test_a_socket_that_was_closed_counts_no_more(self, ada: Login) -> None:
        spec_id = await ada.new_spec("text")
        for _ in range(60):
            (socket,) = await open_without_joining(ada, spec_id, 1)
            socket.close()
            await socket.closed()


def levels(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.levelname for record in caplog.records if record.name == open_sockets.__name__]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 (a log has no event)
            await asyncio.sleep(0.01)
