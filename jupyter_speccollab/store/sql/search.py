"""Search in SQL."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.words import Passage, Term
from jupyter_speccollab.store.statements import search as rows

from .transactions import SqlTransactions

AT_ONCE: Final = 8
"""How many passages one transaction writes at most."""


class SqlSearch(SqlTransactions):
    """Implements `SearchStore`."""

    async def index_text(self, spec_id: str, version: int, passages: Sequence[Passage]) -> None:
        known: defaultdict[str, list[rows.Known]] = defaultdict(list)
        for each in await self._read(lambda connection: rows.known(connection, spec_id)):
            known[each.digest].append(each)
        new: list[Passage] = []
        moved: dict[int, int] = {}
        for passage in passages:
            same = known.get(rows.digest_of(passage))
            if not same:
                new.append(passage)
            elif (one := same.pop()).start != passage.start:
                moved[one.key] = passage.start
        gone = [each.key for left in known.values() for each in left]
        try:
            await self._replace(spec_id, new, moved, gone)
        except IntegrityError:  # the spec has been deleted
            return
        await self._write(lambda connection: rows.done(connection, spec_id, version))

    async def _replace(
        self, spec_id: str, new: Sequence[Passage], moved: Mapping[int, int], gone: Sequence[int]
    ) -> None:
        for start in range(0, max(len(new), len(gone)), AT_ONCE):
            added = await asyncio.to_thread(rows.rows_of, spec_id, new[start : start + AT_ONCE])
            removed = gone[start : start + AT_ONCE]

            def write(
                connection: Connection,
                added: Sequence[dict[str, object]] = added,
                removed: Sequence[int] = removed,
            ) -> None:
                rows.remove(connection, removed)
                rows.add(connection, added)

            await self._write(write)
        if moved:
            await self._write(lambda connection: rows.move(connection, moved))

    async def unindexed(self, limit: int) -> Sequence[str]:
        return await self._read(lambda connection: rows.unindexed(connection, limit))

    async def passages(self, spec_ids: Collection[str], terms: Sequence[Term]) -> Mapping[str, Passage]:
        if not spec_ids or not terms:
            return {}
        return await self._read(lambda connection: rows.first_passages(connection, spec_ids, terms))
