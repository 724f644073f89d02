"""Values to store. Ids are derived from numbers, so that every run has the same ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.store.base import (
    RevisionKind,
    SessionRecord,
    Snapshot,
    SpecRecord,
    StoredMessage,
    StoredThread,
    ThreadKind,
    ThreadState,
)
from jupyter_speccollab.text import Operation, Text, to_stored
from jupyter_speccollab.text.anchor import Anchor

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
    suggested_by: User | None = None,
    thread: int = 0,
) -> CommittedOperation:
    """``number`` names the operationId and defaults to the version; ``base`` is the text before the operation.

    With ``suggested_by``, it accepts their suggestion of the thread with the number ``thread``.
    """
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
        author_id=suggested_by and suggested_by.user_id,
        author_name=suggested_by and suggested_by.name,
        thread_id=None if suggested_by is None else an_id("thread", thread),
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


def a_message(
    number: int = 0, *, by: User = ADA, body: str = "Why? 🎈", mentions: Sequence[User] = ()
) -> StoredMessage:
    return StoredMessage(
        message_id=an_id("message", number),
        user_id=by.user_id,
        user_name=by.name,
        body=body,
        created_at=moment(number),
        fingerprint=sha256(body.encode()).hexdigest(),
        mentions=tuple(user.user_id for user in mentions),
    )


def a_thread(
    number: int = 0,
    *,
    changed: int = 1,
    by: User = ADA,
    messages: Sequence[StoredMessage] = (),
    replacement: str | None = None,
    quote: str = "some words",
    at_version: int = 0,
    state: ThreadState = ThreadState.OPEN,
) -> StoredThread:
    """A suggestion if it has a ``replacement``, else a comment. Its anchor is as long as the quote."""
    return StoredThread(
        thread_id=an_id("thread", number),
        kind=ThreadKind.COMMENT if replacement is None else ThreadKind.SUGGESTION,
        state=state,
        anchor=Anchor(3, 3 + len(quote)),
        anchor_version=at_version,
        quote=quote,
        prefix="pré",
        suffix="",
        replacement=replacement,
        created_by=by.user_id,
        created_by_name=by.name,
        created_at=moment(number),
        fingerprint=sha256(str(number).encode()).hexdigest(),
        changed=changed,
        messages=tuple(messages),
    )
