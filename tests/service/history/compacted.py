"""A spec with a history that tests can compact."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import structs

from jupyter_speccollab.errors import RevisionNotFound
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.store.base import RevisionKind, Store
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Serve, Serving

AUTO, BASE, CREATED, LABELLED, SAVED = (
    RevisionKind.AUTO,
    RevisionKind.BASE,
    RevisionKind.CREATED,
    RevisionKind.LABELLED,
    RevisionKind.SAVED,
)
LATER = datetime(9999, 1, 1, tzinfo=UTC)


class History:
    """A spec with a history: ``texts[v]`` is the text of version ``v``, ``ids[v]`` the id of its operation."""

    def __init__(self, server: Serving, texts: Sequence[str], ids: Sequence[str]) -> None:
        self.server = server
        self.texts = texts
        self.ids = ids

    @property
    def version(self) -> int:
        return len(self.texts) - 1

    def pause(self, *versions: int) -> None:
        """Let an hour pass after each of these versions. What is known of sittings is forgotten."""
        spec = self.server.memory._specs[self.server.spec_id]
        for place, committed in enumerate(spec.log):
            early = timedelta(hours=sum(version > place for version in versions))
            spec.log[place] = structs.replace(committed, timestamp=committed.timestamp - early)
        spec.sittings.clear()

    async def compact(self, cut: int | None = None, store: Store | None = None) -> None:
        """Fold all operations up to version ``cut``; by default, all."""
        moment = LATER
        if cut is not None:
            (young,) = await self.server.memory.commits(self.server.spec_id, cut, until=cut + 1)
            moment = young.timestamp
        compaction = Compaction(store or self.server.memory, moment)
        for spec_id in await compaction.spec_ids():
            plan = await compaction.plan(spec_id)
            if plan is not None:
                await compaction.carry_out(plan)

    async def readable(self, server: Serving) -> list[int]:
        """The versions that a server can read. Checks that their texts are unchanged."""
        found = []
        for version, text in enumerate(self.texts):
            try:
                read = await server.services.revisions.at(ADA, server.spec_id, version)
            except RevisionNotFound:
                continue
            assert (read["content"], read["version"]) == (text, version)
            found.append(version)
        return found

    async def kinds(self) -> dict[int, RevisionKind]:
        kept = await self.server.memory.revisions(self.server.spec_id, limit=100)
        return {snapshot.version: snapshot.kind for snapshot in reversed(kept)}


async def settled(server: Serving) -> None:
    """Wait for snapshots under way, and for all that is derived from them in the background."""
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    for name in ("_task", "_deriving", "_measuring"):
        if (task := getattr(live.snapshots, name)) is not None:
            await asyncio.wait([task])


async def a_history(serve: Serve, edits: int = 30, labelled: int = 11) -> History:
    """A history in which Ada and Bob edit by turns, with one labelled revision and some automatic snapshots."""
    server = await serve("text")
    clients = [await server.client(), await server.client(BOB)]
    texts, ids = ["", "text"], ["", ""]
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    for version in range(1, edits + 1):
        ids.append(await clients[version % 2].edit(version, insert(0, f"{version} ")))
        await clients[version % 2].until("operation_ack")
        texts.append(f"{version} {texts[-1]}")
        if version + 1 == labelled:
            await server.services.revisions.label(ADA, server.spec_id, "Kept")
        elif version % 7 == 0:
            await live.snapshots.take_if_stale()
    for client in clients:
        await client.say("leave_session")
    await settled(server)
    return History(server, texts, ids)
