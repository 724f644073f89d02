"""Outline: the headings, requirements and tasks of a text, with their extents and hashes.

Offsets count code points, lines count from 0.

Law (``tests/markdown/test_outline.py::test_the_browser_finds_the_same``): the browser's parser finds the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import Final

import msgspec
from markdown_it.token import Token

from jupyter_speccollab.markdown.blocks import Blocks, blocks_of
from jupyter_speccollab.markdown.names import HeadingIds, heading_name, item_name
from jupyter_speccollab.markdown.rows import cells, joined
from jupyter_speccollab.markdown.visible_text import WHITE, VisibleText, visible_text

_BOX: Final = re.compile(r"\[([ xX])\][ \t\n]+(?=[^ \t\n])")
_ATX: Final = re.compile(r"[ \t]*#+(.*)")
_CLOSING: Final = re.compile(r"(^|[ \t])#+[ \t]*\Z")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A heading, a requirement or a task. ``level`` is 0 where it is no heading."""

    kind: str
    id: str
    title: str
    level: int
    line: int
    start: int
    end: int
    text_hash: str
    duplicate: bool = False
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The box of an item: whether it is ticked, and the line and the column where it begins."""

    is_done: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Found:
    """A heading, a list item or a row of a table, on the lines of `Blocks` from ``first`` on, up to ``after``.

    Blank lines may be among its last ones. A heading's lines are its own, without its section.
    """

    first: int
    after: int
    level: int
    visible: VisibleText
    box: Box | None = None


def outline(content: str) -> list[Entry]:
    """The entries of a text with line feeds as line ends, in the order of the text."""
    return _Outline(content).entries()


def whole_hash(content: str) -> str:
    """The hash of a whole text without its front matter."""
    return _Outline(content).whole_hash()


def encoded(content: str) -> bytes:
    """`outline` as JSON."""
    return msgspec.json.encode(outline(content))


def found_in(blocks: Blocks, lines: Sequence[str]) -> Iterator[Found]:
    """What may be an entry, in the order of the text. ``lines`` are those of the text behind the front matter."""
    tokens = blocks.tokens
    quotes = columns = 0
    is_body = False

    def read(source: str) -> VisibleText:
        return visible_text(source, blocks.references)

    for index, token in enumerate(tokens):
        first, after = token.map or (0, 0)
        match token.type:
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case _ if quotes:
                continue
            case "heading_open" if token.level == 0:
                yield Found(first, after, int(token.tag[1]), read(_heading_source(token, lines)))
            case "list_item_open" if tokens[index + 1].type == "paragraph_open":
                begin, column, source = _paragraph(tokens[index + 2], lines)
                box = _BOX.match(source)
                yield Found(
                    first,
                    after,
                    0,
                    read(source[box.end() :] if box else source),
                    Box(box[1] != " ", begin, column) if box else None,
                )
            case "thead_open" | "tbody_open":
                is_body = token.type == "tbody_open"
                columns = columns if is_body else 0
            case "th_open":
                columns += 1
            case "tr_open" if is_body:
                yield Found(first, after, 0, joined([read(cell) for cell in cells(lines[first])[:columns]]))


def _heading_source(token: Token, lines: Sequence[str]) -> str:
    first, after = token.map or (0, 0)
    atx = _ATX.match(lines[first]) if token.markup.startswith("#") else None
    return _CLOSING.sub(r"\1", atx[1]) if atx else "\n".join(lines[first : after - 1])


def _paragraph(inline: Token, lines: Sequence[str]) -> tuple[int, int, str]:
    """Line and column at which a paragraph begins that is in no quote, and its source.

    The parser takes more characters for white space around a paragraph than CommonMark does.
    """
    first, after = inline.map or (0, 0)
    line = lines[first]
    column = len(line.rstrip()) - len(inline.content.split("\n", 1)[0].rstrip())
    while column and line[column - 1].isspace() and line[column - 1] not in WHITE:
        column -= 1
    return first, column, "\n".join([line[column:], *lines[first + 1 : after]])


class _Outline:
    def __init__(self, content: str) -> None:
        blocks = blocks_of(content)
        self._starts = blocks.starts
        self._first_line = content.count("\n", 0, blocks.starts[0])
        self._lines = content[blocks.starts[0] :].split("\n")
        self._found = list(found_in(blocks, self._lines))
        self._last_words = _last_lines_with_words(self._lines)
        self._words, self._word_ends = _words(self._lines, [found.box for found in self._found])

    def entries(self) -> list[Entry]:
        ids = HeadingIds()
        names: set[str] = set()
        boxes = 0
        entries = []
        for found, after in zip(self._found, sections_after(self._found, len(self._lines)), strict=True):
            called = heading_name(found.visible) if found.level else item_name(found.visible, bool(found.box))
            boxes += found.box is not None
            is_named = called.name is not None and not called.is_slug
            if is_named:
                identity = str(called.name)
            elif found.level:
                identity = ids.of(called)
            elif found.box:
                identity = f"task:{boxes}"
            else:
                continue
            last = self._last_words[after - 1]
            entries.append(
                Entry(
                    kind="requirement" if called.name is not None else "heading" if found.level else "task",
                    id=identity,
                    title=called.title,
                    level=found.level,
                    line=self._first_line + found.first,
                    start=self._starts[found.first],
                    end=self._starts[last] + len(self._lines[last]),
                    text_hash=self._hash(found.first, last),
                    duplicate=is_named and identity in names,
                    done=found.box.is_done if found.box else None,
                )
            )
            if is_named:
                names.add(identity)
        return entries

    def whole_hash(self) -> str:
        return self._hash(0, len(self._lines) - 1)

    def _hash(self, first: int, last: int) -> str:
        start = self._word_ends[first - 1] if first else 0
        return sha256(self._words[start : self._word_ends[last]].strip(" ").encode()).hexdigest()


def sections_after(found: Sequence[Found], end: int) -> list[int]:
    """The line after the extent of each. A heading's ends at the next of its level or above, or at the ``end``."""
    afters = [each.after for each in found]
    begun: dict[int, int] = {}
    for index in range(len(found) - 1, -1, -1):
        level = found[index].level
        if level:
            afters[index] = min(begun.get(above, end) for above in range(1, level + 1))
            begun[level] = found[index].first
    return afters


def _last_lines_with_words(lines: Sequence[str]) -> list[int]:
    """For each line, itself or the last line before it that is not blank."""
    numbers = (number if line.strip(WHITE) else 0 for number, line in enumerate(lines))
    return list(accumulate(numbers, max))


def _words(lines: Sequence[str], boxes: Sequence[Box | None]) -> tuple[str, list[int]]:
    """The words of a text, each after a space, with no box ticked; and where they end in each line."""
    ticked = {box.line: box.column for box in boxes if box and box.is_done}
    parts: list[str] = []
    for number, line in enumerate(lines):
        column = ticked.get(number)
        text = line if column is None else f"{line[:column]}[ ]{line[column + 3 :]}"
        words = [word for word in text.replace("\t", " ").split(" ") if word]
        parts.append("".join([f" {word}" for word in words]))
    return "".join(parts), list(accumulate(map(len, parts)))
