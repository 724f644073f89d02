"""What a client missed: as a list of operations while that is short, else as the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Raw

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.protocol.codec import encode_body
from jupyter_speccollab.protocol.events import remote_operation
from jupyter_speccollab.store.base import OperationsFolded, Store
from jupyter_speccollab.text import Text

OPERATIONS: Final = 1_000
"""How many operations are sent as a list."""

CHARACTERS: Final = 1_000_000
"""How much inserted text such a list may hold, in code points (at most four bytes each)."""

LONG: Final = 100_000
"""From how many code points on a text is kept as it was sent, for the next who asks for it."""


class CatchUp:
    """Brings a client of one document up to date.

    `log` reads what lies before the document's window, and may wait; `since` and `sent` then answer at once,
    so that nothing can come in between the answer and what is broadcast after it.
    """

    def __init__(self, document: Document, store: Store) -> None:
        self._document = document
        self._store = store
        self._sent: tuple[Text, Raw] | None = None

    async def log(self, version: int | None) -> Sequence[CommittedOperation]:
        """The operations after ``version`` that lie before the window, if they are there and few enough to send."""
        start = self._document.window.start
        if version is None or version >= start or self._document.version - version > OPERATIONS:
            return ()
        try:
            return await self._store.operations(self._document.spec_id, version, until=start)
        except OperationsFolded:
            return ()

    def since(self, version: int, log: Sequence[CommittedOperation]) -> Sequence[CommittedOperation] | None:
        """What came after ``version``, of ``log`` and the window; ``None`` where no list can be sent."""
        if not 0 <= self._document.version - version <= OPERATIONS:
            return None
        recent = self._document.window.since(log[-1].version if log else version)
        if recent is None:
            return None
        since = [*log, *recent]
        return since if sum(map(_inserted, since)) <= CHARACTERS else None

    def sent(self, version: int | None, log: Sequence[CommittedOperation]) -> dict[str, Any]:
        """``operations`` since ``version``, or ``content`` where there is none or they can't be listed."""
        since = None if version is None else self.since(version, log)
        if since is None:
            return {"content": self._content()}
        return {"operations": [remote_operation(committed) for committed in since]}

    def forget(self) -> None:
        """The text is another one now."""
        self._sent = None

    def _content(self) -> str | Raw:
        """The text; a long one is written as JSON once for all who join before it changes."""
        text = self._document.text
        if len(text) < LONG:
            return str(text)
        if self._sent is None or self._sent[0] is not text:
            self._sent = text, Raw(encode_body(str(text)))
        return self._sent[1]


def _inserted(committed: CommittedOperation) -> int:
    return sum(len(component) for component in committed.operation.components if isinstance(component, str))
