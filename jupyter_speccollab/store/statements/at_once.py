"""The commit as one statement, for PostgreSQL: one round trip, and no lock that waits for us to go on.

A server that stops between two statements of a transaction holds the spec's row until somebody ends it; here there
is no between. It says what `SqliteCommit` says.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.types import UtcTime, UuidText

from .operations import row_of, step, why_not

_COMMIT = text(
    """
    WITH advanced AS (
        UPDATE specifications SET version = version + :count, modified_by = :by, modified_at = :at
        WHERE id = :spec AND version = :base AND access_version = :access
        RETURNING id
    )
    INSERT INTO document_operations
        (spec_id, version, operation_id, user_id, session_id, operations, applied_at, fingerprint)
    SELECT advanced.id, made.version, made.operation_id, made.user_id, made.session_id, made.operations,
        made.applied_at, decode(made.fingerprint, 'hex')
    FROM advanced, jsonb_to_recordset(:made) AS made
        (version int, operation_id uuid, user_id uuid, session_id uuid, operations jsonb,
         applied_at timestamptz, fingerprint text)
    """
).bindparams(
    bindparam("spec", type_=UuidText),
    bindparam("by", type_=UuidText),
    bindparam("at", type_=UtcTime),
    bindparam("made", type_=JSONB),
)


def commit(
    connection: Connection,
    spec_id: str,
    base_version: int,
    access_version: int,
    operations: Sequence[CommittedOperation],
) -> None:
    """Advance the version and append the rows. Raises as `SqliteCommit`."""
    made = [
        {**row_of(spec_id, operation), "applied_at": operation.timestamp.isoformat()}
        for operation in operations
    ]
    parameters = {**step(spec_id, base_version, access_version, operations), "made": made}
    if connection.execute(_COMMIT, parameters).rowcount:
        return
    raise why_not(connection, spec_id, base_version)
