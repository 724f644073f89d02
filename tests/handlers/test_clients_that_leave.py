"""Clients that close their connection before the answer, and clients that do not take it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.handlers.base import SpecHandler
from jupyter_speccollab.service.services import Services
from tests.bus.values import eventually
from tests.handlers.logins import Login
from tests.service.test_workers import children

PATIENCE = 60.0


@pytest.fixture
def services(jp_serverapp: ServerApp) -> Services:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    services: Services = app.services
    return services


@asynccontextmanager
async def asked(
    login: Login, method: str, path: str, body: Any = None, limit: int = 65_536
) -> AsyncIterator[asyncio.StreamReader]:
    """A request whose answer is not read, on a connection that is closed at the end of the context."""
    host, _, base = login.address.partition("/")
    name, _, port = host.partition(":")
    content = b"" if body is None else json.dumps(body).encode()
    headers = {**login.headers, "Host": host, "Content-Length": str(len(content))}
    head = [f"{method} /{base}{path} HTTP/1.1", *(f"{key}: {value}" for key, value in headers.items())]
    reader, writer = await asyncio.open_connection(name, int(port), limit=limit)
    try:
        writer.write("\r\n".join([*head, "", ""]).encode() + content)
        await writer.drain()
        yield reader
    finally:
        writer.close()
        await writer.wait_closed()


def unlike(length: int, seed: int) -> str:
    """A text that has little in common with those of other seeds."""
    return "".join(f"{seed * number % 9973} w{number * seed % 7919}\n" for number in range(length))


async def test_a_comparison_stops_when_its_client_leaves(
    ada: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.service.history.revisions.STEPS", 0)  # so that it takes seconds
    spec_id = await ada.new_spec(unlike(60_000, 3))
    await ada.call("PUT", f"api/specs/{spec_id}/document", {"content": unlike(60_000, 7), "version": 1})
    before = children()
    async with asked(ada, "GET", f"api/specs/{spec_id}/revisions/2/diff"):
        await eventually(lambda: bool(services.revisions._answers._present), PATIENCE)
        await asyncio.sleep(0.5)
        assert services.revisions._answers._present, "it was over before the client could leave"
    await eventually(lambda: not services.revisions._answers._present, PATIENCE)
    assert not services.revisions._workers._turns._present
    await eventually(lambda: bool(before - children()), PATIENCE)  # its process was ended too


async def test_a_save_is_carried_out_though_its_client_leaves(ada: Login) -> None:
    spec_id = await ada.new_spec(unlike(20_000, 3))
    content = unlike(20_000, 7)
    async with asked(ada, "PUT", f"api/specs/{spec_id}/document", {"content": content, "version": 1}):
        pass
    async with asyncio.timeout(PATIENCE):
        while (read := await ada.call("GET", f"api/specs/{spec_id}/document"))["version"] < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert read["content"] == content


async def test_few_long_answers_of_a_user_are_in_memory_and_not_for_ever(
    ada: Login, bob: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.handlers.base.DELIVERY", 2.0)
    spec_id = await ada.new_spec("0\n")
    for version in range(1, 5):
        content = str(version) * 1_900_000
        await ada.call("PUT", f"api/specs/{spec_id}/document", {"content": content, "version": version})
    reads = 0
    store = services.revisions._store
    read = store.revisions

    async def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal reads
        reads += "most_bytes" in named
        return await read(*arguments, **named)

    monkeypatch.setattr(store, "revisions", counted)
    path = f"api/specs/{spec_id}/revisions"
    async with (
        asked(ada, "GET", path, limit=1),
        asked(ada, "GET", path, limit=1),
        asked(ada, "GET", path, limit=1),
        asked(ada, "GET", path, limit=1),
    ):
        await eventually(lambda: reads == 2, PATIENCE)
        (entry, *_) = (await bob.call("GET", path, limit=1))["revisions"]  # others do not wait
        assert entry["version"] == 5
        assert reads == 3
        await eventually(lambda: reads == 5, PATIENCE)  # the first two were not taken in time
        await eventually(lambda: not services.revisions._answers._present, PATIENCE)


async def test_few_answers_to_saves_are_in_memory_until_they_are_taken(
    ada: Login, bob: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("0")
    path = f"api/specs/{spec_id}/document"
    body = {"content": "1", "version": 1}
    await ada.call("PUT", path, body)
    await ada.call("PUT", path, {"content": "😀" * 1_900_000, "version": 2})
    answered = 0
    current = services.contents._current

    async def counted(*arguments: Any) -> Any:
        nonlocal answered
        answered += 1
        return await current(*arguments)

    monkeypatch.setattr(services.contents, "_current", counted)
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(asked(ada, "PUT", path, body, limit=1))
        await eventually(lambda: answered == 8, PATIENCE)
        assert (await bob.call("GET", path))["version"] == 3
        assert answered == 9
    await eventually(lambda: answered == 11, PATIENCE)  # each was carried out, though its client left
    await eventually(lambda: not services.contents._saves._present, PATIENCE)


async def test_few_answers_to_joins_by_polling_are_in_memory_until_they_are_taken(
    ada: Login, bob: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("😀" * 1_900_000)
    path = f"api/specs/{spec_id}/session"
    again = {"specId": spec_id, "sessionId": (await ada.call("POST", path, {"specId": spec_id}))["sessionId"]}
    joined = 0
    join = services.polls.join

    async def counted(*arguments: Any) -> Any:
        nonlocal joined
        joined += 1
        return await join(*arguments)

    monkeypatch.setattr(services.polls, "join", counted)
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(asked(ada, "POST", path, again, limit=1))
        await eventually(lambda: joined == 8, PATIENCE)
        await bob.call("POST", path, {"specId": spec_id})
        assert joined == 9
    await eventually(lambda: joined == 11, PATIENCE)
    await eventually(lambda: not services.contents._answers._present, PATIENCE)


async def test_few_long_lists_of_events_are_in_memory_until_they_are_taken(
    ada: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("😀" * 1_900_000)
    path = f"api/specs/{spec_id}/session"
    session_id = (await ada.call("POST", path, {"specId": spec_id}))["sessionId"]
    path += f"/{session_id}/events"
    sync = {"event": "request_sync", "data": {"lastKnownVersion": 0, "content": True}}
    await ada.call("POST", path, [sync])
    poll = services.polls._polls[session_id]
    names: list[str] = []
    while "sync" not in names:  # which is never confirmed
        names = [event["event"] for event in (await ada.call("GET", path, wait=5))["events"]]
    answers = 0
    deliver = SpecHandler.deliver

    async def counted(*arguments: Any) -> None:
        nonlocal answers
        answers += 1
        await deliver(*arguments)

    monkeypatch.setattr(SpecHandler, "deliver", counted)
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(asked(ada, "GET", path, limit=1))
        await eventually(lambda: answers == 8, PATIENCE)
        await eventually(lambda: sum(services.contents._answers._present.values()) == 10, PATIENCE)
        assert answers == 8
    await eventually(lambda: not services.contents._answers._present, PATIENCE)
    await eventually(lambda: not poll.calls, PATIENCE)


async def test_few_documents_of_a_user_are_in_memory_and_others_do_not_wait(
    ada: Login, bob: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.handlers.base.DELIVERY", 3.0)
    spec_id = await ada.new_spec("😀" * 1_900_000)
    reads = 0
    read = services.contents.read

    async def counted(*arguments: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(*arguments)

    monkeypatch.setattr(services.contents, "read", counted)
    path = f"api/specs/{spec_id}/document"
    async with AsyncExitStack() as stack:
        for _ in range(12):
            await stack.enter_async_context(asked(ada, "GET", path, limit=1))
        await eventually(lambda: reads == 8, PATIENCE)
        assert (await bob.call("GET", path))["version"] == 1
        assert reads == 9
        await eventually(lambda: reads == 13, PATIENCE)
