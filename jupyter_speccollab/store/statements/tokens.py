"""Statements on ``token_revocations``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from jupyter_speccollab.store.tables import token_revocations

_row = token_revocations.c

_ADD = insert(token_revocations)
_CHANGE = (
    update(token_revocations)
    .where(_row.subject == bindparam("key"))
    .values(revoked_at=bindparam("revoked_at"))
)
_FIND = select(_row.subject, _row.revoked_at).where(_row.subject.in_(bindparam("subjects", expanding=True)))


def revoke(connection: Connection, subject: str, at: datetime) -> None:
    """Insert or update.

    Raises `sqlalchemy.exc.IntegrityError` if another server inserts the subject at the same time.
    """
    if not connection.execute(_CHANGE, {"key": subject, "revoked_at": at}).rowcount:
        connection.execute(_ADD, {"subject": subject, "revoked_at": at})


def find(connection: Connection, subjects: Collection[str]) -> Mapping[str, datetime]:
    """Return the revoked ones among ``subjects``, with the time of revocation."""
    rows = connection.execute(_FIND, {"subjects": list(subjects)})
    return {row.subject: row.revoked_at for row in rows}
