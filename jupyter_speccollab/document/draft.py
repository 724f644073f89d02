"""A draft: what somebody has typed and the server has not committed yet, shown to others at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jupyter_speccollab.document.document import Document
from jupyter_speccollab.errors import InvalidContent, InvalidOperation
from jupyter_speccollab.text import from_wire

DRAFT_LENGTH: Final = 4_000
"""The maximum length of a draft's two lists together, as compact JSON in UTF-16 units."""

Components = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Draft:
    """Edits over the committed text of ``version``: first the operation in flight, then the buffer.

    ``in_flight`` is ``(operationId, components)`` or ``None``; both lists have the form in which the client sent
    them. ``cursor`` is the protocol's cursor object, in the text with the draft, or ``None`` where the client sent
    none. ``size`` is the length of both lists as compact JSON, in UTF-16 units.

    A draft is no edit: it gets no version, and nothing of it is stored.
    """

    version: int
    in_flight: tuple[str, Components] | None
    operations: Components
    cursor: Mapping[str, Any] | None
    size: int

    def fits(self, document: Document) -> bool:
        """Whether the draft can be applied to ``document`` at its version, and is not too long.

        The version has to be in the document's window. The cost is about proportional to `size`.
        """
        window = document.window
        if self.size > DRAFT_LENGTH or not window.start <= self.version <= document.version:
            return False
        length = window.length_at(self.version)
        try:
            if self.in_flight is not None:
                length += from_wire(self.in_flight[1], length).length_change
            from_wire(self.operations, length)
        except (InvalidOperation, InvalidContent):
            return False
        return True

    def to_wire(self) -> dict[str, Any]:
        """The protocol's draft object."""
        draft: dict[str, Any] = {
            "version": self.version,
            "inFlight": None
            if self.in_flight is None
            else {"operationId": self.in_flight[0], "operations": self.in_flight[1]},
            "operations": self.operations,
        }
        return draft if self.cursor is None else {**draft, "cursor": self.cursor}
