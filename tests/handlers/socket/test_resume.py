"""Sessions that a client resumes after a lost connection."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.handlers.logins import Login, Socket, insert


async def resumed(login: Login, socket: Socket, **data: Any) -> Socket:
    """A new connection that resumes the session of ``socket``."""
    return await login.joined(
        socket.spec_id,
        **{
            "lastKnownVersion": socket.version,
            "epoch": socket.welcome["epoch"],
            "sessionId": socket.welcome["sessionId"],
            **data,
        },
    )


async def test_a_lost_session_is_resumed_and_nobody_notices(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    two.connection.protocol.stream.close()  # type: ignore[union-attr]
    await one.commits(insert(4, "!"))
    await one.commits(insert(5, "?"))
    back = await resumed(bob, two)
    assert back.welcome["sessionId"] == two.welcome["sessionId"]
    assert back.welcome["version"] == 3
    assert "content" not in back.welcome
    entries = back.welcome["operations"]
    assert [(entry["version"], entry["operations"]) for entry in entries] == [
        (2, [insert(4, "!")]),
        (3, [insert(5, "?")]),
    ]
    assert entries[0].keys() == {
        "operationId", "userId", "userName", "sessionId", "version", "operations", "timestamp",
    }  # fmt: skip
    assert len(back.welcome["activeUsers"]) == 2
    await one.nothing_more()
    await one.commits(insert(0, "-"))
    assert (await back.expect("remote_operation"))["version"] == 4


async def test_what_was_in_flight_is_met_in_the_stream_and_by_its_repeat(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    operation_id = await two.edit(insert(4, "!"), version=1)
    assert (await one.until("remote_operation"))["operationId"] == operation_id
    two.connection.protocol.stream.close()  # type: ignore[union-attr]
    back = await resumed(bob, two)
    (entry,) = back.welcome["operations"]
    assert (entry["operationId"], entry["version"]) == (operation_id, 2)
    again = await back.commits(insert(4, "!"), version=1, operationId=operation_id)
    assert again["version"] == 2
    await one.nothing_more()


async def test_a_half_open_socket_is_taken_over_and_closed_with_4409(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    back = await resumed(bob, two)
    assert back.welcome["sessionId"] == two.welcome["sessionId"]
    assert back.welcome["operations"] == []
    assert await two.closed() == 4409
    await one.nothing_more()
    await back.commits(insert(0, "x"), version=1)
    assert (await one.expect("remote_operation"))["sessionId"] == two.welcome["sessionId"]
    await one.nothing_more()
    # The closed client can join again with a new session.
    third = await bob.joined(spec_id)
    assert third.welcome["sessionId"] != two.welcome["sessionId"]
    await one.nothing_more()


async def test_foreign_and_unknown_sessions_are_ignored(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    other = await ada.joined(await ada.new_spec("other", title="other"))
    for session_id in (
        one.welcome["sessionId"],
        str(uuid4()),
        "nonsense",
        "",
        other.welcome["sessionId"],
        None,
    ):
        two = await bob.joined(spec_id, sessionId=session_id)
        assert two.welcome["sessionId"] != session_id
        await two.send("leave_session", specId=spec_id)
        await two.nothing_more()
    # A session of the same user, but in another spec.
    mine = await ada.joined(spec_id, sessionId=other.welcome["sessionId"])
    assert mine.welcome["sessionId"] not in (one.welcome["sessionId"], other.welcome["sessionId"])
    await one.nothing_more_but("user_joined", "user_left")
    await other.nothing_more()


async def test_another_epoch_or_a_version_ahead_is_answered_with_content(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    epoch = one.welcome["epoch"]
    for known, named in ((1, str(uuid4())), (0, ""), (2, epoch), (10**15, epoch), (1, "nonsense")):
        back = await ada.joined(
            spec_id, lastKnownVersion=known, epoch=named, sessionId=one.welcome["sessionId"]
        )
        assert "operations" not in back.welcome, (known, named)
        assert (back.welcome["version"], back.welcome["content"]) == (1, "text")
    back = await ada.joined(spec_id, lastKnownVersion=0, epoch=epoch)
    assert [entry["operations"] for entry in back.welcome["operations"]] == [[insert(0, "text")]]


class TestLinger:
    SECONDS = 4.0
    """Shorter than the product's, and longer than a busy machine takes for what a test does meanwhile."""

    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("jupyter_speccollab.service.presence.attendance.LINGER", self.SECONDS)

    async def test_a_lost_session_stays_listed_for_a_while(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        two.close()
        assert len((await ada.joined(spec_id)).welcome["activeUsers"]) == 2
        assert len((await ada.call("GET", f"api/specs/{spec_id}/document"))["activeCollaborators"]) == 2
        await one.nothing_more()
        left = await one.expect("user_left")
        assert left["userId"] == two.me["userId"]
        assert len(left["activeUsers"]) == 1
        assert len((await ada.call("GET", f"api/specs/{spec_id}/document"))["activeCollaborators"]) == 1
        back = await resumed(bob, two)
        assert (
            back.welcome["sessionId"] != two.welcome["sessionId"]
        )  # the session has ended, but the text need not be sent again
        assert back.welcome["operations"] == []

    async def test_a_resumed_session_lingers_no_longer(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        two.close()
        await two.closed()
        back = await resumed(bob, two)
        await asyncio.sleep(self.SECONDS + 0.2)
        await one.nothing_more()
        await back.commits(insert(0, "x"), version=1)

    async def test_a_taken_over_socket_that_closes_takes_nothing_with_it(
        self, ada: Login, bob: Login
    ) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        back = await resumed(bob, two)
        assert await two.closed() == 4409
        await asyncio.sleep(self.SECONDS + 0.2)
        await one.nothing_more()
        await back.commits(insert(0, "x"), version=1)


class TestSessionCount:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"sessions_per_user": 1}

    async def test_a_session_without_a_connection_does_not_count(self, ada: Login) -> None:
        spec_id = await ada.new_spec("text")
        one = await ada.joined(spec_id)
        two = await resumed(ada, one)
        assert await one.closed() == 4409
        two.close()
        await two.closed()
        await ada.joined(spec_id)
