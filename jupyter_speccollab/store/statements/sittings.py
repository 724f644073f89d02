"""Statements on ``sittings``, and on the log and the revisions that they are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, null, select, update

from jupyter_speccollab.document.sitting import Sitting, changed_by
from jupyter_speccollab.store.base import Measure, RevisionKind, Snapshot, SpecMissing, StoredSitting
from jupyter_speccollab.store.tables import document_operations, document_versions, sittings, users

from .operations import AUTHOR, lock

_sitting, _operation, _snapshot = sittings.c, document_operations.c, document_versions.c

PAGE: Final = 100
"""How many sittings are read at once where it is not known how many are needed."""

LARGEST: Final = 2**31 - 1
"""The largest version that a database holds."""

ASKED_FOR: Final = [kind.value for kind in RevisionKind if kind.is_asked_for]
_KEPT_KINDS = [kind.value for kind in RevisionKind if not kind.is_automatic]

_OF_SPEC = _sitting.spec_id == bindparam("spec")
_LISTED = select(sittings).where(_OF_SPEC).order_by(_sitting.first_version.desc())
_NEXT = select(sittings).where(_OF_SPEC, _sitting.first_version > bindparam("after"))
_NEXT = _NEXT.order_by(_sitting.first_version).limit(bindparam("most"))
_UP_TO = _LISTED.where(_sitting.first_version <= bindparam("at")).limit(bindparam("most"))
_ADD = insert(sittings)
_REMOVE = delete(sittings).where(
    _OF_SPEC, _sitting.first_version >= bindparam("first"), _sitting.first_version <= bindparam("last")
)
_THIS_ONE = (
    _OF_SPEC,
    _sitting.first_version == bindparam("first"),
    _sitting.last_version == bindparam("last"),
    _sitting.started_at == bindparam("begun"),
    _sitting.ended_at == bindparam("done"),
)
_MEASURE = (
    update(sittings)
    .where(*_THIS_ONE)
    .values(
        people=bindparam("in_all"),
        added=bindparam("come"),
        removed=bindparam("gone"),
        summary=bindparam("words"),
    )
)
_SUBJECTS = update(sittings).where(*_THIS_ONE).values(subjects=bindparam("named"))
_IN_RANGE = (
    _snapshot.spec_id == bindparam("spec"),
    _snapshot.version > bindparam("after"),
    _snapshot.version <= bindparam("until"),
)
_ASKED_FOR_IN = select(_snapshot.version).where(*_IN_RANGE, _snapshot.kind.in_(ASKED_FOR))
_KEPT = (
    select(
        _snapshot.version,
        null().label("content"),
        _snapshot.content_hash,
        _snapshot.created_by,
        users.c.name.label("created_by_name"),
        _snapshot.created_at,
        _snapshot.kind,
        _snapshot.label,
        _snapshot.changes_summary,
    )
    .join_from(document_versions, users, users.c.id == _snapshot.created_by)
    .where(*_IN_RANGE, _snapshot.kind.in_(_KEPT_KINDS))
    .order_by(_snapshot.version)
)
_TIMES = (
    select(_operation.version, _operation.applied_at)
    .where(_operation.spec_id == bindparam("spec"), _operation.version > bindparam("after"))
    .order_by(_operation.version)
    .limit(bindparam("most"))
)
_OPERATIONS_IN = (
    _operation.spec_id == bindparam("spec"),
    _operation.version > bindparam("after"),
    _operation.version <= bindparam("until"),
)
_BY_AUTHORS = select(AUTHOR, func.count()).where(*_OPERATIONS_IN).group_by(AUTHOR)
_ACCEPTED = (
    select(_operation.user_id, func.count())
    .where(*_OPERATIONS_IN, _operation.author_id.is_not(None), _operation.author_id != _operation.user_id)
    .group_by(_operation.user_id)
)


def below(connection: Connection, spec_id: str, before: int | None, limit: int) -> list[StoredSitting]:
    """Return sittings whose last version is below ``before``, newest first."""
    statement = _LISTED
    if before is not None:
        limits = (_sitting.last_version < bindparam("before"), _sitting.first_version < bindparam("before"))
        statement = statement.where(*limits)  # the second one is for the index
    rows = connection.execute(statement.limit(limit), {"spec": spec_id, "before": before})
    return [_stored(row) for row in rows]


def following(connection: Connection, spec_id: str, after: int) -> Sitting | None:
    """Return the oldest sitting that begins after version ``after``."""
    row = connection.execute(_NEXT, {"spec": spec_id, "after": after, "most": 1}).first()
    return None if row is None else _sitting_of(row)


def add(connection: Connection, spec_id: str, before: Sitting | None, found: Sequence[Sitting]) -> bool:
    """Add sittings that were found from the stored one ``before`` on; returns whether it was done.

    The spec is locked first, as a revision is saved: whichever comes second sees what the other one has written.
    """
    try:
        lock(connection, spec_id)
    except SpecMissing:
        return False
    if not found:
        return False
    newest = connection.execute(_UP_TO, {"spec": spec_id, "at": found[-1].last, "most": 2})
    there = [each for each in map(_sitting_of, newest) if each.last >= (before or found[0]).first]
    if there != ([] if before is None else [before]):
        return False
    asked = {"spec": spec_id, "after": found[0].first - 1, "until": found[-1].last}
    ends = set(connection.execute(_ASKED_FOR_IN, asked).scalars())
    if not ends <= {each.last for each in found}:
        return False
    connection.execute(_REMOVE, {"spec": spec_id, "first": found[0].first, "last": found[0].first})
    connection.execute(_ADD, [_row(spec_id, each) for each in found])
    return True


def remove_changed(connection: Connection, spec_id: str, version: int) -> None:
    """Delete the sittings that may be others now that somebody asked for a revision of ``version``."""
    row = connection.execute(_UP_TO, {"spec": spec_id, "at": version, "most": 1}).first()
    if row is None or row.last_version <= version:
        return
    asked = {"spec": spec_id, "after": version, "until": LARGEST}
    ends = set(connection.execute(_ASKED_FOR_IN, asked).scalars())
    gone = list(changed_by(version, _from(connection, spec_id, row.first_version), ends))
    connection.execute(_REMOVE, {"spec": spec_id, "first": gone[0].first, "last": gone[-1].first})


def _from(connection: Connection, spec_id: str, first: int) -> Iterator[Sitting]:
    """The sittings from the one that begins with version ``first`` on, ascending."""
    after = first - 1
    while rows := connection.execute(_NEXT, {"spec": spec_id, "after": after, "most": PAGE}).all():
        yield from map(_sitting_of, rows)
        after = rows[-1].first_version


def set_measure(connection: Connection, spec_id: str, sitting: Sitting, measure: Measure) -> None:
    """Set what was done in a sitting."""
    values = {
        "in_all": dict(measure.people),
        "come": measure.added,
        "gone": measure.removed,
        "words": measure.summary,
    }
    connection.execute(_MEASURE, {**_place(spec_id, sitting), **values})


def set_subjects(connection: Connection, spec_id: str, sitting: Sitting, subjects: Sequence[str]) -> None:
    """Set the subjects of a sitting."""
    connection.execute(_SUBJECTS, {**_place(spec_id, sitting), "named": list(subjects)})


def commit_times(
    connection: Connection, spec_id: str, after: int, limit: int
) -> Sequence[tuple[int, datetime]]:
    """Return versions with their times, ascending."""
    rows = connection.execute(_TIMES, {"spec": spec_id, "after": after, "most": limit})
    return [(version, at) for version, at in rows]


def kept_revisions(connection: Connection, spec_id: str, after: int, until: int) -> list[Snapshot]:
    """Return the revisions that are not automatic, ascending, without their content."""
    rows = connection.execute(_KEPT, {"spec": spec_id, "after": after, "until": until})
    return [Snapshot(**{**row._mapping, "kind": RevisionKind(row.kind)}) for row in rows]


def contributions(connection: Connection, spec_id: str, after: int, until: int) -> Mapping[str, int]:
    """Return how many versions each user wrote, or accepted as another's suggestion."""
    place = {"spec": spec_id, "after": after, "until": until}
    found: Counter[str] = Counter()
    for statement in (_BY_AUTHORS, _ACCEPTED):
        found.update({row[0]: row[1] for row in connection.execute(statement, place)})
    return found


def _place(spec_id: str, sitting: Sitting) -> dict[str, Any]:
    return {
        "spec": spec_id,
        "first": sitting.first,
        "last": sitting.last,
        "begun": sitting.started_at,
        "done": sitting.ended_at,
    }


def _row(spec_id: str, sitting: Sitting) -> dict[str, Any]:
    named = asdict(sitting)
    return {
        "spec_id": spec_id,
        "first_version": named.pop("first"),
        "last_version": named.pop("last"),
        **named,
    }


def _stored(row: Row[Any]) -> StoredSitting:
    measure = row.people and Measure(row.people, row.added, row.removed, row.summary or "")
    subjects = None if row.subjects is None else tuple(row.subjects)
    return StoredSitting(_sitting_of(row), measure, subjects)


def _sitting_of(row: Row[Any]) -> Sitting:
    return Sitting(row.first_version, row.last_version, row.started_at, row.ended_at)
