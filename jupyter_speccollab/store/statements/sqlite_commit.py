"""The commit on SQLite: a conditional UPDATE and an INSERT of many rows, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Dialect, bindparam, update

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.tables import specifications

from .operations import APPEND, OF_A_SUGGESTION, ORDINARY, commit_parameters, conflict, row_of
from .prepared import Prepared

_spec = specifications.c

ADVANCE: Final = (
    update(specifications)
    .where(
        _spec.id == bindparam("spec"),
        _spec.version == bindparam("base"),
        _spec.access_version == bindparam("access"),
        _spec.trashed_at.is_(None),
    )
    .values(
        version=_spec.version + bindparam("count"),
        modified_by=bindparam("by"),
        modified_at=bindparam("at"),
        stored_bytes=_spec.stored_bytes + bindparam("bytes"),
    )
)

ROWS: Final = 100
"""Rows of one INSERT: old versions of SQLite allow 999 parameters in one statement."""


class SqliteCommit:
    """The commit, with statements compiled for a dialect and executed directly by the driver.

    Law: of all commits based on one version exactly one succeeds, because the UPDATE locks the file until the
    transaction ends (``contract/test_races.py::test_one_wins_each_version``).
    """

    def __init__(self, dialect: Dialect) -> None:
        self._advance = Prepared(ADVANCE, dialect)
        self._append = Prepared(APPEND, dialect, ORDINARY)
        self._append_suggestion = Prepared(APPEND, dialect, [*ORDINARY, *OF_A_SUGGESTION])

    def __call__(
        self,
        connection: Connection,
        spec_id: str,
        base_version: int,
        access_version: int,
        operations: Sequence[CommittedOperation],
    ) -> None:
        """Advance the version, then insert the rows.

        Raises `VersionTaken`, `AccessChanged`, `SpecMissing`, and `sqlite3.IntegrityError` if an operationId is
        committed already; the caller rolls back.
        """
        driver: Any = connection.connection.driver_connection
        parameters = self._advance.values(
            commit_parameters(spec_id, base_version, access_version, operations)
        )
        if not driver.execute(self._advance.sql, parameters).rowcount:
            raise conflict(connection, spec_id, base_version)
        rows = [row_of(spec_id, operation) for operation in operations]
        ordinary = [self._append.values(row) for row in rows if OF_A_SUGGESTION[0] not in row]
        for start in range(0, len(ordinary), ROWS):
            some = ordinary[start : start + ROWS]
            more = f", {self._append.row}" * (len(some) - 1)
            driver.execute(self._append.sql + more, list(chain.from_iterable(some)))
        if len(ordinary) < len(rows):
            others = (row for row in rows if OF_A_SUGGESTION[0] in row)
            driver.executemany(self._append_suggestion.sql, map(self._append_suggestion.values, others))
