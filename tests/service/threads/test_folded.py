"""Comments on versions whose text was folded away."""

from __future__ import annotations

import pytest

from jupyter_speccollab.errors import RevisionNotFound
from tests.handlers.logins import insert
from tests.service.faults import BOB, Serve
from tests.service.threads.calls import comment, live_of, one


async def test_the_nearest_version_is_named(serve: Serve) -> None:
    server = await serve("The quick fox")
    writer = await server.client(BOB)
    for version in range(1, 5):
        await writer.edit(version, insert(0, "x"))
        await writer.until("operation_ack")
    await live_of(server).snapshots.take_if_stale()
    await server.memory.fold(server.spec_id, 0, 4, 5)
    other = await server.another()
    with pytest.raises(RevisionNotFound) as folded:
        await comment(other, 5, 10, version=2)
    assert folded.value.details["nearest"] in (1, 5)
    made = await comment(other, 8, 13, version=5)
    assert (await one(other, made))["anchor"] == {"start": 8, "end": 13, "version": 5, "orphaned": False}
