"""Catching up: sends a client what it missed, as a list of operations if that is short, else as the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Raw

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.protocol.codec import encode_body
from jupyter_speccollab.protocol.events import remote_operation
from jupyter_speccollab.service.time_slice import TimeSlice
from jupyter_speccollab.store.base import OperationsFolded, Store
from jupyter_speccollab.text import Text

OPERATIONS: Final = 1_000
"""How many operations a list may hold."""

LIST_BYTES: Final = 4 * 1024 * 1024
"""How long a list may be, in bytes of JSON as it is sent."""

LOG_BYTES: Final = 4 * LIST_BYTES
"""How much of the log is read for a list. The log also holds the deleted text, which is not sent."""

LONG: Final = 100_000
"""Length, in code points, from which the encoded text is kept for the next client that needs it."""


class CatchUp:
    """Builds the answers that bring the clients of one document up to date.

    `read_log` reads operations from before the document's window and encodes what a list needs, and may wait.
    `since` and `state` then answer at once, so that no broadcast can come between the state that they describe and
    the sending of it.
    """

    def __init__(self, document: Document, store: Store) -> None:
        self._document = document
        self._store = store
        self._encoded: tuple[Text, Raw] | None = None
        self._entries: dict[int, Raw] = {}
        self._entry_bytes = 0

    async def read_log(self, version: int | None) -> Sequence[CommittedOperation]:
        """The operations between ``version`` and the window, if they are stored and few enough to send."""
        start = self._document.window.start
        if version is None or not 0 <= self._document.version - version <= OPERATIONS:
            return ()
        if version >= start:
            await self._encode(self._document.window.since(version) or ())
            return ()
        try:
            log = await self._store.operations(
                self._document.spec_id, version, until=start, most_bytes=LOG_BYTES
            )
        except OperationsFolded:
            return ()
        if not log or log[-1].version < start:
            return ()
        await self._encode(log)
        await self._encode(self._document.window.since(log[-1].version) or ())
        return log

    async def _encode(self, operations: Sequence[CommittedOperation]) -> None:
        """Encode entries of a list, as far as they fit, in slices; those after them are not needed."""
        left, work = LIST_BYTES, TimeSlice()
        for committed in operations:
            entry = self._entry(committed, left)
            if entry is None:
                return
            left -= len(entry)
            await work.spend(len(committed.components))

    def since(self, version: int, log: Sequence[CommittedOperation]) -> list[Raw] | None:
        """The list of operations after ``version``, from ``log`` and the window; ``None`` if it can't be sent."""
        if not 0 <= self._document.version - version <= OPERATIONS:
            return None
        recent = self._document.window.since(log[-1].version if log else version)
        if recent is None:
            return None
        entries: list[Raw] = []
        left = LIST_BYTES - len("[]")
        for committed in (*log, *recent):
            entry = self._entry(committed, left)
            if entry is None:
                return None
            left -= len(entry) + len(",")
            entries.append(entry)
        return entries

    def state(self, version: int | None, log: Sequence[CommittedOperation]) -> dict[str, Any]:
        """The ``operations`` since ``version``; the ``content`` without a version, or if no list can be sent."""
        since = None if version is None else self.since(version, log)
        if since is None:
            return {"content": self._content()}
        return {"operations": since}

    def text_changed(self) -> None:
        """Drop the encoded text of an earlier version."""
        self._encoded = None

    def _content(self) -> str | Raw:
        """The text. A long one is encoded as JSON once for all clients that join before it changes."""
        text = self._document.text
        if len(text) < LONG:
            return str(text)
        if self._encoded is None or self._encoded[0] is not text:
            self._encoded = text, Raw(encode_body(str(text)))
        return self._encoded[1]

    def _entry(self, committed: CommittedOperation, most_bytes: int) -> Raw | None:
        """An operation as it is sent in a list, encoded once; ``None`` if it is too long."""
        entry = self._entries.get(committed.version)
        if entry is None:
            if _inserted(committed) > most_bytes:
                return None
            entry = Raw(encode_body(remote_operation(committed)))
            if self._entry_bytes + len(entry) > 2 * LIST_BYTES:
                self._entries, self._entry_bytes = {}, 0
            self._entries[committed.version] = entry
            self._entry_bytes += len(entry)
        return entry if len(entry) <= most_bytes else None


def _inserted(committed: CommittedOperation) -> int:
    return sum(len(component) for component in committed.operation.components if isinstance(component, str))
