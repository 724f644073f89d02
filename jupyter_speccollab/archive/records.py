"""The records of an archive, and their conversion to and from the values of a store.

A record is one line: a JSON object whose field ``line`` names its type. Times are ISO-8601 UTC with ``Z``, in
microseconds. The order is: the header; the spec; collaborators; threads, each followed by its messages; deleted
threads; operations and revisions, each revision after the
operation that made its version, and followed by its attribution where that does not follow from the operations;
attachments, each followed by its bytes in parts; the end. The record of a user
comes before the first record that names the user.

Laws (``tests/archive/test_records.py``): ``decode(encode(record)) == record``; ``row_of(record_of(row)) == row``
except for fields that a store computes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from jupyter_speccollab.archive.flaw import Flaw
from jupyter_speccollab.document.passage import AROUND
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.thread_limits import MESSAGES
from jupyter_speccollab.document.thread_text import LONGEST
from jupyter_speccollab.document.user import LOGIN_LENGTH, User
from jupyter_speccollab.errors import InvalidContent
from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    DeletedThread,
    Grant,
    LoggedOperation,
    RevisionKind,
    Snapshot,
    SpecRecord,
    StoredAttribution,
    StoredMessage,
    StoredThread,
    ThreadKind,
    ThreadState,
)
from jupyter_speccollab.store.base.attachments import PART_BYTES
from jupyter_speccollab.text import check_content
from jupyter_speccollab.text.anchor import MOST_LETTERS, Anchor

FORMAT: Final = "speccollab-spec"
FORMAT_VERSION: Final = 2
"""Version 2 has attachments, and the notebook of a spec; a file of version 1 is read as well."""

CONTENTS: Final = ("attachments", "attributions", "threads")
"""What a file of this version may hold beside the text and its history.

A file names what it holds in its header, so that later kinds need no new version, and a program that does not know
one refuses the file."""

QUOTED: Final = 200
"""The greatest number of characters of an error of the decoder, which may quote the line, in a message."""

NOT_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The exceptions of the decoder for bytes that are not a record."""

Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Fingerprint = Annotated[str, Meta(pattern=r"^([0-9a-f]{2})+\Z", max_length=128)]
Time = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, lt=1 << 31)]
Login = Annotated[str, Meta(max_length=LOGIN_LENGTH)]
Name = Annotated[str, Meta(max_length=200)]
Word = Annotated[str, Meta(max_length=64)]
Address = Annotated[str, Meta(max_length=2_000)]
Title = Annotated[str, Meta(min_length=1, max_length=3 * 200)]
"""Three times as long as the server takes it, as earlier versions did not check its length after normalising it.
The same holds for the next three. `fit` cuts them."""

Label = Title
ShortText = Annotated[str, Meta(max_length=3 * 40)]
Description = Annotated[str, Meta(max_length=3 * 2_000)]
Summary = Annotated[str, Meta(max_length=2_000)]
Principal = Annotated[str, Meta(max_length=300)]
MediaType = Literal["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"]
RoleName = Literal["viewer", "commenter", "contributor", "admin", "owner"]
Letters = Annotated[str, Meta(max_length=MOST_LETTERS)]
Beside = Annotated[str, Meta(max_length=AROUND)]
Body = Annotated[str, Meta(max_length=LONGEST)]
Mentions = Annotated[tuple[Uuid, ...], Meta(max_length=3_000)]
OtherMessages = Annotated[tuple[Uuid, ...], Meta(max_length=MESSAGES)]
"""The ids of the messages of a deleted thread."""


class Record(Struct, frozen=True, rename="camel", tag_field="line", forbid_unknown_fields=True):
    """Any record."""


class ArchiveHeader(Record, frozen=True, tag="header"):
    """The first record: the format, its version, and which of `CONTENTS` the file holds."""

    format: Literal["speccollab-spec"] = FORMAT
    format_version: Literal[1, 2] = FORMAT_VERSION
    contents: tuple[Literal["attachments", "attributions", "threads"], ...] = ()


class ArchivedUser(Record, frozen=True, tag="user"):
    """A user; comes before the first record that names the user."""

    user_id: Uuid
    login: Login
    name: Name
    initials: Word
    color: Word
    avatar_url: Address
    issuer: Address


class ArchivedSpec(Record, frozen=True, tag="spec", omit_defaults=True):
    """The spec. ``version`` is that of the last operation, ``threads_version`` the number of changes of threads."""

    spec_id: Uuid
    title: Title
    description: Description
    type: ShortText
    status: ShortText
    version: Count
    epoch: Uuid
    created_by: Uuid
    created_at: Time
    modified_by: Uuid
    modified_at: Time
    notebook: Address = ""
    threads_version: Count = 0


class ArchivedGrant(Record, frozen=True, tag="collaborator"):
    """An entry of the access list; ``principal`` is a userId or ``group:<name>``."""

    principal: Principal
    role: RoleName
    granted_by: Uuid
    granted_at: Time


class ArchivedThread(Record, frozen=True, tag="thread"):
    """A comment or a suggestion on a range of the text of ``anchor_version``; its messages follow."""

    thread_id: Uuid
    kind: ThreadKind
    state: ThreadState
    anchor_start: Count
    anchor_end: Count
    letters: Letters | None
    anchor_version: Count
    quote: str
    prefix: Beside
    suffix: Beside
    replacement: Body | None
    created_by: Uuid
    created_at: Time
    fingerprint: Fingerprint
    changed: Count
    resolved_by: Uuid | None
    resolved_at: Time | None
    accepted_version: Count | None


class ArchivedMessage(Record, frozen=True, tag="message"):
    """A message of the thread before it."""

    message_id: Uuid
    user_id: Uuid
    body: Body
    created_at: Time
    fingerprint: Fingerprint
    edited_at: Time | None
    deleted: bool
    mentions: Mentions


class ArchivedDeletedThread(Record, frozen=True, tag="deletedThread"):
    """The ids of a thread that was deleted, and of its other messages."""

    thread_id: Uuid
    changed: Count
    message_ids: OtherMessages


class ArchivedOperation(Record, frozen=True, tag="operation", omit_defaults=True):
    """The operation that made ``version``; ``changes`` is null if the operation is folded.

    An accepted suggestion has the author who suggested it, and the thread of the suggestion.
    """

    version: Count
    operation_id: Uuid
    user_id: Uuid
    session_id: Uuid | None
    changes: list[tuple[Count, str, str]] | None
    applied_at: Time
    fingerprint: Fingerprint
    author_id: Uuid | None = None
    thread_id: Uuid | None = None


class ArchivedRevision(Record, frozen=True, tag="revision"):
    """The whole text at ``version``."""

    version: Count
    kind: RevisionKind
    label: Label | None
    changes_summary: Summary
    created_by: Uuid
    created_at: Time
    content_hash: Digest
    content: str


class ArchivedAttribution(Record, frozen=True, tag="attribution"):
    """Who inserted which letter of the revision before it, in base64, as `Attribution.to_bytes` writes it."""

    version: Count
    runs: bytes


class ArchivedAttachment(Record, frozen=True, tag="attachment"):
    """A picture; its bytes follow."""

    attachment_id: Digest
    media_type: MediaType
    size: Count
    created_by: Uuid
    created_at: Time


class ArchivedAttachmentPart(Record, frozen=True, tag="attachmentPart"):
    """A part of the bytes of the attachment before it, in base64; ``number`` counts from 0."""

    attachment_id: Digest
    number: Count
    content: Annotated[bytes, Meta(min_length=1, max_length=PART_BYTES)]


class ArchiveEnd(Record, frozen=True, tag="end"):
    """The last record: without it, the file was cut off.

    ``lines`` is the number of lines before it, ``sha256`` the hash of their bytes including line ends, and
    ``content_hash`` the hash of the text at the last version.
    """

    lines: Count
    content_hash: Digest
    sha256: Digest


ArchivedPart = (
    ArchivedUser
    | ArchivedSpec
    | ArchivedGrant
    | ArchivedThread
    | ArchivedMessage
    | ArchivedDeletedThread
    | ArchivedOperation
    | ArchivedRevision
    | ArchivedAttribution
    | ArchivedAttachment
    | ArchivedAttachmentPart
)
AnyRecord = ArchiveHeader | ArchivedPart | ArchiveEnd

Assembled = (
    User
    | SpecRecord
    | Grant
    | StoredThread
    | DeletedThread
    | LoggedOperation
    | Snapshot
    | StoredAttribution
    | Attachment
    | AttachmentPart
)
"""A value of the store; a thread is one with its messages."""

Row = Assembled | StoredMessage
"""A record as a value of the store. A thread has no messages: they follow it."""

_RECORDS: Final[dict[type[Row], type[ArchivedPart]]] = {
    User: ArchivedUser,
    SpecRecord: ArchivedSpec,
    Grant: ArchivedGrant,
    StoredThread: ArchivedThread,
    StoredMessage: ArchivedMessage,
    DeletedThread: ArchivedDeletedThread,
    LoggedOperation: ArchivedOperation,
    Snapshot: ArchivedRevision,
    StoredAttribution: ArchivedAttribution,
    Attachment: ArchivedAttachment,
    AttachmentPart: ArchivedAttachmentPart,
}
_ROWS: Final[dict[type[ArchivedPart], type[Row]]] = {record: row for row, record in _RECORDS.items()}
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyRecord] = msgspec.json.Decoder(AnyRecord)


def encode(record: AnyRecord) -> bytes:
    """Return the record as a line of UTF-8, with its line end."""
    return _encoder.encode(record) + b"\n"


def decode(data: bytes) -> AnyRecord:
    """Return the record of a line. Raises `Flaw`."""
    try:
        return _decoder.decode(data)
    except NOT_JSON as error:
        raise Flaw(f"it is not a line of this format ({str(error)[:QUOTED]})") from error


def record_of(row: Row) -> ArchivedPart:
    """Return the record of a value of the store."""
    kind = _RECORDS[type(row)]
    computed: dict[str, Any] = {}
    match row:
        case Grant():
            computed = {"role": row.role.label}
        case StoredThread():
            anchor = row.anchor
            computed = {"anchor_start": anchor.start, "anchor_end": anchor.end, "letters": anchor.letters}
        case StoredMessage() | DeletedThread():
            names = "mentions" if isinstance(row, StoredMessage) else "message_ids"
            computed = {names: tuple(getattr(row, names))}
    names_of_row = [name for name in kind.__struct_fields__ if name not in computed]
    return kind(**computed, **{name: getattr(row, name) for name in names_of_row})


def row_of(record: ArchivedPart) -> Row:
    """Return the record as a value of the store.

    Fields that a store computes are left empty: ``access_version`` and the names of users.
    Raises `Flaw` if a text is not allowed in a store, or a time is not UTC.
    """
    values: dict[str, Any] = {name: _checked(getattr(record, name)) for name in record.__struct_fields__}
    match record:
        case ArchivedSpec():
            values |= {"access_version": 0, "modified_by_name": ""}
        case ArchivedGrant():
            values |= {"role": Role.named(record.role)}
        case ArchivedRevision():
            values |= {"created_by_name": ""}
        case ArchivedThread():
            anchor = Anchor(*(values.pop(name) for name in ("anchor_start", "anchor_end", "letters")))
            values |= {"anchor": anchor, "created_by_name": ""}
        case ArchivedMessage():
            values |= {"user_name": ""}
    return _ROWS[type(record)](**values)


def _checked(value: object) -> object:
    """Return the value of a field, times with the time zone `datetime.UTC`. Raises `Flaw`."""
    match value:
        case str():
            _check_text(value)
        case datetime():
            if value.utcoffset():
                raise Flaw("a time is not UTC")
            return value.replace(tzinfo=UTC)
        case list():
            for _, removed, added in value:
                _check_text(removed)
                _check_text(added)
    return value


def _check_text(text: str) -> None:
    try:
        check_content(text)
    except InvalidContent as error:
        raise Flaw(error.message.rstrip(".").replace("The", "the", 1)) from error
