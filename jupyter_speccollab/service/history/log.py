"""The log of a spec, read in pages, so that no step is long and little of it is in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.service.time_slice import TimeSlice
from jupyter_speccollab.store.base import Store

PAGE_OPERATIONS: Final = 500
"""How many operations are read at once."""

PAGE_BYTES: Final = 64 * 1024
"""How much of stored changes is read at once, unless one operation holds more."""

SLICE: Final = 200
"""The number of components after which other work of the event loop gets its turn."""


async def log(store: Store, spec_id: str, after: int, until: int) -> AsyncIterator[CommittedOperation]:
    """The operations of the versions in ``(after, until]``, ascending.

    The event loop gets a turn after each few of them. Raises `OperationsFolded`, at the latest where the first
    folded one would come.
    """
    slice_ = TimeSlice(SLICE)
    while after < until:
        page = await store.operations(
            spec_id, after, until=until, limit=PAGE_OPERATIONS, most_bytes=PAGE_BYTES
        )
        for committed in page:
            yield committed
            await slice_.spend(1 + len(committed.components))
        if not page:
            return
        after = page[-1].version
