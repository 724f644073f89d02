"""Edits of a Markdown text: each is the operation that changes what was asked for, and nothing beside it.

Law (``tests/markdown/test_edits.py::test_only_the_place_is_touched``): applied, an edit leaves every letter outside
its section as it was, and deletes none where it adds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jupyter_speccollab.markdown.sections import find_section, has_section, title_of
from jupyter_speccollab.markdown.tables import escaped, last_table, table
from jupyter_speccollab.text import Operation, diff

_HEADING: Final = re.compile(r"#{1,6}(?:[ \t]|$)", re.MULTILINE)
_ITEM: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


def section_text(content: str, heading: str) -> str:
    """What stands under a heading with its subheadings, without blank lines around it. Raises `LookupError`."""
    section = find_section(content, heading)
    return content[section.start : section.end].strip("\n")


def appended_under(content: str, heading: str | None, text: str, create: bool = False) -> Operation:
    """Puts a text at the end of what stands under a heading, with a blank line before it.

    A text that begins with a heading comes after the subheadings, any other text before them. A list item goes on
    with a list. With ``create``, a missing heading is added at the end, at level 2 if its level is not given.
    ``heading`` ``None``: at the end of the text. Raises `LookupError`.
    """
    added = text.strip("\n")
    if not added.strip():
        return Operation()
    if heading is None:
        return _added(content, 0, len(content), added)
    if create and not has_section(content, heading):
        level, title = title_of(heading)
        return _added(content, 0, len(content), f"{'#' * (level or 2)} {title}\n\n{added}")
    section = find_section(content, heading)
    end = section.end if _HEADING.match(added) else section.own_end
    return _added(content, section.start, end, added)


def replaced_section(content: str, heading: str, text: str) -> Operation:
    """Makes ``text`` what stands under a heading, its subheadings included. Raises `LookupError`.

    Only what differs is changed, and so the edits of others in what stays the same are kept.
    """
    section = find_section(content, heading)
    added = text.strip("\n")
    tail = "\n" if section.end < len(content) else ""
    body = f"\n{added}\n{tail}" if added.strip() else "\n"
    if section.start and content[section.start - 1] != "\n":
        body = f"\n{body}"
    change = diff(content[section.start : section.end], body)
    return Operation.of(section.start, *change.components)


def appended_rows(
    content: str,
    heading: str | None,
    columns: Sequence[str] | None,
    rows: Sequence[Sequence[str]],
    right: Sequence[bool],
    create: bool = False,
) -> Operation:
    """Adds rows to the last table that stands directly under a heading, or makes a table if there is none.

    ``heading`` ``None``: the last table of the text. ``columns`` are the names of the cells, which the table may
    have in another order; a column that a row does not have stays empty. ``None``: the cells are in the order of
    the table. Raises `LookupError` for a heading that is not there, and `ValueError` for cells that do not fit.
    """
    if heading is None:
        found = last_table(content, 0, len(content))
    elif create and not has_section(content, heading):
        found = None
    else:
        section = find_section(content, heading)
        found = last_table(content, section.start, section.own_end)
    if found is not None:
        places = _places(found.columns, columns, len(right))
        lines = [
            found.row([escaped("" if place is None else row[place]) for place in places]) + "\n"
            for row in rows
        ]
        return _inserted(content, found.end, "".join(lines))
    if columns is None:
        raise ValueError("There is no table yet. Pass a dictionary, so that its columns have names.")
    return appended_under(content, heading, table(columns, rows, right), create)


def _places(known: Sequence[str], columns: Sequence[str] | None, width: int) -> list[int | None]:
    """For each column of a table the place of its cell in a row; ``None`` if the row has none."""
    if columns is None:
        if width > len(known):
            raise ValueError(f"The row has {width} cells, and the table {len(known)} columns.")
        return [place if place < width else None for place in range(len(known))]
    unknown = [column for column in columns if column not in known]
    if unknown:
        names, there = ", ".join(map(repr, unknown)), ", ".join(map(repr, known))
        raise ValueError(f"The table has no column {names}. Its columns are {there}.")
    return [columns.index(column) if column in columns else None for column in known]


def _added(content: str, start: int, end: int, text: str) -> Operation:
    """Inserts ``text`` after the last line between ``start`` and ``end`` that is not blank."""
    before = content[start:end].rstrip()
    place = start + len(before)
    last = before[before.rfind("\n") + 1 :]
    gap = "" if not before and not start else "\n"
    if _ITEM.match(last) and _ITEM.match(text):
        gap = ""
    follows = content[end : end + 1]
    is_blank_after = content[place:end].count("\n") > 1
    tail = "\n" if follows and not is_blank_after else ""
    if before or not start:
        return _inserted(content, place, f"{gap}{text}\n{tail}")
    return _inserted(content, start, f"{gap}{text}\n{tail}", is_line_start=content[start - 1] == "\n")


def _inserted(content: str, place: int, lines: str, is_line_start: bool = False) -> Operation:
    """Inserts ``lines`` below the line that ends at ``place``.

    They go after that line's feed: whoever is typing at the end of the line goes on typing there.
    """
    if is_line_start or not content[:place]:
        return Operation.of(place, lines)
    if place < len(content):
        return Operation.of(place + content[place:].index("\n") + 1, lines)
    return Operation.of(place, "\n" + lines)
