"""A session: one connection of one user in one document, by WebSocket or polling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.protocol.codec import encode


class Event:
    """An encoded event. ``frame`` is what a transport makes of it, once for all receivers."""

    __slots__ = ("frame", "payload")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.frame: bytes | None = None

    @classmethod
    def of(cls, name: str, data: dict[str, Any]) -> Event:
        """Encode an event."""
        return cls(encode(name, data))


class Outbox(Protocol):
    """Sends the events of one connection, in order. No method waits, and what is queued is bounded.

    ``batch``: the client takes arrays of events.
    """

    batch: bool

    def send(self, event: Event) -> None:
        """Queue an event; after `close` it is dropped."""

    def when_clear(self, act: Callable[[], None]) -> None:
        """Call ``act``, which sends a large event, when little is waiting; after `close` it is never called."""

    def close(self, code: int, reason: str) -> None:
        """Close the connection after the queued events were sent."""


@dataclass(slots=True, eq=False)
class Session:
    """The state of one session. It stays for a while after its connection is lost, to be resumed.

    ``role`` is the one that the client was told last. ``outbox`` is ``None`` while the connection is lost.
    ``sent_version`` is the version up to which everything was sent. ``features`` are the parts of the protocol
    whose events the client takes. ``drafts`` counts the drafts that came from it.
    """

    session_id: str
    caller: Caller
    role: Role
    outbox: Outbox | None
    cursor_event: str
    sent_version: int
    features: frozenset[str] = frozenset()
    drafts: int = 0

    @property
    def user(self) -> User:
        """The user of the session."""
        return self.caller.user

    def send(self, event: Event) -> None:
        """Send an event, if there is a connection."""
        if self.outbox is not None:
            self.outbox.send(event)

    def when_clear(self, act: Callable[[], None]) -> None:
        """Call ``act``, which sends a large event, once the connection has room for it."""
        if self.outbox is not None:
            self.outbox.when_clear(act)
