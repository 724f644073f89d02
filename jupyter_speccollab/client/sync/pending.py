"""Pending: the client's edits that the server has not acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from jupyter_speccollab.text import Operation, compose, normalise, transform


@dataclass(frozen=True, slots=True)
class Outstanding:
    """The one operation in flight.

    ``frame`` was sent, and is sent again unchanged unless the server asks for another base version. ``size`` is
    the size of its data as the protocol counts it, ``base_version`` the version that it was made on.
    ``operation`` is the same edit, transformed over the operations that were received since.
    """

    operation_id: str
    frame: bytes
    size: int
    base_version: int
    operation: Operation


@dataclass(frozen=True, slots=True)
class Pending:
    """The outstanding operation and the buffer over it: a value, replaced by each transition.

    ::

                        edited              sent
        synchronised ----------> buffering ------> awaiting
             ^                       ^                |
             |      acknowledged     | refused        | edited
             +-----------------------+----------------+
                                     |                v
                                     +----- awaiting with buffer

    Law (``test_pending.py``): the committed text after ``outstanding.operation`` and then ``buffer`` is the
    text that the client shows, before and after every transition. Follows ot.js ``lib/client.js``; differs in
    that a buffer may wait while nothing is in flight, because of the rate or a lost connection.
    """

    outstanding: Outstanding | None = None
    buffer: Operation | None = None

    @property
    def is_synchronised(self) -> bool:
        """Whether the server has everything."""
        return self.outstanding is None and self.buffer is None

    def edited(self, operation: Operation) -> Pending:
        """The client edited: ``operation`` is over the text that it shows."""
        composed = operation if self.buffer is None else compose(self.buffer, operation)
        return replace(self, buffer=_buffer_of(composed))

    def received(self, remote: Operation) -> tuple[Pending, Operation]:
        """Another user's operation was committed. Returns what is pending now, and the change of the shown text.

        ::

                      remote
            committed ------> committed'
                |                 |
            outstanding           | outstanding'    ours has priority left: it is the later one
                v                 v
                +---------------->+
                |                 |
              buffer              | buffer'         left again
                v                 v
               text -----------> text'
                     applied

        ``remote`` is in normal form. Both paths around each diamond give the same text (``test_pending.py``).
        """
        outstanding, buffer = self.outstanding, self.buffer
        if outstanding is not None:
            ours, remote = _crossed(outstanding.operation, remote)
            outstanding = replace(outstanding, operation=ours)
        if buffer is not None:
            ours, remote = _crossed(buffer, remote)
            buffer = _buffer_of(ours)
        return Pending(outstanding, buffer), remote

    def sent(self, outstanding: Outstanding, rest: Operation | None) -> Pending:
        """The first part of the buffer is in flight and ``rest`` stays; composed, they are the whole buffer."""
        assert self.outstanding is None, "one operation is in flight at a time"
        return Pending(outstanding, None if rest is None else _buffer_of(rest))

    def acknowledged(self) -> Pending:
        """The outstanding operation was committed."""
        return Pending(None, self.buffer)

    def refused(self) -> Pending:
        """The outstanding operation was not committed: it goes back to the head of the buffer."""
        unsent = self.unsent
        return Pending(None, None if unsent is None else _buffer_of(unsent))

    @property
    def unsent(self) -> Operation | None:
        """Everything pending as one operation over the committed text; ``None`` if nothing is."""
        if self.outstanding is None:
            return self.buffer
        if self.buffer is None:
            return self.outstanding.operation
        return compose(self.outstanding.operation, self.buffer)


SYNCHRONISED: Final = Pending()
"""Nothing is pending."""


def _crossed(ours: Operation, remote: Operation) -> tuple[Operation, Operation]:
    return normalise(transform(ours, remote, "left")), normalise(transform(remote, ours, "right"))


def _buffer_of(operation: Operation) -> Operation | None:
    """``operation`` in normal form; ``None`` if edits have cancelled each other out."""
    normal = normalise(operation)
    return None if normal.is_empty else normal
