"""A long stretch: two versions that are too far from each other to read all operations between them.

What was written in between is told by the attributions of both texts, which are stored near each version. The same
serves where some of the operations are folded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from jupyter_speccollab.document.bylines import Bylines, joined
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.service.history.attribution import AttributionReports
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.history.written import SOME, Written
from jupyter_speccollab.service.live.attributions import Step, cost_of
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.text import Attribution, total
from jupyter_speccollab.text.gone import gone


@dataclass(frozen=True, slots=True)
class Attributed:
    """A text, and its attribution: a stored one, brought on by ``steps``."""

    text: str
    stored: bytes
    steps: Sequence[Step]

    @property
    def cost(self) -> int:
        """What reading it costs, as `jupyter_speccollab.service.workers.Workers` counts it."""
        return len(self.text) + cost_of(self.stored, self.steps)

    def attribution(self) -> Attribution:
        """Which version inserted which letter."""
        return Attribution.from_bytes(self.stored).after(total(self.steps))


@dataclass(frozen=True, slots=True)
class LongStretch:
    """The texts of versions ``after`` and ``until``, to be sent to another process.

    ``pages`` and ``rest`` are bylines (`jupyter_speccollab.document.bylines`) up to ``until``; ``names`` are those
    of everybody who wrote in between, by userId.
    """

    after: int
    until: int
    old: Attributed
    new: Attributed
    pages: Sequence[bytes]
    rest: Sequence[tuple[str, datetime]]
    names: Mapping[str, str]

    @property
    def cost(self) -> int:
        """What comparing both costs, as `jupyter_speccollab.service.workers.Workers` counts it."""
        return self.old.cost + self.new.cost

    def counts(self) -> tuple[int, int]:
        """How many letters came, and how many are gone: those that did not stay."""
        come = sum(length for length, version in self.new.attribution() if version > self.after)
        return come, len(self.old.text) - (len(self.new.text) - come)

    def written(self) -> Written:
        """What was written in between. Times are in whole seconds, and who removed a letter can't be told."""
        attribution = self.new.attribution()
        ends = accumulate(length for length, _ in attribution)
        come = [
            (end - length, end, version)
            for (length, version), end in zip(attribution, ends, strict=True)
            if version > self.after
        ]
        old = self.old
        left = gone(old.text, old.attribution(), self.new.text, attribution, self.after)
        bylines = joined([*map(Bylines.from_bytes, self.pages), Bylines.of(self.rest)])

        def made(version: int) -> tuple[str, datetime]:
            at = datetime.fromtimestamp(bylines.seconds[version - 1], UTC)
            return bylines.people[bylines.person[version - 1]], at

        ranges = [(start, end, SOME) for start, end in left]
        return Written(come, ranges, made, self.names, self.after, self.until)


async def long_stretch_of(
    documents: Documents,
    reports: AttributionReports,
    document: Document,
    after: int,
    until: int,
    old: Attributed | None = None,
) -> LongStretch:
    """Read a long stretch; ``old`` is the text of ``after``, if it is known.

    Raises `RevisionNotFound` if one of the two texts is folded away.
    """
    store, spec_id = documents.store, document.spec_id

    async def attributed(version: int) -> Attributed:
        text = str(await text_at(store, document, version))
        return Attributed(text, *await reports.read(document, version))

    ends = old or await attributed(after), await attributed(until)
    pages, rest = await documents.attributions.bylines(spec_id, document.epoch, until)
    names = await store.authors(spec_id, after, until)
    return LongStretch(after, until, *ends, pages, rest, names)
