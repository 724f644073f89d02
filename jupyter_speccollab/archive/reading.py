"""Reading an archive: each line is checked when it is read, by itself and against the lines before it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from jupyter_speccollab.archive.flaw import BadArchive, Flaw
from jupyter_speccollab.archive.records import (
    FORMAT,
    FORMAT_VERSION,
    NOT_JSON,
    ArchiveEnd,
    ArchiveHeader,
    Row,
    decode,
    row_of,
)
from jupyter_speccollab.archive.referenced_users import referenced_users
from jupyter_speccollab.archive.replay import Replay
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import Grant, LoggedOperation, Snapshot, SpecRecord

LONGEST: Final = 1 << 27
"""The longest allowed line in bytes, so that a crafted file can't fill the memory."""


def read(path: Path) -> Iterator[Row]:
    """Iterate over the rows of the archive at ``path``; the archive is valid only if the iterator reaches the end.

    Keeps the current text, the ids of the users and one line in memory. Raises `BadArchive`.
    """
    with _opened(path) as file:
        reading = _Reading(file)
        with _located(path, lambda: reading.line):
            yield from reading.rows()


class _Reading:
    def __init__(self, file: gzip.GzipFile) -> None:
        self.line = 0
        self._file = file
        self._hash = sha256()
        self._replay = Replay()
        self._known: set[str] = set()
        self._spec: SpecRecord | None = None

    def rows(self) -> Iterator[Row]:
        """Raises `Flaw`, and the exceptions of the decompression."""
        _check_header(self._next())
        while not isinstance(line := decode(self._next()), ArchiveEnd):
            if isinstance(line, ArchiveHeader):
                raise Flaw("a second header")
            row = row_of(line)
            self._check(row)
            yield row
        self._check_end(line)

    def _next(self) -> bytes:
        data = self._file.readline(LONGEST)
        self.line += 1
        if not data.endswith(b"\n"):
            raise Flaw("it is too long" if len(data) == LONGEST else "the file was cut off here")
        self._before, self._hash = self._hash, self._hash.copy()
        self._hash.update(data)
        return data

    def _check(self, row: Row) -> None:
        if isinstance(row, User):
            self._known.add(row.user_id)
            return
        if isinstance(row, SpecRecord) is (self._spec is not None):
            raise Flaw("the line of the spec is missing, or occurs twice")
        if unknown := self._needed(row) - self._known:
            raise Flaw(f"it names {min(unknown)}, whom no line before it introduces")
        match row:
            case SpecRecord():
                self._spec = row
            case LoggedOperation():
                self._replay.operate(row)
            case Snapshot():
                self._replay.revise(row)

    def _needed(self, row: Row) -> set[str]:
        return {row.granted_by} if isinstance(row, Grant) else referenced_users(row)

    def _check_end(self, line: ArchiveEnd) -> None:
        if self._spec is None:
            raise Flaw("the line of the spec is missing")
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
        header = msgspec.json.decode(data)
    except NOT_JSON:
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise Flaw("this is not an export of a spec")
    if header.get("formatVersion") != FORMAT_VERSION:
        raise Flaw(
            f"its format has version {header.get('formatVersion')}, and this program reads {FORMAT_VERSION}: "
            "use the version of jupyter_speccollab that made it, or a newer one"
        )
    decode(data)


@contextmanager
def _opened(path: Path) -> Iterator[gzip.GzipFile]:
    try:
        with gzip.open(path) as file:
            yield file
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
