"""Reading an archive: each line is checked when it is read, by itself and against the lines before it."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from jupyter_speccollab.archive.attachments import AttachmentCheck
from jupyter_speccollab.archive.bounds import COLLABORATORS, EXPANSION, SHORT_FIELDS, USERS, Bounds
from jupyter_speccollab.archive.flaw import BadArchive, Flaw
from jupyter_speccollab.archive.records import (
    CONTENTS,
    FORMAT,
    FORMAT_VERSION,
    NOT_JSON,
    QUOTED,
    ArchiveEnd,
    ArchiveHeader,
    Row,
    decode,
    row_of,
)
from jupyter_speccollab.archive.referenced_users import referenced_users
from jupyter_speccollab.archive.replay import Replay
from jupyter_speccollab.archive.threads import ThreadCheck
from jupyter_speccollab.document.user import User, is_login, user_id_of
from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    DeletedThread,
    Grant,
    LoggedOperation,
    Snapshot,
    SpecRecord,
    StoredAttribution,
    StoredMessage,
    StoredThread,
)

NO_EXPORT: Final = "this is not an export of a spec"


def read(path: Path, bounds: Bounds | None = None) -> Iterator[Row]:
    """Iterate over the rows of the archive at ``path``; the archive is valid only if the iterator reaches the end.

    Keeps the current text, the ids of the users and one line in memory. ``bounds`` are by default those of a
    server that is not configured. Raises `BadArchive`.
    """
    bounds = bounds or Bounds()
    with _opened(path) as (file, size):
        reading = _Reading(file, bounds, bounds.expanded(size))
        with _located(path, lambda: reading.line):
            yield from reading.rows()


class _Reading:
    def __init__(self, file: gzip.GzipFile, bounds: Bounds, expanded: int | None) -> None:
        """``expanded`` is the greatest number of bytes that are read; ``None``: all."""
        self.line = 0
        self._file = file
        self._bounds = bounds
        self._left = expanded
        self._grants = 0
        self._hash = sha256()
        self._replay = Replay(bounds.document_length)
        self._attachments = AttachmentCheck(bounds.attachment_bytes, bounds.attachments_bytes)
        self._threads = ThreadCheck()
        self._known: set[str] = set()
        self._in_history = False
        self._spec: SpecRecord | None = None

    def rows(self) -> Iterator[Row]:
        """Raises `Flaw`, and the exceptions of the decompression."""
        _check_header(self._next(SHORT_FIELDS))
        while not isinstance(line := decode(self._next(self._bounds.line)), ArchiveEnd):
            if isinstance(line, ArchiveHeader):
                raise Flaw("a second header")
            row = row_of(line)
            self._check(row)
            yield row
        self._check_end(line)

    def _next(self, longest: int) -> bytes:
        """The next line, of at most ``longest`` bytes."""
        data = self._file.readline(longest)
        self.line += 1
        if not data.endswith(b"\n"):
            if len(data) < longest:
                raise Flaw("the file was cut off here")
            raise Flaw("it is too long" if self.line > 1 else NO_EXPORT)
        self._check_size(data)
        self._before, self._hash = self._hash, self._hash.copy()
        self._hash.update(data)
        return data

    def _check_size(self, data: bytes) -> None:
        """Check how much there is before anything is made of it: a decoded change takes twenty times its bytes."""
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise Flaw(
                    f"the file expands to more than {EXPANSION} times its size, which no usual spec does. If you "
                    "know who made it, import it with --any-size"
                )
        # A quotation mark opens each string of a line and is never escaped, so there are no more strings than this.
        if len(data) > SHORT_FIELDS and data.count(b'"') - data.count(b'\\"') > self._bounds.quotes:
            raise Flaw(
                f"it has more than {self._bounds.changes:,} changes, too many for the documents here "
                "(SpecCollabApp.document_length)"
            )

    def _check(self, row: Row) -> None:
        if isinstance(row, User):
            self._add(row)
            return
        if isinstance(row, SpecRecord) is (self._spec is not None):
            raise Flaw("the line of the spec is missing, or occurs twice")
        if unknown := self._needed(row) - self._known:
            raise Flaw(f"it names {min(unknown)}, whom no line before it introduces")
        if isinstance(row, SpecRecord):
            self._spec = row
        elif isinstance(row, StoredThread | StoredMessage | DeletedThread):
            self._check_thread(row)
        else:
            self._check_history(row)

    def _check_thread(self, row: StoredThread | StoredMessage | DeletedThread) -> None:
        assert self._spec is not None
        if self._in_history:
            raise Flaw("a comment or suggestion comes after the history")
        match row:
            case StoredThread():
                self._threads.begin(row, self._spec)
                self._replay.anchor(row.anchor_version, row.anchor.end)
            case StoredMessage():
                self._threads.add(row)
            case DeletedThread():
                self._threads.delete(row, self._spec)

    def _check_history(self, row: Row) -> None:
        """Check a row of the access list, of the history, or of a picture."""
        self._threads.end()
        self._in_history = self._in_history or isinstance(row, LoggedOperation | Snapshot)
        match row:
            case Grant():
                self._grants += 1
                if self._grants > COLLABORATORS:
                    raise Flaw(f"there are more than {COLLABORATORS:,} collaborators")
            case LoggedOperation():
                self._replay.operate(row)
            case Snapshot():
                self._replay.revise(row)
            case StoredAttribution():
                self._replay.attribute(row)
            case Attachment():
                self._attachments.begin(row)
            case AttachmentPart():
                self._attachments.add(row)

    def _add(self, user: User) -> None:
        """Introduce a user. The userId says who it is, so it must be the one of this issuer and login name."""
        if not is_login(user.login) or not user.issuer.isprintable():
            raise Flaw("the login name or the issuer of a user is empty, or contains unprintable characters")
        if user.user_id != user_id_of(user.issuer, user.login):
            raise Flaw(f"the userId of {user.login} is not the one of this login name and issuer")
        self._known.add(user.user_id)
        if len(self._known) > USERS:
            raise Flaw(f"there are more than {USERS:,} users")

    def _needed(self, row: Row) -> set[str]:
        """The users whom other rows must have introduced. An access list and a message may name others, too."""
        match row:
            case Grant():
                return {row.granted_by}
            case StoredMessage():
                return {row.user_id}
        return referenced_users(row)

    def _check_end(self, line: ArchiveEnd) -> None:
        if self._spec is None:
            raise Flaw("the line of the spec is missing")
        self._threads.end()
        self._attachments.end()
        if line.lines != self.line - 1:
            raise Flaw(f"it counts {line.lines:,} lines before it")
        if line.sha256 != self._before.hexdigest():
            raise Flaw("the lines before it do not match its hash")
        if line.content_hash != self._replay.end(self._spec.version):
            raise Flaw("the last text does not match its hash")
        if self._file.read(1):
            raise Flaw("something follows it")


def _check_header(data: bytes) -> None:
    """Check the format version before anything else, because a later version may have other fields."""
    try:
        header = msgspec.json.decode(data, type=_Format)
    except NOT_JSON:
        header = None
    if header is None or header.format != FORMAT:
        raise Flaw(NO_EXPORT)
    if not 1 <= header.format_version <= FORMAT_VERSION:
        raise Flaw(
            f"its format has version {header.format_version}, and this program reads 1 to {FORMAT_VERSION}: "
            "use the version of jupyter_speccollab that made it, or a newer one"
        )
    if unknown := sorted(set(header.contents) - set(CONTENTS)):
        raise Flaw(
            f"it holds {', '.join(unknown)[:QUOTED]}, which this program can't read: use the version of "
            "jupyter_speccollab that made it, or a newer one"
        )
    decode(data)


class _Format(msgspec.Struct, rename="camel"):
    """The part of the header that every version of the format has."""

    format: str
    format_version: int
    contents: list[str] = []


@contextmanager
def _opened(path: Path) -> Iterator[tuple[gzip.GzipFile, int]]:
    """Yield the decompressed file, and its compressed size in bytes."""
    try:
        with path.open("rb") as compressed, gzip.GzipFile(fileobj=compressed) as file:
            yield file, os.fstat(compressed.fileno()).st_size
    except OSError as error:
        raise BadArchive(f"{path} can't be read: {error.strerror}.") from error


@contextmanager
def _located(path: Path, line: Callable[[], int]) -> Iterator[None]:
    """Turn errors in the file into a `BadArchive` that names the line."""
    try:
        yield
    except Flaw as error:
        raise BadArchive(f"{path} can't be imported, see line {line():,}: {error}.") from error
    except EOFError as error:
        raise BadArchive(f"{path} was cut off after line {line():,}: copy it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        damage = (
            f"{path} is not an export of a spec" if not line() else f"{path} is damaged after line {line():,}"
        )
        raise BadArchive(f"{damage}: it can't be decompressed.") from error
