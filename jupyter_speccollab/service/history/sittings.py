"""History by sittings: what was done in one go, by whom, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.sitting import Sitting
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import DocumentTooLarge, StoreUnavailable
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.attribution import AttributionReports
from jupyter_speccollab.service.history.long_stretch import long_stretch_of
from jupyter_speccollab.service.history.measures import Measures, Source, is_measured
from jupyter_speccollab.service.history.stretch import VERSIONS
from jupyter_speccollab.service.history.versions import rebuilt, text_at
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.store.base import CorruptSnapshot, Snapshot, SpecMissing, StoredSitting

AT_ONCE: Final = 10
"""The least number of sittings that are measured together, where only some of them are for the page."""

LOOKED_AT: Final = 300
"""The greatest number of sittings that are looked at for one page."""

WITHIN: Final = 120.0
"""Seconds in which the sittings of a page have to be measured. What was measured by then is kept."""

OPERATIONS: Final = 2_000
"""A page ends where more versions than so many would have to be read to measure its sittings.

Who opens the history of an old spec sees its newest sittings in about a tenth of a second, and those below come
with the next pages.
"""

OF_A_LONG_ONE: Final = 2_000
"""How many operations are read of a sitting of more than `stretch.VERSIONS`, about: those after two snapshots."""

CHARACTERS: Final = 2_000_000
"""A page ends where the texts before and after the sittings to be measured would together be longer than this."""

OUTLINED: Final = 2_000_000
"""The same for the texts whose outlines have to be read, because a page is of one subject."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sittings are asked for: those whose last version is below ``before``, at most ``limit``.

    With a ``user``, only those in which that user made a version; with a ``subject``, only those in which letters
    of that heading or requirement came or went.
    """

    before: int | None = None
    limit: int = 20
    user: str | None = None
    subject: str | None = None

    @property
    def is_for_all(self) -> bool:
        """Whether every sitting is asked for."""
        return self.user is None and self.subject is None

    def holds_for(self, row: StoredSitting) -> bool:
        """Whether a sitting, which is measured, is one of those."""
        people = row.measure.people if row.measure else {}
        return (self.user is None or self.user in people) and (
            self.subject is None or self.subject in (row.subjects or ())
        )


class _Budget:
    """What may still be spent on measuring the sittings of one page. At least one is always measured."""

    def __init__(self, length: int, with_subjects: bool) -> None:
        self._length = length
        self._with_subjects = with_subjects
        self._rows = LOOKED_AT
        self._operations = OPERATIONS
        self._characters = OUTLINED if with_subjects else CHARACTERS
        self._has_spent = False

    def affordable(self, rows: Sequence[StoredSitting]) -> list[StoredSitting]:
        """The first of these rows that there is enough left for; they count as spent."""
        found = []
        for row in rows[: self._rows]:
            if not is_measured(row, self._with_subjects):
                operations, characters = _operations_of(row.sitting), 2 * self._length
                if self._has_spent and (operations > self._operations or characters > self._characters):
                    break
                self._operations -= operations
                self._characters -= characters
                self._has_spent = True
            found.append(row)
        self._rows -= len(found)
        return found


class History:
    """Lists the sittings of specs.

    What a sitting did is computed once: after it has ended, or in turns of the user who asks first.
    """

    def __init__(self, documents: Documents, access: Access, reports: AttributionReports) -> None:
        self._documents = documents
        self._store = documents.store
        self._access = access
        self._log = documents.sitting_log
        self._log.on_end = self._measure_ended
        self._measuring = asyncio.Lock()
        self._reports = reports
        self._measures = Measures(documents.store, documents.attributions, documents.workers)

    async def page(self, caller: Caller, spec_id: str, asked: Asked) -> dict[str, Any]:
        """A page of sittings, newest first.

        Raises `SpecNotFound`, `RateLimited`, and `DocumentTooLarge` where measuring takes longer than `WITHIN`.

        It may be short, and even empty, though there are more: ``nextBefore`` leads on.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        turn = self._documents.workers.turn(caller.user.user_id)
        async with self._documents.use(spec_id) as live, turn:
            await live.catch_up()
            try:
                async with asyncio.timeout(WITHIN):
                    found, looked_at = await self._look(live.document, asked)
            except TimeoutError:
                raise DocumentTooLarge(
                    "The texts of this spec are too long to look through in time."
                ) from None
        return {
            "sittings": await self._told(spec_id, found),
            "nextBefore": looked_at if looked_at is not None and looked_at > 1 else None,
        }

    async def _look(self, document: Document, asked: Asked) -> tuple[list[StoredSitting], int | None]:
        """The sittings of a page, and the first version of the oldest one that was looked at."""
        found: list[StoredSitting] = []
        looked_at: int | None = None
        source = Source(
            document.spec_id,
            partial(text_at, self._store, document),
            partial(long_stretch_of, self._documents, self._reports, document),
        )
        budget = _Budget(len(document.text), asked.subject is not None)
        while len(found) < asked.limit:
            before = asked.before if looked_at is None else looked_at
            wanted = max(asked.limit - len(found), AT_ONCE)
            stored = await self._log.newest(document.spec_id, document.version, before, wanted)
            rows = budget.affordable(stored[: asked.limit - len(found)] if asked.is_for_all else stored)
            if not rows:
                break
            for row in await self._measures.measured(source, rows, asked.subject is not None):
                looked_at = row.sitting.first
                if asked.holds_for(row):
                    found.append(row)
                    if len(found) == asked.limit:
                        break
        return found, looked_at

    async def _measure_ended(self, spec_id: str, ended: Sequence[Sitting]) -> None:
        """Measure sittings that have ended, of one spec at a time. Very long ones wait until somebody asks."""
        rows = [StoredSitting(each) for each in reversed(ended) if each.last - each.first < VERSIONS]
        source = Source(spec_id, partial(rebuilt, self._store, spec_id))
        async with self._measuring:
            with suppress(StoreUnavailable, CorruptSnapshot, SpecMissing):
                await self._measures.measured(source, rows)

    async def _told(self, spec_id: str, rows: Sequence[StoredSitting]) -> list[dict[str, Any]]:
        """The sittings in the form of the protocol."""
        if not rows:
            return []
        first, last = rows[-1].sitting.first, rows[0].sitting.last
        revisions = await self._store.kept_revisions(spec_id, first - 1 if first > 1 else -1, last)
        user_ids = {user_id for row in rows if row.measure for user_id in row.measure.people}
        users = await self._store.users(user_ids)
        return [_told(row, revisions, users) for row in rows]


def _operations_of(sitting: Sitting) -> int:
    """How many operations are read at the most to measure a sitting."""
    count = sitting.last - sitting.first + 1
    return count if count <= VERSIONS else OF_A_LONG_ONE


def _told(row: StoredSitting, revisions: Sequence[Snapshot], users: Mapping[str, User]) -> dict[str, Any]:
    sitting, measure = row.sitting, row.measure
    assert measure is not None
    people = [
        {"userId": user_id, "userName": users[user_id].name, "operations": count}
        for user_id, count in measure.people.items()
    ]
    return {
        "fromVersion": sitting.first - 1,
        "toVersion": sitting.last,
        "startedAt": iso(sitting.started_at),
        "endedAt": iso(max(sitting.started_at, sitting.ended_at)),
        "people": sorted(people, key=lambda person: (-person["operations"], person["userName"])),
        "added": measure.added,
        "removed": measure.removed,
        "changesSummary": measure.summary,
        "revisions": [
            {"version": one.version, "label": one.label, "kind": one.kind.value}
            for one in revisions
            if sitting.first <= one.version <= sitting.last or _is_of_empty_text(one, sitting)
        ],
    }


def _is_of_empty_text(revision: Snapshot, sitting: Sitting) -> bool:
    """Whether it is the empty text, labelled before the first version: the first sitting shows it."""
    return revision.version == 0 and revision.label is not None and sitting.first == 1
