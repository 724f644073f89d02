"""The text as a program read it last, in which it counts its offsets while others go on typing."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.text import (
    Operation,
    Priority,
    Text,
    compose,
    normalise,
    transform,
    transform_position,
)


class Seen:
    """The text that was read, with the reader's own edits, and what others have changed since.

    ::

                    text
                   /    \\
        operation /      \\ others
                 /        \\
                ·          · the spec as it stands
                 \\        /
          others' \\      / what `edited` returns
                   \\    /
                    text'

    Law (``tests/client/test_seen.py``): an edit changes the letters that its reader saw at its offsets, wherever
    they stand by now, and no letter of anybody else.
    """

    def __init__(self) -> None:
        self._text = Text.of("")
        self._others: Operation | None = None

    def read(self, text: Text) -> Text:
        """The reader sees ``text``, the spec as it stands."""
        self._text, self._others = text, None
        return text

    @property
    def text(self) -> Text:
        """The text that was read, with the reader's own edits since."""
        return self._text

    def put(self, change: Change) -> None:
        """Others have changed the spec."""
        others = change.operation if self._others is None else compose(self._others, change.operation)
        self._others = normalise(others)

    def end(self, failure: SpecCollabError | None) -> None:
        """No further change will come."""

    def position(self, offset: int) -> int:
        """Where an offset of the text that was read stands by now."""
        offset = min(offset, len(self._text))
        return offset if self._others is None else transform_position(offset, self._others)

    def edited(
        self, operation: Operation, apply: Callable[[Operation], None], *, is_last: bool = False
    ) -> None:
        """The reader edits: ``apply`` is called with the operation over the spec as it stands.

        Where both inserted at one place, the reader's text comes first, or with ``is_last`` last. Raises
        `InvalidOperation` if the operation does not fit the text that was read, and what ``apply`` raises; nothing
        has changed then.
        """
        operation = normalise(operation)
        text = self._text.apply(operation)
        if self._others is None:
            apply(operation)
        else:
            mine: Priority = "right" if is_last else "left"
            theirs: Priority = "left" if is_last else "right"
            apply(normalise(transform(operation, self._others, mine)))
            self._others = normalise(transform(self._others, operation, theirs))
        self._text = text
