"""Attribution: who wrote each letter of a text, and when."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from msgspec import Raw
from msgspec.json import encode

from jupyter_speccollab.document.bylines import Bylines, joined
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.colors import ColoredSession, colors_of, free_color
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.versions import folded_away, no_version
from jupyter_speccollab.service.live.attributions import NEAR, Step, cost_of
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.store.base import OperationsFolded, StoredAttribution
from jupyter_speccollab.text import Attribution, parts_of, total
from jupyter_speccollab.text.attribution import Chunk

KEPT: Final = 32_000_000
"""The greatest length of all answers that are kept, in bytes of JSON."""

VERSIONS: Final = 10
"""The bylines of so many versions are read in the time in which one code point is compared (`Workers`)."""

Made = Sequence[tuple[str, datetime]]
"""The userId and the time of versions that follow each other."""

Answer = tuple[bytes, list[str], list[str]]
"""The runs as JSON, the userIds of the people that they name, and those of everybody who made a version."""


class AttributionReports:
    """Says of each letter of a text who wrote it, one answer at a time for each user; keeps the last answers."""

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._access = access
        self._kept: OrderedDict[tuple[str, str, int], Answer] = OrderedDict()
        self._length = 0

    async def at(self, caller: Caller, spec_id: str, version: int | None) -> dict[str, Any]:
        """The runs of a version, the present one by default, and the people that they name.

        Raises `SpecNotFound`, `RevisionNotFound`, `RateLimited`.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            document = live.document
            asked = document.version if version is None else version
            if not 0 <= asked <= document.version:
                raise no_version(document, asked)
            key = (spec_id, document.epoch, asked)
            found = self._kept.get(key)
            if found is None:
                async with self._documents.workers.turn(caller.user.user_id):
                    found = self._kept.get(key) or await self._made(document, asked)
            self._keep(key, found)
        runs, named, everybody = found
        return {
            "version": asked,
            "runs": Raw(runs),
            "people": await self._people(spec_id, named, everybody),
        }

    async def _made(self, document: Document, version: int) -> Answer:
        runs, steps = await self.read(document, version)
        attributions, spec_id = self._documents.attributions, document.spec_id
        pages, rest = await attributions.bylines(spec_id, document.epoch, version)
        record = await self._documents.store.spec(spec_id)
        first = (record.created_by, record.created_at)
        cost = cost_of(runs, steps) + version // VERSIONS
        return await self._documents.workers.run(cost, answer, runs, steps, first, pages, rest)

    async def read(self, document: Document, version: int) -> tuple[bytes, Sequence[Step]]:
        """An attribution in its stored form, and the operations from there up to ``version``.

        Raises `RevisionNotFound`.
        """
        attributions, spec_id = self._documents.attributions, document.spec_id
        begun = await attributions.begun(spec_id, version)
        if version - begun.version > NEAR:
            begun = await self._filled(spec_id, version)
        with suppress(OperationsFolded):
            return await attributions.near(spec_id, begun, version)
        begun = await self._filled(spec_id, version)
        with suppress(OperationsFolded):
            return await attributions.near(spec_id, begun, version)
        kept = document.window.since(begun.version)  # the text of such a version is in memory, too
        if kept is None:
            raise await folded_away(self._documents.store, spec_id, version)
        return begun.runs, [parts_of(one.operation, one.version) for one in kept if one.version <= version]

    async def _filled(self, spec_id: str, version: int) -> StoredAttribution:
        """Store the attribution of the snapshots up to a version; returns the newest."""
        async for _ in self._documents.attributions.fill(spec_id, version):
            pass
        return await self._documents.attributions.begun(spec_id, version)

    async def _people(
        self, spec_id: str, named: Sequence[str], everybody: Iterable[str]
    ) -> list[dict[str, Any]]:
        """The people that the runs name.

        Who is there has the color that others see there; the others have those that are left, in the order in
        which they first wrote, so that an answer changes them as seldom as it can.
        """
        sessions = await self._documents.sessions([spec_id])
        colors = dict(
            colors_of(ColoredSession(s.session_id, s.user_id, s.joined_at, s.color) for s in sessions)
        )
        for user_id in everybody:
            if user_id not in colors:
                colors[user_id] = free_color(colors.values())
        users = await self._documents.store.users(named)
        return [
            {"userId": user_id, "userName": users[user_id].name, "color": colors[user_id]}
            for user_id in named
        ]

    def _keep(self, key: tuple[str, str, int], answer: Answer) -> None:
        if key not in self._kept:
            self._kept[key] = answer
            self._length += len(answer[0])
        self._kept.move_to_end(key)
        while self._length > KEPT:
            self._length -= len(self._kept.popitem(last=False)[1][0])


def answer(
    runs: bytes, steps: Sequence[Step], first: tuple[str, datetime], pages: Sequence[bytes], rest: Made
) -> Answer:
    """Bring a stored attribution on by ``steps``, and say of each run who wrote it and when.

    ``first`` is who made version 0, and when. The bylines of the others are in ``pages`` and ``rest``.
    """
    attribution = Attribution.from_bytes(runs).after(total(steps))
    bylines = joined([Bylines.of([first]), *map(Bylines.from_bytes, pages), Bylines.of(rest)])
    used: set[int] = set()
    for chunk in attribution.chunks:
        if len(used) == len(bylines.people):
            break
        used.update(map(bylines.person.__getitem__, chunk.versions))
    named = sorted(used)
    person = bylines.person
    if len(named) < len(bylines.people):
        number_of = {number: index for index, number in enumerate(named)}
        person = [number_of.get(number, 0) for number in person]
    rows = [_rows(chunk, person, bylines.seconds) for chunk in attribution.chunks]
    people = [bylines.people[number] for number in named]
    return b"[" + b",".join(rows) + b"]", people, list(bylines.people)


def _rows(chunk: Chunk, person: Sequence[int], seconds: Sequence[int]) -> bytes:
    """The runs of a chunk as JSON, without the brackets around them."""
    versions = chunk.versions.tolist()
    who, when = map(person.__getitem__, versions), map(seconds.__getitem__, versions)
    return encode(list(zip(chunk.lengths, versions, who, when, strict=True)))[1:-1]
