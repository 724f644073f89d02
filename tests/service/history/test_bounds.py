"""What reading the history may cost: pages of the log, pages of revisions, comparisons over many versions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_speccollab.protocol.codec import encode_body
from jupyter_speccollab.service.history import log as log_pages
from jupyter_speccollab.service.history import revisions as bounds
from jupyter_speccollab.service.specs.document_text import Save
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Serve, Serving
from tests.service.history.test_folded import as_read


async def typed(serve: Serve, versions: int) -> Serving:
    """A spec in which Ada and Bob wrote by turns, up to this version."""
    server = await serve("0")
    clients = [await server.client(), await server.client(BOB)]
    for version in range(1, versions):
        client = clients[version % 2]
        await client.edit(version, insert(0, f"{version} "))
        await client.until("operation_ack")
    return server


class Calls:
    """The calls of a method of the store, and how much each returned."""

    def __init__(self, server: Serving, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lengths: list[int] = []
        method = getattr(server.memory, name)

        async def counted(*arguments: Any, **named: Any) -> Any:
            found = await method(*arguments, **named)
            self.lengths.append(len(found))
            return found

        monkeypatch.setattr(server.memory, name, counted)


async def authors(server: Serving, version: int, against: int) -> list[set[str]]:
    diff = as_read(await server.services.revisions.diff(ADA, server.spec_id, version, against))
    return [{author["userName"] for author in hunk["authors"]} for hunk in diff["hunks"]]


async def test_the_log_is_read_in_pages(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await typed(serve, 40)
    monkeypatch.setattr(log_pages, "PAGE_OPERATIONS", 7)
    calls = Calls(server, "operations", monkeypatch)
    assert await authors(server, 40, 1) == [{"Ada", "Bob"}]
    assert calls.lengths == [7, 7, 7, 7, 7, 4]
    calls.lengths.clear()
    monkeypatch.setattr(log_pages, "PAGE_BYTES", 60)
    assert await authors(server, 40, 1) == [{"Ada", "Bob"}]
    assert max(calls.lengths) < 5


async def test_others_get_their_turn_while_a_log_is_read(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await typed(serve, 40)
    monkeypatch.setattr(log_pages, "SLICE", 10)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    read = [one.version async for one in log_pages.log(server.memory, server.spec_id, 0, 40)]
    counting.cancel()
    assert read == list(range(1, 41))
    assert turns >= 40 * 2 // 10 - 1


@pytest.mark.parametrize("bound", ["STEPS", "PARTS"])
async def test_beyond_a_bound_no_more_is_read_and_each_hunk_names_all_authors(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    server = await typed(serve, 40)
    monkeypatch.setattr(log_pages, "PAGE_OPERATIONS", 5)
    monkeypatch.setattr(bounds, bound, 8)
    calls = Calls(server, "operations", monkeypatch)
    assert await authors(server, 40, 1) == [{"Ada", "Bob"}]
    assert sum(calls.lengths) <= 10
    assert await authors(server, 5, 4) == [{"Ada"}]


async def test_one_comparison_of_a_user_reads_texts_at_a_time(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await typed(serve, 30)
    revisions = server.services.revisions
    reading = most = 0
    read = bounds.text_at

    async def counted(*arguments: Any) -> Any:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        try:
            await asyncio.sleep(0.01)
            return await read(*arguments)
        finally:
            reading -= 1

    monkeypatch.setattr(bounds, "text_at", counted)
    await asyncio.gather(*(revisions.diff(ADA, server.spec_id, version, 1) for version in range(10, 20)))
    assert most == 1


@pytest.mark.parametrize("character", ["x", "😀", "\u0001", '"'], ids=["ascii", "emoji", "control", "quote"])
async def test_a_page_has_at_most_so_many_bytes_of_json(serve: Serve, character: str) -> None:
    server = await serve("0")
    size = 300_000
    for version in range(1, 13):
        content = f"{version}\n" + character * size
        await server.services.contents.save(ADA, server.spec_id, Save(content, version))
    found: list[int] = []
    before = None
    while True:
        page = await server.services.revisions.page(ADA, server.spec_id, before, 10, content=True)
        assert len(encode_body(page["revisions"])) < bounds.PAGE_BYTES + 1_000
        read = as_read(page)
        found += [entry["version"] for entry in read["revisions"]]
        before = read["nextBefore"]
        if before is None:
            break
    assert found == list(range(13, 0, -1))


async def test_a_page_asks_for_no_more_than_it_holds(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await serve("0")
    for version in range(1, 13):
        content = f"{version}\n" + "x" * 300_000
        await server.services.contents.save(ADA, server.spec_id, Save(content, version))
    monkeypatch.setattr(bounds, "PAGE_BYTES", 1_000_000)
    calls = Calls(server, "revisions", monkeypatch)
    page = await server.services.revisions.page(ADA, server.spec_id, None, 100, content=True)
    assert [entry["version"] for entry in as_read(page)["revisions"]] == [13, 12, 11]
    assert calls.lengths == [3, 1]
