"""What a client does where the server can't let it in again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch

import pytest

from jupyter_speccollab.client import link
from jupyter_speccollab.client.connection import ABNORMAL, Event
from jupyter_speccollab.client.link import Link
from jupyter_speccollab.document.limits import Limits

from .loop import VirtualLoop
from .server import SPEC_ID

WELCOME: Event = (
    "session_joined",
    {
        "specId": SPEC_ID,
        "sessionId": "",
        "epoch": "",
        "version": 0,
        "content": "",
        "role": "contributor",
        "activeUsers": [],
        "limits": Limits().to_wire(),
    },
)
AWAY: Event = ("error", {"code": "STORE_UNAVAILABLE", "message": "The database is away.", "requestId": ""})


class Script:
    """A server that says one thing on each connection, which stays open after it unless it ``breaks``."""

    def __init__(self, *lines: tuple[Event, bool]) -> None:
        self.lines = list(lines)

    async def open(self, server: object, spec_id: str) -> Said:
        """The next connection."""
        return Said(*self.lines.pop(0))


class Said:
    """A connection of a `Script`."""

    close_code = ABNORMAL

    def __init__(self, event: Event, breaks: bool) -> None:
        self._event = event
        self._closed = asyncio.Event()
        if breaks:
            self._closed.set()

    def send(self, frame: bytes) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """End `events`."""
        self._closed.set()

    async def events(self) -> AsyncIterator[Event]:
        """One event, then silence."""
        yield self._event
        await self._closed.wait()


@pytest.mark.xfail(reason="the client waits for ever on a connection whose joining was refused")
def test_a_joining_that_is_refused_for_now_is_tried_again() -> None:
    loop = VirtualLoop()
    script = Script((WELCOME, True), (AWAY, False), (WELCOME, False))

    async def play() -> bool:
        nothing: Any = None
        client = Link(nothing, SPEC_ID, lambda: None, lambda change: None)
        await asyncio.sleep(60)
        return client.is_connected

    with patch.object(link, "Connection", script):
        try:
            assert loop.run_until_complete(play())
        finally:
            loop.finish()
