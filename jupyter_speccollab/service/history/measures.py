"""Measures: what was done in a sitting, counted when somebody first looks at it, and then kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeVar, TypeVarTuple

from jupyter_speccollab.document.document import Document
from jupyter_speccollab.errors import RevisionNotFound, StoreUnavailable
from jupyter_speccollab.markdown.summary import summarise
from jupyter_speccollab.service.history.log import log
from jupyter_speccollab.service.history.long_stretch import Attributed, LongStretch
from jupyter_speccollab.service.history.sitting_log import SittingLog
from jupyter_speccollab.service.history.stretch import PARTS, VERSIONS, Stretch
from jupyter_speccollab.service.history.subject_changes import subjects_between
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.history.written import Written
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import Measure, OperationsFolded, Store, StoredSitting
from jupyter_speccollab.text import Text, differing_length

OUTLINED: Final = 10
"""Reading the outline of a code point costs as much as comparing so many."""

Found = tuple[int | None, int | None, str, list[str] | None]
"""How many code points came and went, what changed in words, and in which subjects, if that was asked."""

UNKNOWN: Final[Found] = (None, None, "", [])
"""What is known of a sitting whose operations were folded before it was measured."""

Long = Callable[[Document, int, int, Attributed | None], Awaitable[LongStretch]]
"""Reads the stretch of a sitting that is too long to read all of its operations."""

End = Text | Attributed | None
"""The text after a sitting, if it was made."""

ALL: Final = 1 << 31
"""A number of sittings that no spec reaches."""

AT_ONCE: Final = 100
"""The number of sittings that a compaction measures one after the other without reading a text anew."""

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class Measures:
    """Measures the sittings of a document, and stores what it finds.

    Law (``tests/service/history/test_measures.py``): as many letters came and went as `changes` of the same two
    versions counts, for sittings of any length.
    """

    def __init__(self, store: Store, workers: Workers | None = None, long: Long | None = None) -> None:
        """Without ``workers``, computations run in a thread; without ``long``, all operations are always read.

        That is for a program that does nothing else.
        """
        self._store = store
        self._workers = workers
        self._long = long

    async def measured(
        self, document: Document, rows: Sequence[StoredSitting], with_subjects: bool = False
    ) -> list[StoredSitting]:
        """The rows, which are newest first, with their measures; ``with_subjects``, also with their subjects.

        Of sittings that follow each other each operation is read once.
        """
        found: list[StoredSitting] = []
        known: tuple[int, End] | None = None
        for row in reversed(rows):
            if is_measured(row, with_subjects):
                found.append(row)
                continue
            first, last = row.sitting.first, row.sitting.last
            people = await self._store.contributions(document.spec_id, first - 1, last)
            begun = known[1] if known is not None and known[0] == first - 1 else None
            (come, gone, summary, subjects), end = await self._found(
                document, first - 1, last, with_subjects, begun
            )
            known = last, end
            changed = replace(row, measure=Measure(people, come, gone, summary))
            if subjects is not None:
                changed = replace(changed, subjects=tuple(subjects))
            found.append(await self._keep(document, changed))
        return found[::-1]

    async def _found(
        self, document: Document, after: int, until: int, with_subjects: bool, begun: End
    ) -> tuple[Found, End]:
        """What was done, and the text of ``until``; ``begun`` is that of ``after``, if it is known."""
        try:
            if self._long is None or until - after <= VERSIONS:
                if isinstance(begun, Attributed):
                    begun = Text.of(begun.text)
                begun = begun or await text_at(self._store, document, after)
                stretch, end = await self._stretch(document, after, until, begun)
                if stretch is not None:
                    old, new = str(begun), str(end)
                    cost = stretch.cost + differing_length(old, new) + _outlined(old, new, with_subjects)
                    return await self._run(cost, found_in, old, new, stretch, with_subjects), end
            if self._long is not None:
                known = begun if isinstance(begun, Attributed) else None
                long = await self._long(document, after, until, known)
                cost = long.cost + _outlined(long.old.text, long.new.text, with_subjects)
                return await self._run(cost, found_in_long, long, with_subjects), long.new
        except RevisionNotFound:
            pass
        return UNKNOWN, None

    async def _stretch(
        self, document: Document, after: int, until: int, text: Text
    ) -> tuple[Stretch | None, Text]:
        """The stretch and the text after it; ``None`` if it is too long, or if some of it is folded."""
        stretch = Stretch(after)
        try:
            async for committed in log(self._store, document.spec_id, after, until):
                text = text.apply(committed.operation)
                stretch.add(committed)
                if stretch.steps.size > PARTS and self._long is not None:
                    return None, text
        except OperationsFolded:
            return None, text
        return stretch, text

    async def _run(self, cost: int, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        if self._workers is None:
            return await asyncio.to_thread(function, *arguments)
        return await self._workers.run(cost, function, *arguments)

    async def _keep(self, document: Document, row: StoredSitting) -> StoredSitting:
        """Store what was found, unless the database takes no writes now."""
        with suppress(StoreUnavailable):
            if row.measure is not None:
                await self._store.set_measure(document.spec_id, row.sitting, row.measure)
            if row.subjects is not None:
                await self._store.set_subjects(document.spec_id, row.sitting, row.subjects)
        return row


async def measure_all(store: Store, spec_id: str, after: int, until: int) -> None:
    """Measure the sittings of a spec that begin in ``(after, until]``, oldest first. Raises `SpecMissing`.

    For a compaction, which afterwards could not tell what was done in them.
    """
    spec = await store.spec(spec_id)
    await SittingLog(store).bring_up_to_date(spec_id, spec.version)
    document = Document(spec_id, spec.epoch, spec.version, Text.of(""))
    newest_first = await store.sittings(spec_id, limit=ALL)
    rows = [row for row in newest_first if after < row.sitting.first <= until and row.measure is None]
    for end in range(len(rows), 0, -AT_ONCE):
        await Measures(store).measured(document, rows[max(0, end - AT_ONCE) : end])


def is_measured(row: StoredSitting, with_subjects: bool) -> bool:
    """Whether all is known of a sitting that is asked for."""
    return row.measure is not None and (row.subjects is not None or not with_subjects)


def _outlined(old: str, new: str, with_subjects: bool) -> int:
    """What reading the outlines of both texts costs."""
    return OUTLINED * (len(old) + len(new)) if with_subjects else 0


def found_in(old: str, new: str, stretch: Stretch, with_subjects: bool) -> Found:
    """What a stretch did."""
    written = Written.by(stretch)
    subjects = subjects_between(old, new, written) if with_subjects else None
    return (*written.counts, summarise(old, new), subjects)


def found_in_long(stretch: LongStretch, with_subjects: bool) -> Found:
    """What a long stretch did."""
    old, new = stretch.old.text, stretch.new.text
    subjects = subjects_between(old, new, stretch.written()) if with_subjects else None
    return (*stretch.counts(), summarise(old, new), subjects)
