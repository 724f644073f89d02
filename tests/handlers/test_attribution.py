"""``/api/specs/:specId/attribution``: who wrote each letter of a spec at a version."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.service.services import Services
from tests.bus.values import eventually
from tests.handlers.logins import PATIENCE, Login, delete, insert
from tests.handlers.test_clients_that_leave import asked
from tests.serving import JupyterServer


@pytest.fixture
def services(jp_serverapp: ServerApp) -> Services:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    services: Services = app.services
    return services


async def test_runs_cover_the_text_and_name_people_and_times(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("One 😀 two\n")
    one = await ada.joined(spec_id)
    await one.commits(insert(4, "é"))
    other = await bob.joined(spec_id)
    await other.commits(delete(0, 2), insert(0, "漢😀"))
    answer = await bob.call("GET", f"api/specs/{spec_id}/attribution")
    assert answer["version"] == 3
    assert [run[:3] for run in answer["runs"]] == [[2, 3, 1], [2, 1, 0], [1, 2, 0], [6, 1, 0]]
    assert [person.keys() for person in answer["people"]] == [{"userId", "userName", "color"}] * 2
    assert [person["userName"] for person in answer["people"]] == ["Ada Lovelace", "Bob Kahn"]
    colors = [person["color"] for person in answer["people"]]
    assert colors[0] != colors[1]
    times = [run[3] for run in answer["runs"]]
    assert all(isinstance(time, int) for time in times)
    (second,) = {run[3] for run in answer["runs"] if run[1] == 3}
    page = await bob.call("GET", f"api/specs/{spec_id}/revisions/3")
    assert page["modifiedAt"] >= "2026"
    assert second >= max(times) - 1


async def test_of_any_version(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    path = f"api/specs/{spec_id}/attribution"
    one = await ada.joined(spec_id)
    await one.commits(insert(0, "more "))
    expected = {0: [], 1: [[4, 1, 0]], 2: [[5, 2, 0], [4, 1, 0]]}
    for version in (2, 0, 1, 2, None):
        answer = await ada.call("GET", path, **({} if version is None else {"version": version}))
        assert answer["version"] == (2 if version is None else version)
        assert [run[:3] for run in answer["runs"]] == expected[answer["version"]]
        assert len(answer["people"]) == (answer["version"] > 0)


async def test_what_is_refused(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    path = f"api/specs/{spec_id}/attribution"
    for version, refusal in (
        (2, (404, "REVISION_NOT_FOUND")),
        (10**15, (404, "REVISION_NOT_FOUND")),
        (-1, (400, "INVALID_MESSAGE")),
        ("x", (400, "INVALID_MESSAGE")),
        ("1.0", (400, "INVALID_MESSAGE")),
    ):
        assert await ada.refused("GET", path, version=version) == refusal
    assert await ada.refused("GET", "api/specs/x/attribution") == (404, "SPEC_NOT_FOUND")
    await ada.call("DELETE", f"api/specs/{spec_id}")
    assert await ada.refused("GET", path) == (404, "SPEC_NOT_FOUND")


async def test_it_stops_when_its_client_leaves(
    ada: Login, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("text")

    async def never(*_: object) -> object:
        return await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(services.attributions, "_made", never)
        async with asked(ada, "GET", f"api/specs/{spec_id}/attribution"):
            await eventually(lambda: bool(services.documents.workers._turns._present), PATIENCE)
        await eventually(lambda: not services.documents.workers._turns._present, PATIENCE)
    await eventually(lambda: not services.revisions._answers._present, PATIENCE)
    assert (await ada.call("GET", f"api/specs/{spec_id}/attribution"))["version"] == 1


async def test_a_long_answer_is_made_elsewhere(ada: Login, services: Services) -> None:
    spec_id = await ada.new_spec("ab\n" * 40_000)
    one = await ada.joined(spec_id)
    for end in range(2_000, 0, -200):
        await one.commits(*(insert(3 * number, "x") for number in range(end, end - 200, -1)))
    answer = await ada.call("GET", f"api/specs/{spec_id}/attribution")
    assert len(answer["runs"]) == 4_001
    assert services.documents.workers._idle, "there was no need of another process"


async def test_two_servers_tell_the_same_and_so_does_one_that_was_started_anew(tmp_path: Path) -> None:
    database = {"SpecCollabApp.database_path": str(tmp_path / "shared.sqlite3")}
    left, right, later = (
        JupyterServer(tmp_path / name, options=database) for name in ("left", "right", "later")
    )
    with left, right:
        ada, bob = left.login("ada", "Ada"), right.login("bob", "Bob")
        spec_id = await ada.new_spec("text")
        path = f"api/specs/{spec_id}/attribution"
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.commits(insert(0, "One "))
        await two.until("remote_operation")
        await two.commits(insert(8, " two"), delete(2, 2), version=2)
        told = [await login.call("GET", path) for login in (ada, bob)]
        assert told[0]["runs"] == told[1]["runs"]
        assert [run[:3] for run in told[0]["runs"]] == [[2, 2, 0], [4, 1, 0], [4, 3, 1]]
    with later:
        again = await later.login("ada", "Ada").call("GET", path)
    assert again["runs"] == told[0]["runs"]
    assert [person["userName"] for person in again["people"]] == ["Ada", "Bob"]
