"""Importing an archive into a store, completely or not at all, and checking it before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event

from jupyter_speccollab.archive.bounds import Bounds
from jupyter_speccollab.archive.fit import fit
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.reading import read
from jupyter_speccollab.archive.records import Row
from jupyter_speccollab.archive.threads import assembled
from jupyter_speccollab.archive.writing import CHARACTERS, PAGE
from jupyter_speccollab.document.caller import GROUP
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import (
    Grant,
    LoggedOperation,
    Part,
    PartRefused,
    Snapshot,
    SpecIdTaken,
    SpecRecord,
    Store,
)


@dataclass(frozen=True, slots=True)
class Destination:
    """How the imported spec differs from the archived one.

    ``epoch`` is the epoch of the new history. ``spec_id`` is the new id; ``None`` keeps the archived one.
    ``owner`` becomes an owner at the time ``at``, in addition to the archived collaborators, or instead of them
    if ``collaborators`` is false. ``bounds`` are those of the server that it is imported to.
    """

    epoch: str
    at: datetime
    spec_id: str | None = None
    owner: User | None = None
    collaborators: bool = True
    bounds: Bounds = Bounds()  # noqa: RUF009 (it is frozen)


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive contains; ``owners`` are the users who own the spec after the import."""

    spec: SpecRecord
    revisions: int
    owners: tuple[User, ...]


async def survey(path: Path, destination: Destination) -> Contents:
    """Read the archive at ``path`` to its end, without a store, and return what it contains.

    Raises `BadArchive`, also if the spec would have no owner.
    """
    with _interruptible(path, destination) as rows:
        contents = await asyncio.to_thread(_contents, rows)
    if not contents.owners:
        raise BadArchive("The spec would have no owner: name one with --owner <login name>.")
    return contents


async def import_archive(store: Store, path: Path, destination: Destination) -> None:
    """Import the archive at ``path`` in one transaction; if the call is cancelled, nothing is imported.

    Raises `BadArchive`, also if the id of the spec is taken.
    """
    with _interruptible(path, destination) as rows:
        try:
            await store.import_spec(lambda: grouped(rows()))
        except SpecIdTaken as error:
            raise BadArchive(
                f"The spec {error} exists already, maybe in the trash. Delete it for good first, or import this "
                "one as a copy with --as-new."
            ) from error
        except PartRefused as error:
            raise BadArchive(f"{path} can't be imported. {error}") from error


class _Stopped(Exception):
    """The import was cancelled."""


@contextmanager
def _interruptible(path: Path, destination: Destination) -> Iterator[Callable[[], Iterator[Row]]]:
    """Yield a function that reads the rows in another thread, and that stops when this context is cancelled."""
    stopped = Event()

    def rows() -> Iterator[Row]:
        for row in _adapted(read(path, destination.bounds), destination):
            if stopped.is_set():
                raise _Stopped
            yield row

    try:
        yield rows
    except asyncio.CancelledError:
        stopped.set()
        raise


def _contents(read_rows: Callable[[], Iterator[Row]]) -> Contents:
    """Read the rows to their end, and return what they contain."""
    people: dict[str, User] = {}
    owners: list[str] = []
    spec: SpecRecord | None = None
    revisions = 0
    for row in read_rows():
        match row:
            case User():
                people.setdefault(row.user_id, row)
            case SpecRecord():
                spec = row
            case Grant(role=Role.OWNER) if not row.principal.startswith(GROUP):
                owners.append(row.principal)
            case Snapshot():
                revisions += 1
    assert spec is not None
    return Contents(spec, revisions, tuple(people[key] for key in owners if key in people))


def _adapted(rows: Iterable[Row], to: Destination) -> Iterator[Row]:
    """The rows as they are stored at the destination."""
    for row in map(fit, rows):
        match row:
            case SpecRecord():
                yield replace(row, spec_id=to.spec_id or row.spec_id, epoch=to.epoch)
                if to.owner:
                    yield to.owner
                    yield Grant(to.owner.user_id, Role.OWNER, to.owner.user_id, to.at)
            case Grant():
                if to.collaborators and not (to.owner and to.owner.user_id == row.principal):
                    yield row
            case _:
                yield row


def grouped(rows: Iterable[Row]) -> Iterator[Part]:
    """The rows as parts: each thread with its messages, and operations in groups.

    A group has at most `PAGE` operations, and beyond the first at most `CHARACTERS` in total.
    """
    group: list[LoggedOperation] = []
    characters = 0
    for row in assembled(rows):
        if isinstance(row, LoggedOperation):
            length = sum(len(removed) + len(added) for _, removed, added in row.changes or ())
            if group and (len(group) == PAGE or characters + length > CHARACTERS):
                yield group
                group, characters = [], 0
            group.append(row)
            characters += length
        elif isinstance(row, User) or not group:
            yield row
        else:
            yield group
            yield row
            group, characters = [], 0
    if group:
        yield group
