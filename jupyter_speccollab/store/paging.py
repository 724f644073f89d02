"""The opaque cursor of `SpecStore.specs`: the place of the last spec of a page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from jupyter_speccollab.errors import InvalidMessage

from .base import SpecPage, SpecRecord

Place = tuple[datetime, str]
"""``modified_at`` and id of a spec. Pages are sorted by both, descending."""


def page_of(found: Sequence[SpecRecord], limit: int) -> SpecPage:
    """Return a page of the first ``limit`` specs; another page follows if more were ``found``."""
    specs = tuple(found[:limit])
    if len(found) <= limit or not specs:
        return SpecPage(specs)
    last = specs[-1]
    text = f"{last.modified_at.isoformat()} {last.spec_id}"
    return SpecPage(specs, base64.urlsafe_b64encode(text.encode()).decode())


def place_of(cursor: str | None) -> Place | None:
    """Return the place of a cursor. Raises `InvalidMessage` if `page_of` did not make the cursor."""
    if cursor is None:
        return None
    try:
        time, spec_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return datetime.fromisoformat(time).astimezone(UTC), str(UUID(spec_id))
    except ValueError as error:
        raise InvalidMessage("This is not a cursor of the list of specs; ask for the first page.") from error
