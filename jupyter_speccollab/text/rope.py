"""An immutable long text that is cheap to edit."""

from __future__ import annotations

from . import _tree
from .operation import Operation, does_not_fit, normalise

Edit = tuple[int, int, str]
"""Start, end, text: the text replaces the code points from start to end."""


class Text:
    """An immutable text. Offsets and lengths count code points, lines and columns too; all from 0.

    ``len(text)``, ``str(text)``, ``text[3:8]``, ``==`` and ``hash`` work as for ``str``. Law: an edit costs about
    the same in 2,000,000 code points as in 20,000, and does not change the old value
    (``test_rope.py::test_an_edit_shares_what_it_does_not_touch``).
    """

    __slots__ = ("_root",)

    def __init__(self, content: str = "") -> None:
        self._root: _tree.Node = _tree.build(content)

    @staticmethod
    def of(content: str) -> Text:
        """A text with this *content*."""
        return Text(content)

    @staticmethod
    def _above(root: _tree.Node) -> Text:
        text = Text.__new__(Text)
        text._root = root
        return text

    def __len__(self) -> int:
        return self._root.length

    def __str__(self) -> str:
        return "".join([leaf.text for leaf in _tree.leaves_below(self._root)])

    def __repr__(self) -> str:
        return f"<Text of {len(self)} code points>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Text):
            return NotImplemented
        mine, theirs = self._root, other._root
        if mine is theirs:
            return True
        return mine.length == theirs.length and mine.newlines == theirs.newlines and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __getitem__(self, span: slice) -> str:
        start, end, step = span.indices(len(self))
        if step != 1:
            raise ValueError("A Text is sliced without a step.")
        return self.slice(start, end)

    def slice(self, start: int, end: int) -> str:
        """The text from *start* to *end*, both clamped to the text."""
        start, end = max(0, start), min(end, len(self))
        pieces: list[str] = []
        if start < end:
            _tree.collect(self._root, start, end, pieces)
        return "".join(pieces)

    def replace(self, start: int, end: int, insert: str) -> Text:
        """This text with the code points from *start* to *end* replaced by *insert*.

        Raises :exc:`ValueError` unless ``0 <= start <= end <= len(self)``.
        """
        root = self._root
        if not 0 <= start <= end <= root.length:
            raise ValueError(f"From {start} to {end} lies outside of {root.length} code points.")
        if start == end and not insert:
            return self
        return Text._above(_tree.root_above(_tree.replace(root, start, end, insert)))

    def apply(self, operation: Operation) -> Text:
        """This text after *operation*. The whole text is rebuilt if there are more edits than leaves.

        Shapes: ``operation.base_length <= len(self)``, else :exc:`InvalidOperation`.
        """
        edits = _edits(normalise(operation))
        length = self._root.length
        if operation.base_length > length:
            raise does_not_fit(operation, length)
        if len(edits) > 4 + length // _tree.LEAF_LENGTH:
            return Text(_replace_all(str(self), edits))
        text = self
        for start, end, insert in reversed(edits):
            text = text.replace(start, end, insert)
        return text

    @property
    def lines(self) -> int:
        """The number of lines, which is the number of newlines plus one."""
        return self._root.newlines + 1

    def offset_of(self, line: int, column: int) -> int:
        """The offset of *column* in *line*, clamped to that line, or to the text if there is no such line."""
        if line < 0:
            return 0
        newlines = self._root.newlines
        if line > newlines:
            return len(self)
        start = self._line_start(line)
        end = self._line_start(line + 1) - 1 if line < newlines else len(self)
        return min(start + max(0, column), end)

    def line_column_of(self, offset: int) -> tuple[int, int]:
        """The line and the column of *offset*, which is clamped to the text."""
        offset = min(max(0, offset), len(self))
        line = _tree.newlines_before(self._root, offset)
        return line, offset - self._line_start(line)

    def _line_start(self, line: int) -> int:
        return _tree.behind_newline(self._root, line) if line else 0


def _edits(operation: Operation) -> list[Edit]:
    """An operation in normal form as replacements at offsets of the base text, from left to right."""
    edits: list[Edit] = []
    position = 0
    insert = ""
    for component in operation.components:
        if isinstance(component, str):
            insert = component
            continue
        if component < 0:
            edits.append((position, position - component, insert))
        elif insert:
            edits.append((position, position, insert))
        position += abs(component)
        insert = ""
    if insert:
        edits.append((position, position, insert))
    return edits


def _replace_all(text: str, edits: list[Edit]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, insert in edits:
        pieces += (text[position:start], insert)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)
