"""Stored anchors: brought on, in the store, before the operations are folded that they would be moved over."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from jupyter_speccollab.service.history.log import log
from jupyter_speccollab.store.base import AnchorState, OperationsFolded, Store
from jupyter_speccollab.text.anchor import Anchor, Gaps

AT_ONCE: Final = 1_000
"""How many anchors are moved in one pass through the log."""


async def bring_on_anchors(store: Store, spec_id: str, until: int) -> None:
    """Store every anchor of an earlier version as of version ``until``. Nothing of a thread changes by that.

    Law (``tests/service/history/test_stored_anchors.py``): each is where moving it over the operations in turn
    brings it, also while another compaction of the spec is running.
    """
    while True:
        folded = await store.folded(spec_id)  # read first: whoever folds more has moved the anchors before
        found = await store.anchors_before(spec_id, until, AT_ONCE)
        if not found:
            return
        with suppress(OperationsFolded):  # since the anchors were read: they are read again
            anchors = await _brought_on(store, spec_id, found, folded, until)
            moved = [(one.thread_id, anchor) for one, anchor in zip(found, anchors, strict=True)]
            await store.move_anchors(spec_id, until, moved)


async def _brought_on(
    store: Store, spec_id: str, found: Sequence[AnchorState], folded: int, until: int
) -> list[Anchor]:
    """The anchors, which are sorted by version, in the text of ``until``."""
    anchors = [_lost(one) if one.version < folded else one.anchor for one in found]
    reached = 0
    async for committed in log(store, spec_id, max(folded, found[0].version), until):
        while reached < len(found) and found[reached].version < committed.version:
            reached += 1
        moving = [(anchors[index], found[index].quote) for index in range(reached)]
        anchors[:reached] = Gaps(committed.components).moved_all(moving)
    return anchors


def _lost(one: AnchorState) -> Anchor:
    """The anchor, where the operations that moved it can't be read any more: its words count as gone."""
    return Anchor(0, 0, one.quote or None)
