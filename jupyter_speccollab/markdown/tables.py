"""Tables: written with aligned columns, and found in a text so that rows can be added to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import combining, east_asian_width

from markdown_it.token import Token

from jupyter_speccollab.markdown.blocks import blocks_of

LEAST: Final = 3
"""The least width of a column: that of its ``---``."""

_DELIMITERS: Final = re.compile(r"(?<!\\)\|")
_SPACE: Final = re.compile(r"[\t\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text. ``widths`` are those of its columns as written, ``right`` those that are aligned right.

    ``end`` is the offset after its last line, without the line feed.
    """

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    right: tuple[bool, ...]
    end: int

    def row(self, cells: Sequence[str]) -> str:
        """A line for these cells, in the widths of the table as far as they fit."""
        return _line(cells, self.widths, self.right)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """A table in Markdown, with a line feed at its end. Cells are escaped; ``right`` aligns columns right."""
    head = [escaped(column) for column in columns]
    body = [[escaped(cell) for cell in row] for row in rows]
    widths = [max(LEAST, *(_width(row[index]) for row in [head, *body])) for index in range(len(head))]
    rule = ["-" * (width - is_right) + ":" * is_right for width, is_right in zip(widths, right, strict=True)]
    return "".join(f"{_line(cells, widths, right)}\n" for cells in (head, rule, *body))


def last_table(content: str, start: int, end: int) -> Table | None:
    """The last table between two offsets of a text that stands neither in a list nor in a quote."""
    blocks = blocks_of(content)
    tokens, starts = blocks.tokens, blocks.starts
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type == "table_open" and token.level == 0 and token.map is not None:
            first, after = token.map
            if start <= starts[first] < end:
                heads = [
                    tokens[place + 1].content
                    for place in range(index, _end_of_head(tokens, index))
                    if tokens[place].type == "th_open"
                ]
                return _table(content, starts, first, after, heads)
    return None


def escaped(cell: str) -> str:
    """A cell's text as it is written in a table: in one line, and with its ``|`` escaped.

    A line break becomes ``<br>``. Other Markdown in it stays what it is.
    """
    text = cell.replace("\r\n", "\n").strip().replace("\n", "<br>")
    return _SPACE.sub(" ", text).replace("\\|", "\\&#124;").replace("|", "\\|")


def _end_of_head(tokens: Sequence[Token], index: int) -> int:
    return next(place for place in range(index, len(tokens)) if tokens[place].type == "thead_close")


def _table(content: str, starts: Sequence[int], first: int, after: int, heads: Sequence[str]) -> Table:
    rule = content[starts[first + 1] : starts[first + 2]].strip().strip("|")
    cells = _DELIMITERS.split(rule)
    end = starts[after] if after < len(starts) else len(content)
    return Table(
        columns=tuple(head.replace("\\|", "|") for head in heads),
        widths=tuple(max(LEAST, len(cell) - 2 if cell.startswith(" ") else len(cell)) for cell in cells),
        right=tuple(cell.strip().endswith(":") and not cell.strip().startswith(":") for cell in cells),
        end=starts[first] + len(content[starts[first] : end].rstrip("\n")),
    )


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, is_right in zip(cells, widths, right, strict=True):
        space = " " * (width - _width(cell))
        padded.append(space + cell if is_right else cell + space)
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    """How many columns of a fixed-width font a text takes."""
    return sum(0 if combining(character) else 1 + (east_asian_width(character) in "WF") for character in text)
