"""Scripts that the TypeScript client plays too: the same inputs, the same frames and texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil
from typing import Any

import pytest

from jupyter_speccollab.client.link import Link
from jupyter_speccollab.client.session import WRITERS
from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.text import from_wire
from tests.text.vectors import VECTORS, read

SCRIPTS = read(VECTORS / "sync.jsonl")

INSTANT = 1e-6
"""Seconds that are less than any wait."""


def scripts(machine: str) -> list[Any]:
    """The scripts of one state machine, named as in the file."""
    return [pytest.param(script, id=script["name"]) for script in SCRIPTS if script["machine"] == machine]


@pytest.mark.parametrize("script", scripts("document"))
def test_document(script: Mapping[str, Any]) -> None:
    player, state = DocumentPlayer(), dict[str, Any]()
    for number, step in enumerate(script["steps"]):
        player.play(step)
        state |= {"out": [], "abandoned": False} | {key: step[key] for key in step if key in player.shown}
        compared = ("out", "failed") if state["failed"] == "FORBIDDEN" else tuple(state)
        assert {key: player.shown[key] for key in compared} == {key: state[key] for key in compared}, number


@pytest.mark.parametrize("script", scripts("connection"))
def test_connection(script: Mapping[str, Any]) -> None:
    player, ended = ConnectionPlayer(), None
    for number, step in enumerate(script["steps"]):
        player.play(step)
        ended = step.get("ended", ended)
        assert (player.out, player.ended) == (step.get("out", []), ended), number


class DocumentPlayer:
    """An exchange on a clock of its own, in milliseconds; ``out`` and ``abandoned`` are those of the last step."""

    def __init__(self) -> None:
        self.now = 0
        self.out: list[Any] = []
        self.abandoned = False
        self._ids = 0
        self._wait: float | None = None
        self._exchange = Exchange(self._send, lambda change: None, self._new_id, self._abandon)

    def play(self, step: Mapping[str, Any]) -> None:
        """Give the exchange the input of one step."""
        self.out, self.abandoned = [], False
        match step:
            case {"joined": data}:
                self._exchange.writable = data["role"] in WRITERS
                self._exchange.joined(data, self._seconds)
            case {"disconnected": _}:
                self._exchange.disconnected()
            case {"edit": components}:
                replica = self._exchange.replica
                assert replica is not None
                self._exchange.edit(from_wire(components, len(replica.text)))
                self._exchange.cursor = None
            case {"event": "role_changed", "data": data}:
                self._exchange.writable = data["role"] in WRITERS
            case {"event": event, "data": data}:
                self._exchange.receive(event, data, self._seconds)
            case {"after": milliseconds}:
                self._pass(self.now + milliseconds)
        self._pump()

    @property
    def shown(self) -> dict[str, Any]:
        """All that a step may state."""
        replica = self._exchange.replica
        assert replica is not None
        failure = self._exchange.failure
        return {
            "out": self.out,
            "abandoned": self.abandoned,
            "text": str(replica.text),
            "committed": str(replica.committed),
            "version": replica.version,
            "pending": _kind(replica.pending.outstanding is not None, replica.pending.buffer is not None),
            "recovering": self._exchange.is_recovering,
            "failed": None if failure is None else failure.code,
        }

    @property
    def _seconds(self) -> float:
        return self.now / 1000

    def _pass(self, until: int) -> None:
        while (due := _due(self.now, self._wait)) is not None and due <= until:
            self.now = due
            self._pump()
        self.now = until

    def _pump(self) -> None:
        self._wait = _pumped(self._exchange, self._seconds)

    def _send(self, frame: bytes) -> None:
        self.out.append(json.loads(frame))

    def _abandon(self) -> None:
        self.abandoned = True

    def _new_id(self) -> str:
        self._ids += 1
        return f"op-{self._ids}"


class ConnectionPlayer:
    """A link on a clock of its own, in milliseconds; ``out`` is what it did in the last step, and when."""

    def __init__(self) -> None:
        self.now = 0
        self.out: list[Any] = []
        self.ended: str | None = None
        self._link = Link(self, chance=lambda: 0.5)

    def play(self, step: Mapping[str, Any]) -> None:
        """Give the link the input of one step."""
        self.out = []
        match step:
            case {"start": _}:
                self._link.start(self._seconds)
            case {"opened": _}:
                self._link.opened(self._seconds)
            case {"joined": _}:
                self._link.joined(self._seconds)
            case {"closed": code}:
                self._link.lost(code, None, self._seconds)
            case {"after": milliseconds}:
                self._pass(self.now + milliseconds)

    def open(self) -> None:
        """A connection is opened."""
        self.out.append([self.now, "open"])

    def join(self) -> None:
        """The session is joined."""
        self.out.append([self.now, "join"])

    def give_up(self) -> None:
        """The connection is dropped."""
        self.out.append([self.now, "give_up"])

    def end(self, error: SpecCollabError) -> None:
        """No further connection is opened."""
        self.ended = error.code

    @property
    def _seconds(self) -> float:
        return self.now / 1000

    def _pass(self, until: int) -> None:
        while (due := _due(self.now, _pumped(self._link, self._seconds))) is not None and due <= until:
            self.now = due
        self.now = until


def _pumped(machine: Exchange | Link, seconds: float) -> float | None:
    """Do what is due at this moment; what a rounding error puts a little later is due too."""
    wait = machine.pump(seconds)
    return machine.pump(seconds + INSTANT) if wait is not None and wait < INSTANT else wait


def _due(now: int, wait: float | None) -> int | None:
    """The millisecond in which a wait of so many seconds is over."""
    return None if wait is None else now + max(1, ceil((wait - INSTANT) * 1000))


def _kind(is_outstanding: bool, has_buffer: bool) -> str:
    if is_outstanding:
        return "awaitingWithBuffer" if has_buffer else "awaiting"
    return "buffering" if has_buffer else "synchronised"
