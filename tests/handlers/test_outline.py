"""``/api/specs/:specId/outline``: headings, requirements and tasks of a spec at a version."""

from __future__ import annotations

import asyncio

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.service.services import Services
from jupyter_speccollab.service.specs import outlines
from tests.bus.values import eventually
from tests.handlers.logins import PATIENCE, Login
from tests.handlers.test_clients_that_leave import asked
from tests.service.test_workers import children

TEXT = "---\nstatus: draft\n---\n\n# Login\n\n- [ ] FR-001: Log in\n- [x] Done 😀\n\n## FR-001 again\n"


@pytest.fixture
def services(jp_serverapp: ServerApp) -> Services:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    services: Services = app.services
    return services


async def test_an_outline_has_headings_requirements_and_tasks(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec(TEXT)
    answer = await bob.call("GET", f"api/specs/{spec_id}/outline")
    assert answer["version"] == 1
    assert [
        (entry["kind"], entry["id"], entry["title"], entry["level"], entry["line"])
        for entry in answer["entries"]
    ] == [
        ("heading", "login", "Login", 1, 4),
        ("requirement", "FR-001", "Log in", 0, 6),
        ("task", "task:2", "Done 😀", 0, 7),
        ("requirement", "FR-001", "again", 2, 9),
    ]
    assert [(entry.get("duplicate"), entry.get("done")) for entry in answer["entries"]] == [
        (None, None),
        (None, False),
        (None, True),
        (True, None),
    ]
    task = answer["entries"][2]
    assert TEXT[task["start"] : task["end"]] == "- [x] Done 😀"


async def test_an_outline_is_of_the_version_that_is_asked_for(ada: Login) -> None:
    spec_id = await ada.new_spec("# One\n")
    path = f"api/specs/{spec_id}/outline"
    await ada.call("PUT", f"api/specs/{spec_id}/document", {"content": "# Two\n", "version": 1})
    for version, title in ((None, "Two"), (1, "One"), (2, "Two"), (1, "One")):
        asked_for = {} if version is None else {"version": version}
        answer = await ada.call("GET", path, **asked_for)
        assert answer["version"] == (version or 2)
        assert [entry["title"] for entry in answer["entries"]] == [title]
    assert await ada.refused("GET", path, version=3) == (404, "REVISION_NOT_FOUND")
    assert await ada.refused("GET", path, version=-1) == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", path, version="x") == (400, "INVALID_MESSAGE")


async def test_few_outlines_are_kept(ada: Login, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "KEPT", 1_000)
    for number in range(5):
        spec_id = await ada.new_spec("# Heading\n" * 3)
        await ada.call("GET", f"api/specs/{spec_id}/outline")
        assert len(services.outlines._kept) <= 2, number
    assert services.outlines._length == sum(map(len, services.outlines._kept.values()))


async def test_a_long_text_is_read_elsewhere_and_no_longer_than_somebody_waits(
    ada: Login, services: Services
) -> None:
    spec_id = await ada.new_spec("- [ ] a *b* [c](d)\n" * 40_000)
    before = children()
    async with asked(ada, "GET", f"api/specs/{spec_id}/outline"):
        await eventually(lambda: bool(services.documents.workers._turns._present), PATIENCE)
        await asyncio.sleep(0.5)
        assert services.documents.workers._turns._present, "it was over before the client could leave"
    await eventually(lambda: not services.documents.workers._turns._present, PATIENCE)
    await eventually(lambda: not children() - before, PATIENCE)


async def test_a_text_that_takes_too_long_is_refused(
    ada: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.outlines, "_within", 0.0)
    spec_id = await ada.new_spec("- [ ] a *b* [c](d)\n" * 1_000)
    assert await ada.refused("GET", f"api/specs/{spec_id}/outline") == (413, "DOCUMENT_TOO_LARGE")
