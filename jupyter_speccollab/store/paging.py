"""Pages: how many values fit into one, and the opaque cursor of the pages of `SpecStore.specs`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from jupyter_speccollab.document.words import key_of
from jupyter_speccollab.errors import InvalidMessage

from .base import SpecOrder, SpecPage, SpecRecord

T = TypeVar("T")

Place = tuple[datetime | str, ...]
"""What a spec is sorted by; its id comes last, so that no two specs have the same place."""

PlaceOf = Callable[[SpecRecord], Place]


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


def time_of_deletion(spec: SpecRecord) -> datetime:
    """When a spec in the trash was deleted."""
    assert spec.trashed_at is not None
    return spec.trashed_at


def place_in_trash(spec: SpecRecord) -> Place:
    """The place in the list of the trash."""
    return time_of_deletion(spec), spec.spec_id


PLACES: Final[dict[SpecOrder, PlaceOf]] = {
    SpecOrder.CHANGED: lambda spec: (spec.modified_at, spec.spec_id),
    SpecOrder.TITLE: lambda spec: (key_of(spec.title), spec.spec_id),
    SpecOrder.STATUS: lambda spec: (spec.status, key_of(spec.title), spec.spec_id),
}
"""The place of a spec in each order. `SpecOrder.CHANGED` is sorted descending, the others ascending."""


def page_of(found: Sequence[SpecRecord], limit: int, place: PlaceOf = PLACES[SpecOrder.CHANGED]) -> SpecPage:
    """Return a page of the first ``limit`` specs; another page follows if more were ``found``."""
    specs = tuple(found[:limit])
    if len(found) <= limit or not specs:
        return SpecPage(specs)
    last = [each.isoformat() if isinstance(each, datetime) else each for each in place(specs[-1])]
    return SpecPage(specs, base64.urlsafe_b64encode(msgspec.json.encode(last)).decode())


def place_of(cursor: str | None, order: SpecOrder = SpecOrder.CHANGED) -> Place | None:
    """Return the place of a cursor. Raises `InvalidMessage` if `page_of` did not make it for this order."""
    if cursor is None:
        return None
    try:
        *keys, spec_id = msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode()), type=list[str])
        if len(keys) != (2 if order is SpecOrder.STATUS else 1):
            raise ValueError
        if order is SpecOrder.CHANGED:
            return datetime.fromisoformat(keys[0]).astimezone(UTC), str(UUID(spec_id))
        return (*keys, str(UUID(spec_id)))
    except (ValueError, msgspec.DecodeError, OverflowError) as error:
        raise InvalidMessage("This is not a cursor of the list of specs; ask for the first page.") from error
