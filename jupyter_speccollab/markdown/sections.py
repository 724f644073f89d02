"""Sections: the headings of a text, and what stands under each of them. Offsets count code points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from jupyter_speccollab.markdown.blocks import blocks_of
from jupyter_speccollab.markdown.names import HeadingIds, heading_name, shown
from jupyter_speccollab.markdown.outline import found_in, sections_after
from jupyter_speccollab.markdown.visible_text import visible_text

_MARKED: Final = re.compile(r"(#{1,6})\s+(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what it heads.

    ``own_end`` is where its first subheading begins, ``end`` where the next heading of its level or above begins;
    both are the end of the text if there is none. ``start`` is the first offset after the heading's lines. ``line``
    counts from 1.
    """

    level: int
    title: str
    id: str
    line: int
    start: int
    own_end: int
    end: int


def sections_of(content: str) -> list[Section]:
    """The sections of a text, in order.

    A heading counts if it stands neither in a list nor in a quote. Its id is that which it has in the outline.
    """
    blocks = blocks_of(content)
    starts = blocks.starts
    front = content.count("\n", 0, starts[0])
    headings = [each for each in found_in(blocks, content[starts[0] :].split("\n")) if each.level]
    ids = HeadingIds()
    result = []
    last = len(starts) - 1
    next_ones = [*(heading.first for heading in headings[1:]), last]
    for heading, own_after, after in zip(headings, next_ones, sections_after(headings, last), strict=False):
        name = heading_name(heading.visible)
        identity = str(name.name) if name.name is not None and not name.is_slug else ids.of(name)
        first = front + heading.first + 1
        ends = starts[own_after], starts[after]
        title = shown(heading.visible)
        result.append(Section(heading.level, title, identity, first, starts[heading.after], *ends))
    return result


def find_section(content: str, heading: str) -> Section:
    """The section with this heading: ``Results``, or with its level ``## Results``, or its id ``#results``.

    Emphasis and links count by their text; case counts only where two headings differ by nothing else. Raises
    `LookupError`, which names the headings that there are, or the ids of those that may be meant.
    """
    known = sections_of(content)
    found = _named(known, heading)
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"#{section.id} (line {section.line})" for section in found[:5])
        raise LookupError(f"{len(found)} headings are called {heading!r}. Name one of them by its id: {ids}.")
    titles = ", ".join(repr(section.title) for section in known[:20])
    there = f"The headings are {titles}." if known else "The text has no headings."
    raise LookupError(f"There is no heading {heading!r}. {there}")


def has_section(content: str, heading: str) -> bool:
    """Whether a heading is called so."""
    return bool(_named(sections_of(content), heading))


def title_of(heading: str) -> tuple[int | None, str]:
    """The level, if it is given, and the title of a heading as a caller names it."""
    marked = _MARKED.fullmatch(heading.strip())
    return (len(marked[1]), marked[2].strip()) if marked else (None, heading.strip())


def _named(sections: Sequence[Section], heading: str) -> list[Section]:
    if heading.startswith("#") and not _MARKED.fullmatch(heading.strip()):
        return [section for section in sections if section.id == heading[1:]]
    level, title = title_of(heading)
    read = visible_text(title, {}).text
    alike = [
        section
        for section in sections
        if level in (None, section.level) and _key(section.title) == _key(read)
    ]
    return [section for section in alike if section.title == read] or alike


def _key(title: str) -> str:
    return normalize("NFC", normalize("NFD", title).casefold())
