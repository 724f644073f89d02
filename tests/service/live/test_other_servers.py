"""News of other servers: they reach the registered functions, and cause no unneeded reads of the store."""

from __future__ import annotations

import asyncio

from jupyter_speccollab.bus.news import ACCESS, OPERATIONS, SPEC, Changed, Missed
from jupyter_speccollab.service.live.live_document import LiveDocument
from tests.service.faults import Serve, Serving


async def opened(serve: Serve) -> tuple[Serving, LiveDocument]:
    server = await serve()
    await server.client()
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    return server, live


async def test_a_change_is_passed_to_the_function_registered_for_it(serve: Serve) -> None:
    _, live = await opened(serve)
    threads: list[int] = []
    live.other_servers.register("threads", threads.append)
    for news in (Changed("threads", 12), Changed("verdicts", 3), Changed(ACCESS, 9), Missed()):
        live.other_servers.receive(news)
    assert threads == [12, 0]


async def test_the_store_is_read_only_for_changes_that_this_server_does_not_have(serve: Serve) -> None:
    server, live = await opened(serve)
    reads: list[str] = []

    async def count(act: object) -> object:
        reads.append("read")
        return await act()  # type: ignore[operator]

    async def after(news: Changed | Missed) -> int:
        reads.clear()
        server.store.faults["spec"] = [count] * 9
        live.other_servers.receive(news)
        await asyncio.sleep(0.02)
        return len(reads)

    version = live.grants.version
    assert await after(Changed(ACCESS, version)) == 0
    assert await after(Changed(ACCESS, version + 1)) == 1
    assert await after(Changed("a feature of a newer release", 7)) == 0
    for news in (Changed(SPEC), Changed(), Changed(OPERATIONS, 99), Missed()):
        assert await after(news) == 1
    await server.services.documents.change_entry(server.spec_id, {"title": "New"})
    assert await after(Changed(SPEC, live.entry.version)) == 0
    assert await after(Changed(SPEC, live.entry.version + 1)) == 1


async def test_an_entry_changed_elsewhere_is_told_once_and_in_order(serve: Serve) -> None:
    server, live = await opened(serve)
    old = await server.store.spec(server.spec_id)
    titles: list[str] = []
    live.entry._changed = lambda record: titles.append(record.title)
    for title in ("One", "Two"):
        await server.store.update_spec(server.spec_id, {"title": title})
        live.other_servers.receive(Changed(SPEC, 99))
        await live.catch_up()
    live.entry.see(old)  # a read that was overtaken
    await live.catch_up()
    assert titles == ["One", "Two"]
