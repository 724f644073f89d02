"""Values to store. Ids are derived from numbers, so that every run has the same ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.store.base import RevisionKind, SessionRecord, Snapshot, SpecRecord
from jupyter_speccollab.text import Operation, Text, to_stored

START = datetime(2026, 11, 23, 10, 30, 0, 123456, tzinfo=UTC)


def an_id(kind: str, number: int = 0) -> str:
    return str(uuid5(NAMESPACE_OID, f"{kind} {number}"))


def moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


ADA = User(
    user_id_of("test", "ada"), "ada", "Ada Lovelace", "AL", "#aa0000", "https://example.org/ada.png", "test"
)
BOB = User(user_id_of("test", "bob"), "bob", "Bob 🎈", issuer="test")
SPEC = an_id("spec")
NOBODY = an_id("user", 99)


def a_spec(
    spec_id: str = SPEC, *, title: str = "A spec", version: int = 0, at: float = 0, **more: str
) -> SpecRecord:
    return SpecRecord(
        spec_id=spec_id,
        title=title,
        description=more.get("description", ""),
        type="feature",
        status="draft",
        version=version,
        epoch=an_id("epoch"),
        access_version=1,
        created_by=more.get("by", ADA.user_id),
        created_at=START,
        modified_by=more.get("by", ADA.user_id),
        modified_by_name=ADA.name,
        modified_at=moment(at),
    )


def a_snapshot(
    version: int = 0,
    content: str = "",
    kind: RevisionKind = RevisionKind.CREATED,
    label: str | None = None,
    by: User = ADA,
    summary: str = "",
) -> Snapshot:
    return Snapshot(
        version=version,
        content=content,
        content_hash=sha256(content.encode()).hexdigest(),
        created_by=by.user_id,
        created_by_name=by.name,
        created_at=moment(version),
        kind=kind,
        label=label,
        changes_summary=summary,
    )


def an_operation(
    version: int,
    *,
    number: int | None = None,
    by: User = ADA,
    base: str = "",
    operation: Operation | None = None,
    session: int | None = 0,
) -> CommittedOperation:
    """``number`` names the operationId and defaults to the version; ``base`` is the text before the operation."""
    number = version if number is None else number
    made = Operation.of(f"{number} ") if operation is None else operation
    return CommittedOperation(
        version=version,
        operation_id=an_id("operation", number),
        user_id=by.user_id,
        user_name=by.name,
        session_id=None if session is None else an_id("session", session),
        operation=made,
        components=to_stored(made, Text(base)),
        timestamp=moment(version),
        fingerprint=sha256(str(number).encode()).hexdigest(),
    )


def some_operations(
    first: int, count: int, *, by: User = ADA, offset: int = 0
) -> Sequence[CommittedOperation]:
    """Operations with versions from ``first``; the numbers of their ids start at ``first + offset``."""
    return [an_operation(first + index, number=first + index + offset, by=by) for index in range(count)]


def a_session(
    number: int = 0, *, spec_id: str = SPEC, by: User = ADA, at: float = 0, socket: int | None = None
) -> SessionRecord:
    return SessionRecord(
        session_id=an_id("session", number),
        spec_id=spec_id,
        user_id=by.user_id,
        user_name=by.name,
        socket_id=f"socket-{number if socket is None else socket}",
        joined_at=moment(at),
        last_activity=moment(at),
    )
