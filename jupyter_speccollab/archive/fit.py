"""Making rows fit: names in a file become names as this server would have taken them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from unicodedata import normalize

from jupyter_speccollab.archive.records import Row
from jupyter_speccollab.document.name import cleaned_name, paragraph
from jupyter_speccollab.document.user import User, is_avatar_url, is_color
from jupyter_speccollab.errors import InvalidContent
from jupyter_speccollab.store.base import Snapshot, SpecRecord

DESCRIPTION: Final = 2_000
"""The greatest length of a description in code points."""


def fit(row: Row) -> Row:
    """Return the row with names that can be shown: in one line, in NFC, without control characters.

    An older version of the program took some names that this one refuses, so they are changed, not refused. A
    colour or an avatar that a page can't use is left out. Texts and operations are not changed.
    """
    match row:
        case User():
            return replace(
                row,
                name=cleaned_name(row.name, 200) or row.login,
                initials=cleaned_name(row.initials, 4),
                color=row.color if is_color(row.color) else "",
                avatar_url=row.avatar_url if is_avatar_url(row.avatar_url) else "",
            )
        case SpecRecord():
            return replace(
                row,
                title=cleaned_name(row.title, 200) or "Untitled",
                description=_paragraph(row.description),
                type=cleaned_name(row.type, 40),
                status=cleaned_name(row.status, 40),
            )
        case Snapshot():
            label = None if row.label is None else cleaned_name(row.label, 200) or "Untitled"
            return replace(row, label=label, changes_summary=cleaned_name(row.changes_summary, 2_000))
    return row


def _paragraph(text: str) -> str:
    try:
        return paragraph(normalize("NFC", text)[:DESCRIPTION], "The description")
    except InvalidContent:
        return cleaned_name(text, DESCRIPTION)
