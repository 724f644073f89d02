"""Unused attachments: the pictures that no version names which can still be read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.store.base import CorruptSnapshot, OperationsFolded, Store
from jupyter_speccollab.text import Text, pack

KEPT_FOR: Final = timedelta(days=1)
"""How long a picture is kept that nothing names: its reference may be in an edit that is not sent yet."""

BATCH: Final = 1_000
"""How many operations are read at once, and how many pictures one transaction deletes."""

ID: Final = 64
"""The length of an attachmentId in characters."""

_IDS: Final = re.compile(f"[0-9a-f]{{{ID},}}")


class UnusedAttachments:
    """Finds and deletes the unused attachments of specs.

    Law (``tests/service/history/test_unused_attachments.py``): an attachment stays whose id stands in any version
    that can be read, whoever typed it and in however many operations.
    """

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._before = now - KEPT_FOR

    async def find(self, spec_id: str) -> Sequence[str]:
        """The ids of the unused attachments. None are named if the history is damaged."""
        old: set[str] = set()
        after = ""
        while found := await self._store.attachments(spec_id, after):
            old |= {each.attachment_id for each in found if each.created_at < self._before}
            after = found[-1].attachment_id
        if not old:
            return ()
        try:
            return sorted(await self._unnamed(spec_id, old))
        except (CorruptSnapshot, InvalidOperation, OperationsFolded):
            return ()

    async def remove(self, spec_id: str) -> int:
        """Delete the unused attachments; returns how many. One that is given again meanwhile stays."""
        unused = await self.find(spec_id)
        removed = 0
        for start in range(0, len(unused), BATCH):
            keys = unused[start : start + BATCH]
            removed += await self._store.remove_attachments(spec_id, keys, self._before)
        return removed

    async def _unnamed(self, spec_id: str, ids: Collection[str]) -> set[str]:
        """Those of the ids that stand in no kept revision and in no version that the log can rebuild."""
        left = set(ids)
        folded = await self._store.folded(spec_id)
        text: Text | None = None if folded else Text.of("")
        version = folded
        before = None
        while left:  # newest first, because a picture is mostly used in the present text
            page = await self._store.revisions(spec_id, before, limit=1)
            if not page:
                break
            snapshot = page[0]
            before, content = snapshot.version, snapshot.content or ""
            left -= await asyncio.to_thread(_named, content, left)
            if snapshot.version >= folded and folded:
                text, version = Text.of(content), snapshot.version
        if folded and text is None:
            raise OperationsFolded(spec_id, folded)
        while left and text is not None:
            log = await self._store.operations(spec_id, version, until=version + BATCH)
            if not log:
                break
            text = await asyncio.to_thread(_replayed, text, log, left)
            version = log[-1].version
        return left


def _replayed(text: Text, log: Sequence[CommittedOperation], left: set[str]) -> Text:
    """Apply the operations, and take out of ``left`` what stands near a change right after it."""
    for committed in log:
        text = text.apply(committed.operation)
        shift = 0
        for position, removed, added in sorted(pack(committed.components)):
            start = position + shift
            near = text.slice(max(0, start - ID), min(len(text), start + len(added) + ID))
            left -= _named(near, left)
            shift += len(added) - len(removed)
    return text


def _named(text: str, ids: Collection[str]) -> set[str]:
    """Those of the ids that stand in the text."""
    return {
        found
        for run in _IDS.finditer(text)
        for start in range(run.start(), run.end() - ID + 1)
        if (found := text[start : start + ID]) in ids
    }
