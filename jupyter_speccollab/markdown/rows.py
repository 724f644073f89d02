"""Rows of tables, as GitHub reads them."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_speccollab.markdown.visible_text import WHITE, VisibleText


def cells(line: str) -> list[str]:
    """The cells of a row, without white space around them. ``\\|`` in a cell is a ``|``."""
    found: list[str] = []
    cell = ""
    done = 0
    row = line.strip(WHITE)
    at = row.find("|")
    while at >= 0:
        if row[at - 1 : at] == "\\":
            cell += row[done : at - 1]
            done = at
        else:
            found.append(cell + row[done:at])
            cell = ""
            done = at + 1
        at = row.find("|", at + 1)
    found.append(cell + row[done:])
    if found[0] == "":
        found.pop(0)
    if found and found[-1] == "":
        found.pop()
    return [each.strip(WHITE) for each in found]


def joined(texts: Sequence[VisibleText]) -> VisibleText:
    """The visible texts of cells, with a space between them."""
    read = ""
    code: list[tuple[int, int]] = []
    for each in texts:
        begun = f"{read} " if read else ""
        code += [(len(begun) + start, len(begun) + end) for start, end in each.code]
        read = begun + each.text
    return VisibleText(read.rstrip(WHITE), tuple(code))
