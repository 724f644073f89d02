"""Measures: what was done in a sitting, counted when somebody first looks at it, and then kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar, TypeVarTuple

from jupyter_speccollab.errors import RevisionNotFound, StoreUnavailable
from jupyter_speccollab.markdown.summary import summarise
from jupyter_speccollab.service.history.long_stretch import Attributed, LongStretch
from jupyter_speccollab.service.history.stretch import COST_OF_A_PART, PARTS, VERSIONS
from jupyter_speccollab.service.history.subject_changes import subjects_between
from jupyter_speccollab.service.history.versions import rebuilt
from jupyter_speccollab.service.live.attributions import Attributions, Step
from jupyter_speccollab.service.live.sitting_log import SittingLog
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import Measure, OperationsFolded, Store, StoredSitting
from jupyter_speccollab.text import Text, differing_length
from jupyter_speccollab.text.parts import Part, added, removed, total

OUTLINED: Final = 10
"""Reading the outline of a code point costs as much as comparing so many."""

Found = tuple[int | None, int | None, str, list[str] | None]
"""How many code points came and went, what changed in words, and in which subjects, if that was asked."""

UNKNOWN: Final[Found] = (None, None, "", [])
"""What is known of a sitting whose operations were folded before it was measured."""

End = str | Attributed | None
"""The text after a sitting, if it was read."""

ALL: Final = 1 << 31
"""A number of sittings that no spec reaches."""

AT_ONCE: Final = 100
"""The number of sittings that a compaction measures one after the other without reading a text anew."""

FIRST_PAGE: Final = 20
"""How many of the newest sittings are measured before somebody looks at the history."""

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the history of a spec is read from.

    ``text`` returns the text of a version; it raises `RevisionNotFound` or `OperationsFolded`. ``long`` reads the
    stretch of a sitting that is too long to read all of its operations, or has folded ones. Without it they are
    always read, and a sitting with folded ones is not measured.
    """

    spec_id: str
    text: Callable[[int], Awaitable[Text]]
    long: Callable[[int, int, Attributed | None], Awaitable[LongStretch]] | None = None


class Measures:
    """Measures the sittings of specs, and stores what it finds.

    Law (``tests/service/history/test_measures.py``): as many letters came and went as `changes` of the same two
    versions counts, for sittings of any length.
    """

    def __init__(self, store: Store, attributions: Attributions, workers: Workers | None = None) -> None:
        """Without ``workers``, computations run in a thread, for a program that does nothing else."""
        self._store = store
        self._attributions = attributions
        self._workers = workers

    async def measured(
        self, source: Source, rows: Sequence[StoredSitting], with_subjects: bool = False
    ) -> list[StoredSitting]:
        """The rows, which are newest first, with their measures; ``with_subjects``, also with their subjects.

        Of sittings that follow each other each text is read once.
        """
        found: list[StoredSitting] = []
        known: tuple[int, End] | None = None
        for row in reversed(rows):
            if is_measured(row, with_subjects):
                found.append(row)
                continue
            first, last = row.sitting.first, row.sitting.last
            people = await self._store.contributions(source.spec_id, first - 1, last)
            begun = known[1] if known is not None and known[0] == first - 1 else None
            done, end = await self._found(source, first - 1, last, with_subjects, begun)
            known = last, end
            if done is UNKNOWN and source.long is None:
                found.append(row)
                continue
            come, gone, summary, subjects = done
            changed = replace(row, measure=Measure(people, come, gone, summary))
            if subjects is not None:
                changed = replace(changed, subjects=tuple(subjects))
            found.append(await self._keep(source.spec_id, changed))
        return found[::-1]

    async def _found(
        self, source: Source, after: int, until: int, with_subjects: bool, begun: End
    ) -> tuple[Found, End]:
        """What was done, and the text of ``until``; ``begun`` is that of ``after``, if it is known."""
        try:
            steps = await self._steps(source, after, until)
            if steps is not None:
                if begun is None:
                    begun = str(await source.text(after))
                old = begun.text if isinstance(begun, Attributed) else begun
                new = str(await source.text(until))
                cost = COST_OF_A_PART * sum(map(len, steps)) + differing_length(old, new)
                cost += _outlined(old, new, with_subjects)
                return await self._run(cost, found_in, old, new, steps, with_subjects), new
            if source.long is not None:
                long = await source.long(after, until, begun if isinstance(begun, Attributed) else None)
                cost = long.cost + _outlined(long.old.text, long.new.text, with_subjects)
                return await self._run(cost, found_in_long, long, with_subjects), long.new
        except (RevisionNotFound, OperationsFolded):
            pass
        return UNKNOWN, None

    async def _steps(self, source: Source, after: int, until: int) -> list[Step] | None:
        """The operations, the earlier ones of many as one; ``None`` if they are too many, or some are folded."""
        if source.long is not None and until - after > VERSIONS:
            return None
        steps: list[Step] = []
        size = 0
        try:
            async for portion in self._attributions.steps(source.spec_id, after, until):
                if steps:
                    steps = [await self._run(COST_OF_A_PART * sum(map(len, steps)), combined, steps)]
                steps += portion
                size += sum(map(len, portion))
                if source.long is not None and size > PARTS:
                    return None
        except OperationsFolded:
            return None
        return steps

    async def _run(self, cost: int, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        if self._workers is None:
            return await asyncio.to_thread(function, *arguments)
        return await self._workers.run(cost, function, *arguments)

    async def _keep(self, spec_id: str, row: StoredSitting) -> StoredSitting:
        """Store what was found, unless the database takes no writes now."""
        with suppress(StoreUnavailable):
            if row.measure is not None:
                await self._store.set_measure(spec_id, row.sitting, row.measure)
            if row.subjects is not None:
                await self._store.set_subjects(spec_id, row.sitting, row.subjects)
        return row


async def measure_all(store: Store, spec_id: str, after: int, until: int) -> None:
    """Measure the sittings of a spec that begin in ``(after, until]``, oldest first. Raises `SpecMissing`.

    For a compaction, which afterwards could not tell what was done in them.
    """
    async for _ in SittingLog(store).all_of(spec_id):
        pass
    newest_first = await store.sittings(spec_id, limit=ALL)
    rows = [row for row in newest_first if after < row.sitting.first <= until and row.measure is None]
    source = Source(spec_id, partial(rebuilt, store, spec_id))
    for end in range(len(rows), 0, -AT_ONCE):
        await Measures(store, Attributions(store)).measured(source, rows[max(0, end - AT_ONCE) : end])


async def prepare_history(store: Store, spec_id: str) -> AsyncIterator[int]:
    """Find all sittings of a spec, and measure the newest `FIRST_PAGE`, so that nobody waits for that later.

    Yields how many versions are looked through, unless all of their sittings were known. It may be broken off, and
    goes on where it was. Raises `SpecMissing`, `CorruptSnapshot`, and `InvalidOperation` if an operation of the log
    does not fit the text before it.
    """
    async for done in SittingLog(store).all_of(spec_id):
        yield done
    rows = await store.sittings(spec_id, limit=FIRST_PAGE)
    source = Source(spec_id, partial(rebuilt, store, spec_id))
    await Measures(store, Attributions(store)).measured(source, rows)


def is_measured(row: StoredSitting, with_subjects: bool) -> bool:
    """Whether all is known of a sitting that is asked for."""
    return row.measure is not None and (row.subjects is not None or not with_subjects)


def _outlined(old: str, new: str, with_subjects: bool) -> int:
    """What reading the outlines of both texts costs."""
    return OUTLINED * (len(old) + len(new)) if with_subjects else 0


def combined(steps: Sequence[Step]) -> Sequence[Part]:
    """One list of parts for operations that follow each other."""
    return total(steps)


def found_in(old: str, new: str, steps: Sequence[Step], with_subjects: bool) -> Found:
    """What operations did that lead from one text to the other."""
    parts = total(steps)
    come, gone = list(added(parts)), list(removed(parts))
    subjects = subjects_between(old, new, come, gone) if with_subjects else None
    return (
        sum(end - start for start, end, _ in come),
        sum(end - start for start, end, _ in gone),
        summarise(old, new),
        subjects,
    )


def found_in_long(stretch: LongStretch, with_subjects: bool) -> Found:
    """What a long stretch did."""
    old, new = stretch.old.text, stretch.new.text
    subjects = None
    if with_subjects:
        written = stretch.written()
        subjects = subjects_between(old, new, written.come, written.gone)
    return (*stretch.counts(), summarise(old, new), subjects)
