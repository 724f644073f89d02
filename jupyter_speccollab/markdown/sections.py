"""Sections: the headings of a text, and what stands under each of them. Offsets count code points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final
from unicodedata import category, normalize

from markdown_it import MarkdownIt
from markdown_it.token import Token

from jupyter_speccollab.markdown.front_matter import front_matter_of

BLOCKS: Final = MarkdownIt("commonmark").enable("table").disable("inline")
"""Finds blocks, and leaves their text unread, which would take most of the time."""

_INLINE: Final = MarkdownIt("commonmark")
_EXPLICIT_ID: Final = re.compile(r"\s*\{#([^{}\s]+)\}$")
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


def blocks_of(content: str) -> tuple[list[Token], list[int]]:
    """The blocks of a text without its front matter, and the offset at which each line begins.

    The lines of the blocks count from the end of the front matter. One more offset is that of the end.
    """
    body_start = front_matter_of(content).body_start
    body = content[body_start:]
    starts = [body_start, *accumulate((len(line) + 1 for line in body.split("\n")), initial=body_start)][1:]
    starts[-1] = len(content)
    return BLOCKS.parse(body), starts


def sections_of(content: str) -> list[Section]:
    """The sections of a text, in order.

    A heading counts if it stands neither in a list nor in a quote. Ids are made as GitHub makes them, and an
    explicit ``{#id}`` takes their place.
    """
    tokens, starts = blocks_of(content)
    front = content.count("\n", 0, starts[0])
    found = list(_headings(tokens))
    ids = _ids([title for _, title, _ in found])
    result = []
    for index, (level, title, (first, after)) in enumerate(found):
        later = found[index + 1 :]
        own_end = starts[later[0][2][0]] if later else len(content)
        end = next((starts[lines[0]] for depth, _, lines in later if depth <= level), len(content))
        shown = _EXPLICIT_ID.sub("", title)
        result.append(Section(level, shown, ids[index], front + first + 1, starts[after], own_end, end))
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
    shown = _visible(title)
    alike = [
        section
        for section in sections
        if level in (None, section.level) and _key(section.title) == _key(shown)
    ]
    return [section for section in alike if section.title == shown] or alike


def _key(title: str) -> str:
    return normalize("NFC", normalize("NFD", title).casefold())


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """Level, visible text and lines of each heading."""
    for token, text in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map is not None:
            yield int(token.tag[1]), _visible(text.content), (token.map[0], token.map[1])


def _visible(text: str) -> str:
    """The text of a heading as it is read: without the marks of emphasis, links and code."""
    children = _INLINE.parseInline(text)[0].children or []
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in children
        if child.type not in ("image", "html_inline")
    ).strip()


def _ids(titles: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    result = []
    for title in titles:
        explicit = _EXPLICIT_ID.search(title)
        slug = explicit[1] if explicit else _free(_slug(title), taken)
        taken.add(slug)
        result.append(slug)
    return result


def _slug(title: str) -> str:
    kept = (
        character
        for character in title.lower().replace(" ", "-")
        if character == "-" or category(character)[0] in "LM" or category(character) in ("Nd", "Pc")
    )
    return "".join(kept) or "section"


def _free(slug: str, taken: set[str]) -> str:
    if slug not in taken:
        return slug
    number = 1
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
