"""A client that does not read: the server closes its connection, nobody waits for it, and it can resume."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_speccollab.handlers.socket.outbox import SocketOutbox
from tests.handlers.logins import Login, Socket, applied, delete, insert

BACKLOG = 1_000_000
LARGE = 200_000
EDITS = 400
"""Enough edits, 40 MB for each reader, to fill the buffers of the operating system."""


@pytest.fixture
def speccollab_config() -> dict[str, object]:
    return {"operations_per_minute": 100_000, "operation_length": 400_000, "frame_bytes": 1_000_000}


@pytest.fixture
def closings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The codes of closed connections. The backlog is small, because the system's buffers are large."""
    codes: list[int] = []
    close = SocketOutbox.close

    def noting(self: SocketOutbox, code: int, reason: str) -> None:
        codes.append(code)
        close(self, code, reason)

    monkeypatch.setattr("jupyter_speccollab.handlers.socket.outbox.BACKLOG", BACKLOG)
    monkeypatch.setattr(SocketOutbox, "close", noting)
    return codes


async def follow(one: Socket, until: int) -> None:
    while one.version < until:
        one.version = (await one.until("remote_operation"))["version"]


async def test_a_slow_reader_delays_nobody_and_comes_back(
    ada: Login, bob: Login, closings: list[int]
) -> None:
    spec_id = await ada.new_spec("")
    slow = await bob.joined(spec_id)
    writer, reader = await ada.joined(spec_id), await ada.joined(spec_id)
    edits = 0
    while not closings and edits < EDITS:  # the slow one never reads: who waited for it would wait for ever
        await writer.commits(insert(0, "x" * LARGE) if edits % 2 == 0 else delete(0, LARGE))
        edits += 1
        await follow(reader, writer.version)
    assert closings == [4008]
    heard = await _heard(slow)
    assert slow.connection.close_code == 4008
    assert len(heard) < edits
    assert [event["version"] for event in heard] == list(range(1, len(heard) + 1))
    again = await bob.joined(spec_id, lastKnownVersion=len(heard), epoch=slow.welcome["epoch"])
    text = ""
    for event in heard:
        text = applied(text, event["operations"])
    for entry in again.welcome.get("operations", []):
        text = applied(text, entry["operations"])
    assert again.welcome.get("content", text) == ("x" * LARGE if edits % 2 else "")
    assert again.version == edits


async def _heard(one: Socket) -> list[dict[str, Any]]:
    """The operations received before the connection was closed."""
    heard = []
    while (event := await one.event()) is not None:
        if event["event"] == "remote_operation":
            heard.append(event["data"])
    return heard
