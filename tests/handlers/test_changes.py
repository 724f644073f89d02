"""``/api/specs/:specId/changes``: what came and went between two versions, by heading and requirement."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.service.history import changes as changes_module
from jupyter_speccollab.service.services import Services
from tests.bus.values import eventually
from tests.handlers.logins import Login, delete, insert
from tests.handlers.test_clients_that_leave import PATIENCE, asked

TEXT = "# Login\n\n- FR-001: Log in\n- FR-002: Log out\n\n# Old\n\nGone.\n"
GONE = len("# Old\n\nGone.\n")


@pytest.fixture
def services(jp_serverapp: ServerApp) -> Services:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    services: Services = app.services
    return services


async def changes(login: Login, spec_id: str, **query: Any) -> Any:
    return await login.call("GET", f"api/specs/{spec_id}/changes", **query)


async def test_changes_are_told_by_subject(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec(TEXT)
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(TEXT.index("Log in"), "Always "), version=1)
    await two.commits(delete(len(TEXT) - GONE, GONE), version=1)
    await two.commits(insert(0, "Hello.\n\n"), version=3)
    answer = await changes(ada, spec_id, since=1)
    assert (answer["from"], answer["to"]) == (1, 4)
    ada_is, bob_is = [{"userId": each.me["userId"], "userName": each.me["userName"]} for each in (one, two)]
    at = [
        (await ada.call("GET", f"api/specs/{spec_id}/revisions/{version}"))["modifiedAt"]
        for version in range(5)
    ]
    assert answer["entries"] == [
        {
            "subject": None,
            "added": 8,
            "removed": 0,
            "people": [bob_is],
            "firstVersion": 4,
            "lastVersion": 4,
            "lastModified": at[4],
        },
        {
            "subject": {"kind": "requirement", "id": "FR-001", "title": "Always Log in"},
            "added": 7,
            "removed": 0,
            "people": [ada_is],
            "firstVersion": 2,
            "lastVersion": 2,
            "lastModified": at[2],
        },
        {
            "subject": {"kind": "heading", "id": "old", "title": "Old", "deleted": True},
            "added": 0,
            "removed": GONE,
            "people": [bob_is],
            "firstVersion": 3,
            "lastVersion": 3,
            "lastModified": at[3],
        },
    ]
    assert (await changes(ada, spec_id, since=1, until=2))["entries"] == answer["entries"][1:2]
    everything = await changes(ada, spec_id)
    assert (everything["from"], everything["to"]) == (0, 4)
    assert sum(entry["added"] for entry in everything["entries"]) == len(TEXT) - GONE + 8 + 7


async def test_nothing_changed_between_a_version_and_itself(ada: Login) -> None:
    spec_id = await ada.new_spec(TEXT)
    assert await changes(ada, spec_id, since=1) == {"from": 1, "to": 1, "entries": []}
    assert await changes(ada, spec_id, since=0, until=0) == {"from": 0, "to": 0, "entries": []}


async def test_what_is_asked_for_in_a_wrong_way_is_refused(ada: Login) -> None:
    spec_id = await ada.new_spec(TEXT)
    path = f"api/specs/{spec_id}/changes"
    for query in ({"since": 2}, {"since": 1, "until": 0}, {"since": "x"}, {"until": "-1"}, {"since": "１"}):
        assert await ada.refused("GET", path, **query) == (400, "INVALID_MESSAGE"), query
    assert await ada.refused("GET", path, since=1, until=2) == (404, "REVISION_NOT_FOUND")
    assert await ada.refused("GET", path, since=10**30, until=10**40) == (404, "REVISION_NOT_FOUND")


async def test_a_time_stands_for_the_newest_version_that_was_made_by_then(ada: Login) -> None:
    spec_id = await ada.new_spec("0")
    socket = await ada.joined(spec_id)
    for version in range(1, 12):
        await socket.commits(insert(0, "x"), version=version)
        await asyncio.sleep(0.002)
    path = f"api/specs/{spec_id}/revisions"
    times = [(await ada.call("GET", f"{path}/{version}"))["modifiedAt"] for version in range(1, 13)]
    assert len(set(times)) == 12
    for version, moment in enumerate(times, start=1):
        after = (datetime.fromisoformat(moment) + timedelta(milliseconds=1)).isoformat()
        assert (await changes(ada, spec_id, since=after))["from"] == version
    assert (await changes(ada, spec_id, since="2020-01-01"))["from"] == 0
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert (await changes(ada, spec_id, since=later))["from"] == 12


async def test_few_answers_are_kept(ada: Login, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_module, "KEPT", 1_000)
    for number in range(5):
        spec_id = await ada.new_spec(TEXT)
        assert await changes(ada, spec_id) == await changes(ada, spec_id)
        assert len(services.changes._kept) <= 2, number
    assert services.changes._length == sum(map(len, services.changes._kept.values()))


async def test_changes_of_long_texts_are_counted_elsewhere_and_no_longer_than_somebody_waits(
    ada: Login, services: Services
) -> None:
    spec_id = await ada.new_spec("- [ ] a *b* [c](d)\n" * 40_000)
    async with asked(ada, "GET", f"api/specs/{spec_id}/changes"):
        await eventually(lambda: bool(services.documents.workers._turns._present), PATIENCE)
        await asyncio.sleep(0.5)
        assert services.documents.workers._turns._present, "it was over before the client could leave"
    await eventually(lambda: not services.documents.workers._turns._present, PATIENCE)


async def test_texts_that_take_too_long_are_refused(ada: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_module, "WITHIN", 0.0)
    spec_id = await ada.new_spec("- [ ] a *b* [c](d)\n" * 1_000)
    assert await ada.refused("GET", f"api/specs/{spec_id}/changes") == (413, "DOCUMENT_TOO_LARGE")
