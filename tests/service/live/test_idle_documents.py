"""Idle documents: their texts together are bounded, and those that have been idle for longest go first."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.service.live.idle_documents import IdleDocuments
from jupyter_speccollab.service.specs.specs import NewSpec
from tests.service.faults import ADA, Serve
from tests.service.live.test_documents import eventually

MOST = 100


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.none() | st.integers(0, 120))))
def test_those_that_stay_are_the_newest_that_fit(steps: list[tuple[str, int | None]]) -> None:
    asyncio.run(follow(steps))


async def follow(steps: list[tuple[str, int | None]]) -> None:
    closed: list[str] = []
    idle = IdleDocuments(closed.append, MOST)
    staying: dict[str, int] = {}
    for spec_id, length in steps:
        staying.pop(spec_id, None)
        closed.clear()
        if length is None:
            idle.remove(spec_id)
            continue
        staying[spec_id] = length
        order = list(staying)
        idle.add(spec_id, length)
        assert closed == order[: len(closed)]
        if closed:
            assert sum(staying[one] for one in order[len(closed) - 1 :]) > MOST
        for one in closed:
            del staying[one]
        assert sum(staying.values()) <= MOST
        assert len(idle) == len(staying)
    idle.clear()


async def test_whoever_reads_one_long_document_after_the_other_fills_no_memory(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await serve("x" * 60)
    services = server.services
    monkeypatch.setattr(services.documents._idle, "_most", MOST)
    specs = [server.spec_id]
    for number in range(5):
        new = NewSpec(f"Spec {number}", "y" * 60, "", "", None)
        specs.append((await services.specs.create(ADA, new))["specId"])
    socket = await server.client()
    for spec_id in [*specs, *specs]:
        assert (await services.contents.read(ADA, spec_id))["content"]
    await eventually(lambda: services.documents.open_count == 2)
    assert services.documents.live(server.spec_id) is not None, "somebody is in it"
    await socket.say("leave_session")
