"""``/api/specs/:specId/operations``: what each version of a spec changed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.service.history import operation_pages
from jupyter_speccollab.service.services import Services
from tests.bus.values import eventually
from tests.handlers.logins import PATIENCE, Login, delete, insert
from tests.handlers.test_clients_that_leave import asked


@pytest.fixture
def services(jp_serverapp: ServerApp) -> Services:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    services: Services = app.services
    return services


def replayed(text: str, operations: list[Any]) -> str:
    """The text after these operations; what they say they removed has to be there."""
    for _, _, edits in operations:
        for position, removed, inserted in edits:
            assert text[position : position + len(removed)] == removed
            text = text[:position] + inserted + text[position + len(removed) :]
    return text


async def test_they_lead_from_one_version_to_the_next(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("One 😀 two\n")
    one = await ada.joined(spec_id)
    await one.commits(insert(4, "é"))
    other = await bob.joined(spec_id)
    await other.commits(delete(0, 2), insert(0, "漢😀"), insert(9, "!"))
    path = f"api/specs/{spec_id}/operations"
    whole = await bob.call("GET", path)
    assert (whole["after"], whole["version"], whole["nextAfter"]) == (0, 3, None)
    assert [person["userName"] for person in whole["people"]] == ["Ada Lovelace", "Bob Kahn"]
    assert [operation[0] for operation in whole["operations"]] == [0, 0, 1]
    assert all(isinstance(seconds, int) for _, seconds, _ in whole["operations"])
    assert whole["operations"][2][2] == [[9, "", "!"], [0, "On", "漢😀"]]
    document = await ada.call("GET", f"api/specs/{spec_id}/document")
    assert whole["epoch"] == document["epoch"]
    assert replayed("", whole["operations"]) == document["content"]
    text = ""
    for after in range(3):
        page = await ada.call("GET", path, after=after, limit=1)
        assert page["nextAfter"] == (after + 1 if after < 2 else None)
        text = replayed(text, page["operations"])
        at = await ada.call("GET", f"api/specs/{spec_id}/revisions/{after + 1}")
        assert text == at["content"]
    last = await ada.call("GET", path, after=3)
    assert (last["operations"], last["people"], last["nextAfter"]) == ([], [], None)


async def test_a_page_is_bounded_and_leads_on(ada: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operation_pages, "PAGE_BYTES", 100)
    spec_id = await ada.new_spec("")
    one = await ada.joined(spec_id)
    for _ in range(5):
        await one.commits(insert(0, "x" * 40))
    path = f"api/specs/{spec_id}/operations"
    found, after = [], 0
    while after is not None:
        page = await ada.call("GET", path, after=after)
        assert 1 <= len(page["operations"]) <= 2
        found += page["operations"]
        after = page["nextAfter"]
    assert replayed("", found) == "x" * 200
    monkeypatch.setattr(operation_pages, "PAGE_BYTES", 1)
    assert len((await ada.call("GET", path))["operations"]) == 1


async def test_what_is_refused(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    path = f"api/specs/{spec_id}/operations"
    assert await ada.refused("GET", path, after=2) == (404, "REVISION_NOT_FOUND")
    assert await ada.refused("GET", path, after=-1) == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", path, after="x") == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", path, limit=0) == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", "api/specs/x/operations") == (404, "SPEC_NOT_FOUND")
    await ada.call("DELETE", f"api/specs/{spec_id}")
    assert await ada.refused("GET", path) == (404, "SPEC_NOT_FOUND")


async def test_what_was_folded_away_names_the_first_version_that_is_left(
    ada: Login, services: Services
) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    await one.commits(insert(0, "a"))
    await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "kept"})
    await one.commits(insert(0, "b"))
    await services.documents.store.fold(spec_id, 0, 2, base=2)
    path = f"api/specs/{spec_id}/operations"
    assert await ada.refused("GET", path, after=0) == (404, "REVISION_NOT_FOUND")
    assert await ada.refused("GET", path, after=1) == (404, "REVISION_NOT_FOUND")
    page = await ada.call("GET", path, after=2)
    assert replayed("atext", page["operations"]) == "batext"


async def test_it_stops_when_its_client_leaves(
    ada: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("text")
    waits = asyncio.Event()

    async def never(*_: object) -> object:
        waits.set()
        try:
            return await asyncio.Event().wait()
        finally:
            waits.clear()

    monkeypatch.setattr(services.operation_pages, "page", never)
    async with asked(ada, "GET", f"api/specs/{spec_id}/operations"):
        await asyncio.wait_for(waits.wait(), PATIENCE)
    await eventually(lambda: not waits.is_set(), PATIENCE)
