"""Pages: how many values fit into one, and the opaque cursor of the pages of `SpecStore.specs`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from jupyter_speccollab.errors import InvalidMessage

from .base import SpecPage, SpecRecord

T = TypeVar("T")

Place = tuple[datetime, str]
"""The time of the last change, or of the deletion, and the id of the last spec of a page.

Pages are sorted by both, descending.
"""


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


def time_of_change(spec: SpecRecord) -> datetime:
    """When the text was changed last."""
    return spec.modified_at


def time_of_deletion(spec: SpecRecord) -> datetime:
    """When a spec in the trash was deleted."""
    assert spec.trashed_at is not None
    return spec.trashed_at


def page_of(
    found: Sequence[SpecRecord], limit: int, time: Callable[[SpecRecord], datetime] = time_of_change
) -> SpecPage:
    """Return a page of the first ``limit`` specs; another page follows if more were ``found``.

    ``time`` is that by which they are sorted.
    """
    specs = tuple(found[:limit])
    if len(found) <= limit or not specs:
        return SpecPage(specs)
    last = specs[-1]
    text = f"{time(last).isoformat()} {last.spec_id}"
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
