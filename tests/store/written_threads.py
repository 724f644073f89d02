"""Threads that are written into a store."""

from __future__ import annotations

from dataclasses import replace

from jupyter_speccollab.store.base import (
    Store,
    StoredThread,
    ThreadState,
)
from tests.store.values import (
    BOB,
    SPEC,
    moment,
)


async def write(store: Store, *threads: StoredThread, spec_id: str = SPEC) -> list[StoredThread]:
    """Write each thread as the next change; returns them as they were written."""
    written = []
    base = (await store.spec(spec_id)).threads_version
    for number, thread in enumerate(threads):
        written.append(replace(thread, changed=base + number + 1))
        await store.write_thread(spec_id, base + number, written[-1])
    return written


def resolved(thread: StoredThread, by: str = BOB.user_id) -> StoredThread:
    return replace(
        thread,
        state=ThreadState.RESOLVED,
        resolved_by=by,
        resolved_by_name=BOB.name,
        resolved_at=moment(9),
    )
