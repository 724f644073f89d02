"""A session: one connection of one user in one document, whatever carries it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.protocol.codec import encode


class Event:
    """An encoded event, and what a transport makes of it once for all its receivers."""

    __slots__ = ("frame", "payload")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.frame: bytes | None = None

    @classmethod
    def of(cls, name: str, data: dict[str, Any]) -> Event:
        """The event of this name, encoded."""
        return cls(encode(name, data))


class Outbox(Protocol):
    """Where the events of one connection go, in order. It never waits, and bounds what it holds.

    ``batch``: the client takes arrays of events.
    """

    batch: bool

    def send(self, event: Event) -> None:
        """Queue an event; dropped silently once closed."""

    def when_clear(self, act: Callable[[], None]) -> None:
        """Call ``act``, which sends much, now or once the client has taken what waits; never once closed."""

    def close(self, code: int, reason: str) -> None:
        """End the connection after what was queued."""


@dataclass(slots=True, eq=False)
class Session:
    """The state of one session; it outlives its connection by a while, to be resumed.

    ``role`` is the one that the client was told last. ``outbox`` is ``None`` while the connection is lost.
    ``sent_version`` is the version up to which everything was sent.
    """

    session_id: str
    caller: Caller
    role: Role
    outbox: Outbox | None
    cursor_event: str
    sent_version: int

    @property
    def user(self) -> User:
        """Whose session it is."""
        return self.caller.user

    def send(self, event: Event) -> None:
        """Send, if there is a connection."""
        if self.outbox is not None:
            self.outbox.send(event)

    def when_clear(self, act: Callable[[], None]) -> None:
        """Call ``act``, which sends much, once the connection has room for it."""
        if self.outbox is not None:
            self.outbox.when_clear(act)
