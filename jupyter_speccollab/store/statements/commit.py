"""The commit on SQLite: a conditional UPDATE and an INSERT of many rows, in a transaction of the caller's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Dialect, bindparam, update

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.tables import specifications

from .operations import APPEND, row_of, step, why_not
from .prepared import Prepared

_spec = specifications.c

ADVANCE: Final = (
    update(specifications)
    .where(
        _spec.id == bindparam("spec"),
        _spec.version == bindparam("base"),
        _spec.access_version == bindparam("access"),
    )
    .values(
        version=_spec.version + bindparam("count"),
        modified_by=bindparam("by"),
        modified_at=bindparam("at"),
    )
)

ROWS: Final = 100
"""Rows of one INSERT: an old SQLite takes 999 parameters in all."""


class SqliteCommit:
    """Statements prepared for a dialect, and carried out by its driver.

    Law: of all who commit on one version exactly one advances it, for the UPDATE locks the file until the
    transaction ends (``contract/test_races.py::test_one_wins_each_version``).
    """

    def __init__(self, dialect: Dialect) -> None:
        self._advance = Prepared(ADVANCE, dialect)
        self._append = Prepared(APPEND, dialect)

    def __call__(
        self,
        connection: Connection,
        spec_id: str,
        base_version: int,
        access_version: int,
        operations: Sequence[CommittedOperation],
    ) -> None:
        """Advance the version, then append the rows.

        Raises `VersionTaken`, `AccessChanged`, `SpecMissing`, and `sqlite3.IntegrityError` where an operationId is
        committed already; the caller rolls back.
        """
        driver: Any = connection.connection.driver_connection
        advance = self._advance.values(step(spec_id, base_version, access_version, operations))
        if not driver.execute(self._advance.sql, advance).rowcount:
            raise why_not(connection, spec_id, base_version)
        for start in range(0, len(operations), ROWS):
            rows = [
                self._append.values(row_of(spec_id, operation))
                for operation in operations[start : start + ROWS]
            ]
            more = f", {self._append.row}" * (len(rows) - 1)
            driver.execute(self._append.sql + more, list(chain.from_iterable(rows)))
