"""Answers that a client seldom gets, each by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch

from jupyter_speccollab.client import session
from jupyter_speccollab.client.session import Session
from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.client.transport import ABNORMAL, Event
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.text import Operation

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


def test_a_conflict_of_an_earlier_sending_is_passed_over() -> None:
    """What was sent again after a conflict is another text: an ack of it must not be taken for one of a third."""
    sent: list[dict[str, Any]] = []
    exchange = Exchange(lambda frame: sent.append(json.loads(frame)["data"]), lambda change: None)
    exchange.writable = True
    exchange.joined(WELCOME[1], now=0.0)
    exchange.edit(Operation.of("mine"))
    exchange.pump(now=1.0)
    theirs = {"operationId": "theirs", "version": 1, "operations": [{"type": "insert", "content": "x"}]}
    exchange.receive("remote_operation", theirs, now=2.0)
    conflict = {"operationId": sent[0]["operationId"], "expectedVersion": 0, "conflictingOperations": []}
    exchange.receive("version_conflict", {**conflict, "currentVersion": 1}, now=3.0)
    exchange.pump(now=4.0)
    exchange.edit(Operation.of("more "))
    exchange.receive(
        "version_conflict", {**conflict, "currentVersion": 1}, now=5.0
    )  # of a repeat of the first
    exchange.pump(now=6.0)
    exchange.receive("operation_ack", {**sent[1], "version": 2, "success": True}, now=7.0)
    exchange.pump(now=8.0)
    assert exchange.replica is not None
    assert str(exchange.replica.committed) == "minex"
    assert [one["operations"][0]["content"] for one in sent] == ["mine", "mine", "more "]


def test_a_text_that_could_not_be_had_is_asked_for_again() -> None:
    sent: list[dict[str, Any]] = []
    exchange = Exchange(lambda frame: sent.append(json.loads(frame)), lambda change: None)
    exchange.joined(WELCOME[1], now=0.0)
    theirs = {"operationId": "theirs", "version": 2, "operations": []}
    exchange.receive("remote_operation", theirs, now=1.0)  # version 1 is missing
    exchange.receive("remote_operation", {**theirs, "version": 3}, now=1.5)
    assert [one["event"] for one in sent] == ["request_sync"]
    exchange.receive(*AWAY, now=2.0)
    assert exchange.pump(now=3.0) == 1.0
    exchange.pump(now=4.0)
    assert [one["event"] for one in sent] == ["request_sync", "request_sync"]
    exchange.receive("sync", {"version": 3, "epoch": "", "content": "there"}, now=5.0)
    assert exchange.replica is not None
    assert (str(exchange.replica.text), exchange.pump(now=60.0)) == ("there", None)


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


def test_a_joining_that_is_refused_for_now_is_tried_again() -> None:
    loop = VirtualLoop()
    script = Script((WELCOME, True), (AWAY, False), (WELCOME, False))

    async def play() -> bool:
        nothing: Any = None
        client = Session(nothing, SPEC_ID, lambda: None, lambda change: None)
        await asyncio.sleep(60)
        return client.is_connected

    with patch.object(session, "Transport", script):
        try:
            assert loop.run_until_complete(play())
        finally:
            loop.finish()
