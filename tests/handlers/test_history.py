"""``/api/specs/:specId/history``: the history of a spec by sittings; and labels that are taken away."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.service.history import sittings
from jupyter_speccollab.service.services import Services
from tests.bus.values import eventually
from tests.handlers.logins import Login, delete, insert
from tests.handlers.test_clients_that_leave import PATIENCE, asked
from tests.handlers.test_revisions import page as revisions
from tests.handlers.test_revisions import put

SITTING = {
    "fromVersion", "toVersion", "startedAt", "endedAt", "people", "added", "removed", "changesSummary", "revisions",
}  # fmt: skip


@pytest.fixture
def services(jp_serverapp: ServerApp) -> Services:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    services: Services = app.services
    return services


async def history(login: Login, spec_id: str, **query: Any) -> Any:
    return await login.call("GET", f"api/specs/{spec_id}/history", **query)


async def ranges(login: Login, spec_id: str, **query: Any) -> list[tuple[int, int]]:
    found = (await history(login, spec_id, **query))["sittings"]
    return [(each["fromVersion"], each["toVersion"]) for each in found]


async def test_a_sitting_says_who_did_what_and_when(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("# Churn\n\nOne.\n")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(13, " Two."), version=1)
    await two.commits(delete(9, 4), version=2)
    await one.commits(insert(0, "\n"), version=3)
    answer = await history(ada, spec_id)
    assert answer["nextBefore"] is None
    (sitting,) = answer["sittings"]
    assert sitting.keys() == SITTING
    assert (sitting["fromVersion"], sitting["toVersion"]) == (0, 4)
    assert sitting["people"] == [
        {"userId": one.me["userId"], "userName": "Ada Lovelace", "operations": 3},
        {"userId": two.me["userId"], "userName": "Bob Kahn", "operations": 1},
    ]
    text = (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"]
    assert (sitting["added"], sitting["removed"]) == (len(text), 0)
    assert "Churn" in sitting["changesSummary"]
    assert sitting["revisions"] == [{"version": 1, "label": None, "kind": "created"}]
    for version, field in ((1, "startedAt"), (4, "endedAt")):
        made = await ada.call("GET", f"api/specs/{spec_id}/revisions/{version}")
        assert sitting[field] == made["modifiedAt"]


async def test_a_sitting_ends_after_a_revision_that_somebody_asked_for(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    socket = await bob.joined(spec_id)
    await socket.commits(insert(0, "a"), version=1)
    await put(ada, spec_id, "saved\n", 2)
    await socket.commits(insert(0, "b"), version=3)
    assert await ranges(ada, spec_id) == [(3, 4), (0, 3)]
    await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "Mine"})
    await socket.commits(insert(0, "c"), version=4)
    await ada.call("POST", f"api/specs/{spec_id}/revisions/1/restore", {})
    await socket.commits(insert(0, "d"), version=6)
    found = (await history(ada, spec_id))["sittings"]
    assert [(each["fromVersion"], each["toVersion"]) for each in found] == [(6, 7), (4, 6), (3, 4), (0, 3)]
    assert [each["revisions"] for each in found] == [
        [],
        [{"version": 6, "label": None, "kind": "restored"}],
        [{"version": 4, "label": "Mine", "kind": "labelled"}],
        [{"version": 1, "label": None, "kind": "created"}, {"version": 3, "label": None, "kind": "saved"}],
    ]
    assert [(each["added"], each["removed"]) for each in found][:3] == [(1, 0), (1, 6), (1, 0)]


async def test_pages_go_backwards(ada: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    for version in range(1, 8):
        await put(ada, spec_id, f"{version}\n", version)
    assert await ranges(ada, spec_id) == [*((v, v + 1) for v in range(7, 1, -1)), (0, 2)]
    query: dict[str, Any] = {"limit": 3}
    found: list[int] = []
    while True:
        answer = await history(ada, spec_id, **query)
        assert 1 <= len(answer["sittings"]) <= 3
        found += [each["toVersion"] for each in answer["sittings"]]
        if answer["nextBefore"] is None:
            break
        assert answer["nextBefore"] == answer["sittings"][-1]["fromVersion"] + 1
        query["before"] = answer["nextBefore"]
    assert found == [8, 7, 6, 5, 4, 3, 2]
    assert await ranges(ada, spec_id, before=3, limit=1_000) == [(0, 2)]
    assert await history(ada, spec_id, before=1) == {"sittings": [], "nextBefore": None}
    for query in ({"limit": 0}, {"limit": "x"}, {"before": -1}, {"before": "x"}, {"user": "bob"}):
        path = f"api/specs/{spec_id}/history"
        assert await ada.refused("GET", path, **query) == (400, "INVALID_MESSAGE"), query


async def test_the_sittings_of_one_person(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    bob_id = (await bob.joined(spec_id)).me["userId"]
    for version in range(1, 9):
        await put(bob if version in (2, 7) else ada, spec_id, f"{version}\n", version)
    assert await ranges(ada, spec_id, user=bob_id) == [(7, 8), (2, 3)]
    first = await history(ada, spec_id, user=bob_id.upper(), limit=1)
    assert (len(first["sittings"]), first["nextBefore"]) == (1, 8)
    assert await ranges(ada, spec_id, user=bob_id, before=8) == [(2, 3)]
    assert await ranges(ada, spec_id, user=str(uuid4())) == []


async def test_the_sittings_of_one_subject(ada: Login) -> None:
    texts = [
        "# Login\n\n- FR-001: Log in\n\n## Tokens\n\nOld.\n\n# End\n",
        "# Login\n\n- FR-001: Log in\n\n## Tokens\n\nNew.\n\n# End\n",
        "# Login\n\n- FR-001: Log in again\n\n## Tokens\n\nNew.\n\n# End\n",
        "# Login\n\n## Tokens\n\nNew.\n\n# End\n",
        "# Login\n\n## Tokens\n\nNew.\n\n# End\n\nMore.\n",
    ]
    spec_id = await ada.new_spec(texts[0])
    for version, text in enumerate(texts[1:], start=1):
        await put(ada, spec_id, text, version)
    assert [last for _, last in await ranges(ada, spec_id)] == [5, 4, 3, 2]
    for subject, versions in (
        ("login", [4, 3, 2]),
        ("tokens", [2]),
        ("FR-001", [4, 3, 2]),
        ("end", [5, 2]),
        ("nothing", []),
    ):
        assert [last for _, last in await ranges(ada, spec_id, subject=subject)] == versions, subject
    assert [last for _, last in await ranges(ada, spec_id, subject="login", limit=1)] == [4]
    assert (await history(ada, spec_id, subject="end", limit=1, before=5))["sittings"][0]["toVersion"] == 2


async def test_an_empty_spec_has_no_sittings(ada: Login) -> None:
    spec_id = await ada.new_spec()
    assert await history(ada, spec_id) == {"sittings": [], "nextBefore": None}
    await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "Nothing yet"})
    await put(ada, spec_id, "x", 0)
    (sitting,) = (await history(ada, spec_id))["sittings"]
    assert [(one["version"], one["label"]) for one in sitting["revisions"]] == [(0, "Nothing yet"), (1, None)]


async def test_a_label_is_taken_away_and_the_revision_stays(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "1.0"})
    await put(ada, spec_id, "more", 1)
    path = f"api/specs/{spec_id}/revisions"
    for version in (1, 1, 2, 0):  # the second time, and where there is none, it is done already
        assert await ada.call("DELETE", f"{path}/{version}/label") == {}
    found = [(entry["version"], entry["label"], entry["kind"]) for entry in await revisions(ada, spec_id)]
    assert found == [(2, None, "saved"), (1, None, "saved")]
    assert await ranges(ada, spec_id) == [(1, 2), (0, 1)]
    for version in (3, 10**20, "x", "-1"):
        assert await ada.refused("DELETE", f"{path}/{version}/label") == (404, "REVISION_NOT_FOUND")
    assert await ada.refused("DELETE", f"api/specs/{uuid4()}/revisions/1/label") == (404, "SPEC_NOT_FOUND")


async def test_a_long_history_is_measured_elsewhere_and_no_longer_than_somebody_waits(
    ada: Login, services: Services
) -> None:
    spec_id = await ada.new_spec("- [ ] a *b* [c](d)\n" * 40_000)
    async with asked(ada, "GET", f"api/specs/{spec_id}/history?subject=x"):
        await eventually(lambda: bool(services.documents.workers._turns._present), PATIENCE)
        await asyncio.sleep(0.5)
        assert services.documents.workers._turns._present, "it was over before the client could leave"
    await eventually(lambda: not services.documents.workers._turns._present, PATIENCE)


async def test_texts_that_take_too_long_are_refused(ada: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sittings, "WITHIN", 0.0)
    spec_id = await ada.new_spec("- [ ] a *b* [c](d)\n" * 1_000)
    path = f"api/specs/{spec_id}/history"
    assert await ada.refused("GET", path, subject="x") == (413, "DOCUMENT_TOO_LARGE")


class TestFewWrites:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"writes_per_minute": 2}

    async def test_taking_labels_away_counts_as_a_write(self, ada: Login) -> None:
        spec_id = await ada.new_spec("text")
        path = f"api/specs/{spec_id}/revisions/1/label"
        await ada.call("DELETE", path)
        assert await ada.refused("DELETE", path) == (429, "RATE_LIMITED")
