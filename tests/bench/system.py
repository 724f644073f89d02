"""What the bench runs: a server, and people who join its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from tests.bench.load import Recorder, Typist


class System(Protocol):
    """A server of one kind on ``127.0.0.1``, with whatever it stores in.

    ``durable`` says whether it means an acknowledged edit to survive SIGKILL, ``keeps`` whether a document outlives
    the server at all. `start` and `stop` block, and leave
    documents where they are; `close` ends everything.
    """

    name: str
    durable: bool
    keeps: bool

    def start(self) -> None:
        """Start it and wait until it answers. Raises `NotHere` where it can't be had."""

    def stop(self) -> None:
        """Shut it down as an operating system does."""

    def kill(self) -> None:
        """SIGKILL."""

    def close(self) -> None:
        """End it, and its database."""

    def versions(self) -> Mapping[str, str]:
        """Of what it consists."""

    def pids(self) -> Sequence[int]:
        """Its processes."""

    def database_pids(self) -> Sequence[int]:
        """Those of the database and of whatever else stands beside it."""

    def disk_bytes(self) -> int:
        """What it has stored; 0 where it stores nothing."""

    async def new_document(self, text: str) -> str:
        """Make a document; returns what names it."""

    async def join(self, document: str, number: int, recorder: Recorder) -> Typist:
        """The person of this number opens it."""

    def rebuilt(self, first: str, watchers: Sequence[Typist]) -> str | None:
        """The text that comes of ``first`` by what two people saw; ``None`` where the system has no text."""


class NotHere(Exception):
    """The system can't be installed or started on this machine; the message says why."""
