"""Measures: what was done in a sitting, counted when somebody first looks at it, and then kept."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from jupyter_speccollab.document.document import Document
from jupyter_speccollab.errors import RevisionNotFound, StoreUnavailable
from jupyter_speccollab.markdown.summary import summarise
from jupyter_speccollab.service.history.log import log
from jupyter_speccollab.service.history.stretch import Stretch
from jupyter_speccollab.service.history.subject_changes import subjects_between
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import Measure, OperationsFolded, Store, StoredSitting
from jupyter_speccollab.text import Text, differing_length
from jupyter_speccollab.text.parts import ADDED, REMOVED, total

COST_OF_A_PART: Final = 10
"""A component costs as much as so many code points do in a comparison of two texts."""

OUTLINED: Final = 10
"""Reading the outline of a code point costs as much as comparing so many."""

UNKNOWN: Final = (None, None, "")


class Measures:
    """Measures the sittings of a document, and stores what it finds."""

    def __init__(self, store: Store, workers: Workers) -> None:
        self._store = store
        self._workers = workers

    async def measured(
        self, document: Document, rows: Sequence[StoredSitting], with_subjects: bool
    ) -> list[StoredSitting]:
        """The rows, which are newest first, with their measures; ``with_subjects``, also with their subjects.

        Of sittings that follow each other each operation is read once.
        """
        found: list[StoredSitting] = []
        known: tuple[int, Text] | None = None
        for row in reversed(rows):
            if row.measure is not None and (row.subjects is not None or not with_subjects):
                found.append(row)
            else:
                measured, known = await self._measured(document, row, with_subjects, known)
                found.append(measured)
        return found[::-1]

    async def _measured(
        self,
        document: Document,
        row: StoredSitting,
        with_subjects: bool,
        known: tuple[int, Text] | None,
    ) -> tuple[StoredSitting, tuple[int, Text] | None]:
        """The row with its measure, and the text after it; ``known`` is a version with its text."""
        first, last = row.sitting.first, row.sitting.last
        spec_id = document.spec_id
        people = await self._store.contributions(spec_id, first - 1, last)
        try:
            text = (
                known[1]
                if known and known[0] == first - 1
                else await text_at(self._store, document, first - 1)
            )
            before, stretch = str(text), Stretch(first - 1)
            async for committed in log(self._store, spec_id, first - 1, last):
                text = text.apply(committed.operation)
                stretch.add(committed)
        except (OperationsFolded, RevisionNotFound):
            return await self._keep(
                document, replace(row, measure=Measure(people, *UNKNOWN), subjects=())
            ), None
        after = str(text)
        cost = COST_OF_A_PART * stretch.steps.size + differing_length(before, after)
        counts = await self._workers.run(cost, measure, before, after, stretch)
        result = replace(row, measure=Measure(people, *counts))
        if with_subjects:
            cost += OUTLINED * (len(before) + len(after))
            subjects = await self._workers.run(cost, subjects_between, before, after, stretch)
            result = replace(result, subjects=tuple(subjects))
        return await self._keep(document, result), (last, text)

    async def _keep(self, document: Document, row: StoredSitting) -> StoredSitting:
        """Store what was found, unless the database takes no writes now."""
        with suppress(StoreUnavailable):
            if row.measure is not None:
                await self._store.set_measure(document.spec_id, row.sitting, row.measure)
            if row.subjects is not None:
                await self._store.set_subjects(document.spec_id, row.sitting, row.subjects)
        return row


def measure(before: str, after: str, stretch: Stretch) -> tuple[int, int, str]:
    """How many code points came and went, and what changed in words."""
    parts = total(stretch.steps)
    come = sum(length for kind, length, _ in parts if kind == ADDED)
    gone = sum(length for kind, length, _ in parts if kind == REMOVED)
    return come, gone, summarise(before, after)
