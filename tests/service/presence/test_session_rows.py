"""Session rows: one row a session, written no more often than documented, and deleted with the session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from jupyter_speccollab.service.presence import session_rows
from jupyter_speccollab.store.base import SessionRecord
from tests.service.faults import ADA, BOB, Act, Serve, Serving
from tests.service.live.test_documents import eventually


async def rows(server: Serving) -> dict[str, SessionRecord]:
    """The stored rows of the server's spec, by session."""
    return {row.session_id: row for row in await server.memory.sessions([server.spec_id])}


async def rows_are(server: Serving, *session_ids: str) -> None:
    await eventually(lambda: server.memory._sessions.keys() == set(session_ids))


def idle_for(server: Serving, seconds: float) -> SessionRecord:
    """A row of a server that died ``seconds`` ago."""
    moment = datetime.now(UTC) - timedelta(seconds=seconds)
    session_id = str(uuid4())
    return SessionRecord(
        session_id=session_id,
        spec_id=server.spec_id,
        user_id=BOB.user.user_id,
        user_name=BOB.user.name,
        socket_id=f"dead/{session_id}",
        joined_at=moment,
        last_activity=moment,
    )


async def test_a_row_comes_and_goes_with_its_session(serve: Serve) -> None:
    server = await serve()
    one, two = await server.client(ADA), await server.client(BOB)
    first, second = one.welcome["sessionId"], two.welcome["sessionId"]
    await rows_are(server, first, second)
    assert (await rows(server))[second].user_id == BOB.user.user_id
    await one.say("leave_session")
    await rows_are(server, second)
    await server.services.documents.close()
    await rows_are(server)


async def test_sessions_of_a_dead_server_are_not_listed_even_before_their_rows_are_deleted(
    serve: Serve,
) -> None:
    for seconds, there in ((20, ["Bob", "Ada"]), (30, ["Ada"])):
        server = await serve()
        await server.client(ADA)
        await server.memory.add_sessions([idle_for(server, seconds)])
        entry = await server.services.specs.get(ADA, server.spec_id)
        assert [row["userName"] for row in entry["activeUsers"]] == there


async def test_rows_that_another_server_deleted_are_written_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_rows, "TOUCH", 0.05)
    server = await serve()
    one, two = await server.client(ADA), await server.client(BOB)
    ids = one.welcome["sessionId"], two.welcome["sessionId"]
    await rows_are(server, *ids)
    await server.memory.remove_sessions(ids[:1])
    await rows_are(server, *ids)


async def test_cursors_and_activity_of_all_sessions_are_written_in_one_call(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session_rows.TOUCH == 10
    monkeypatch.setattr(session_rows, "TOUCH", 0.1)
    server = await serve()
    written: list[list[SessionRecord]] = []

    async def noted(act: Act) -> Any:
        await act()
        written.append(list((await rows(server)).values()))

    server.store.fail("touch_sessions", *[noted] * 1_000)
    one, two = await server.client(ADA), await server.client(BOB)
    await rows_are(server, one.welcome["sessionId"], two.welcome["sessionId"])
    before = await rows(server)
    for column in range(5):
        for client in (one, two):
            await client.say("cursor_update", cursor={"line": 0, "column": column})
    assert await rows(server) == before
    await eventually(lambda: any(row.cursor_position for found in written for row in found))
    first = next(found for found in written if any(row.cursor_position for row in found))
    assert [row.cursor_position for row in first] == [{"line": 0, "column": 4, "selection": None}] * 2
    assert all(row.last_activity > before[row.session_id].last_activity for row in first)


async def test_rows_of_a_dead_server_are_deleted_at_the_start(serve: Serve) -> None:
    server = await serve()
    one = await server.client(ADA)
    dead, alive = idle_for(server, 46), idle_for(server, 30)
    await server.memory.add_sessions([dead, alive])
    await rows_are(server, one.welcome["sessionId"], dead.session_id, alive.session_id)
    await server.another()
    await rows_are(server, one.welcome["sessionId"], alive.session_id)


async def test_rows_of_a_dead_server_are_deleted_periodically(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session_rows.SWEEP == 60
    monkeypatch.setattr(session_rows, "SWEEP", 0.02)
    server = await serve()
    await server.memory.add_sessions([idle_for(server, 46)])
    await rows_are(server)
