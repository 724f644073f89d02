"""Pages: how many values fit into one, and the opaque cursor of the pages of `SpecStore.specs`."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from jupyter_speccollab.errors import InvalidMessage

from .base import SpecPage, SpecRecord

T = TypeVar("T")

Place = tuple[datetime, str]
"""``modified_at`` and id of the last spec of a page. Pages are sorted by both, descending."""


def fitting(values: Iterable[tuple[T, int]], most_bytes: int) -> list[T]:
    """Return the first of ``values``, each with its size, that fit into ``most_bytes``, but at least one.

    Nothing is taken of ``values`` behind the first that does not fit.
    """
    fit: list[T] = []
    total = 0
    for value, size in values:
        total += size
        if fit and total > most_bytes:
            break
        fit.append(value)
    return fit


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
