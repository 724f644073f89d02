"""The commit on PostgreSQL: one statement, which takes one round trip.

With two statements, a server that stops between them would keep the row of the spec locked until its
transaction is ended (``docs/adr/0005-one-statement-commits.md``). The effect is the same as that of
`SqliteCommit`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.types import UtcTime, UuidText

from .operations import commit_parameters, conflict, row_of

_COMMIT = text(
    """
    WITH advanced AS (
        UPDATE specifications
        SET version = version + :count, modified_by = :by, modified_at = :at,
            stored_bytes = stored_bytes + :bytes
        WHERE id = :spec AND version = :base AND access_version = :access
            AND trashed_at IS NULL
        RETURNING id
    )
    INSERT INTO document_operations
        (spec_id, version, operation_id, user_id, session_id, operations, applied_at, fingerprint,
         author_id, thread_id)
    SELECT advanced.id, made.version, made.operation_id, made.user_id, made.session_id, made.operations,
        made.applied_at, decode(made.fingerprint, 'hex'), made.author_id, made.thread_id
    FROM advanced, jsonb_to_recordset(:made) AS made
        (version int, operation_id uuid, user_id uuid, session_id uuid, operations jsonb,
         applied_at timestamptz, fingerprint text, author_id uuid, thread_id uuid)
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
    """Advance the version and insert the rows. Raises as `SqliteCommit`."""
    made = [
        {**row_of(spec_id, operation), "applied_at": operation.timestamp.isoformat()}
        for operation in operations
    ]
    parameters = {**commit_parameters(spec_id, base_version, access_version, operations), "made": made}
    if connection.execute(_COMMIT, parameters).rowcount:
        return
    raise conflict(connection, spec_id, base_version)
