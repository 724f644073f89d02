"""Importing an archive into a store: whole, or not at all; and looking through it before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event

from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.reading import read
from jupyter_speccollab.archive.records import Row
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
    """As what an archive is imported.

    ``epoch`` names the new history; ``spec_id`` is ``None`` where the spec keeps its own. ``owner`` becomes its
    owner at ``at``, beside the collaborators of the archive or, without ``collaborators``, in their place.
    """

    epoch: str
    at: datetime
    spec_id: str | None = None
    owner: User | None = None
    collaborators: bool = True


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive held; ``owners`` are the people who own the spec now."""

    spec: SpecRecord
    revisions: int
    owners: tuple[User, ...]


async def survey(path: Path, destination: Destination) -> Contents:
    """What is in the archive at ``path``, which is read to its end, without a store.

    Raises `BadArchive`, also where the spec would have no owner.
    """
    with _interruptible(path, destination) as rows:
        contents = await asyncio.to_thread(_contents, rows)
    if not contents.owners:
        raise BadArchive("The spec would have no owner: name one by --owner <login name>.")
    return contents


async def import_archive(store: Store, path: Path, destination: Destination) -> None:
    """Import the archive at ``path`` by one transaction; where this is cancelled, nothing is imported.

    Raises `BadArchive`, also where the spec's id is taken.
    """
    with _interruptible(path, destination) as rows:
        try:
            await store.import_spec(lambda: grouped(rows()))
        except SpecIdTaken as error:
            raise BadArchive(
                f"The spec {error} is here already. Delete it first, or import this one beside it by --as-new."
            ) from error
        except PartRefused as error:
            raise BadArchive(f"{path} can't be imported. {error}") from error


class _Stopped(Exception):
    """Nobody waits for this import any more."""


@contextmanager
def _interruptible(path: Path, destination: Destination) -> Iterator[Callable[[], Iterator[Row]]]:
    """The rows of an archive, for another thread; that ends too where this is cancelled."""
    stopped = Event()

    def rows() -> Iterator[Row]:
        for row in _moved(read(path), destination):
            if stopped.is_set():
                raise _Stopped
            yield row

    try:
        yield rows
    except asyncio.CancelledError:
        stopped.set()
        raise


def _contents(read_rows: Callable[[], Iterator[Row]]) -> Contents:
    """What there is in these rows, which are read to their end."""
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


def _moved(rows: Iterable[Row], to: Destination) -> Iterator[Row]:
    """The rows as they are to stand at their destination."""
    for row in rows:
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
    """The rows, operations in groups of up to `PAGE`, or of one and what fits into `CHARACTERS` beside it."""
    group: list[LoggedOperation] = []
    characters = 0
    for row in rows:
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
