"""The health and the metrics of a server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from unittest.mock import patch

from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.handlers.logins import Login, Logins, insert


async def measured(login: Login) -> Mapping[str, float]:
    """Our metrics in Jupyter's ``/metrics``."""
    response = await login.fetch("GET", "metrics")
    assert response.code == 200
    found = re.findall(r"^speccollab_(\S+) (\S+)$", response.body.decode(), re.MULTILINE)
    return {name: float(value) for name, value in found}


async def test_a_server_that_works_is_well(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.joined(spec_id)
    assert await ada.call("GET", "api/specs/health") == {
        "status": "ok",
        "store": "ok",
        "bus": "none",
        "documents": 1,
        "sessions": 1,
    }
    socket.close()


async def test_without_its_store_it_is_not(ada: Login) -> None:
    await ada.new_spec("text")
    away = StoreUnavailable("The database can't be reached.")
    with patch.object(SqliteStore, "states", side_effect=away):
        response = await ada.fetch("GET", "api/specs/health")
    answer = json.loads(response.body)
    assert (response.code, answer["code"]) == (503, "STORE_UNAVAILABLE")
    assert {"status": "unavailable", "store": "away", "bus": "none"}.items() <= answer["details"].items()


async def test_strangers_learn_nothing(logins: Logins) -> None:
    assert await logins.stranger().refused("GET", "api/specs/health") == (401, "UNAUTHENTICATED")


async def test_what_happens_is_counted(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    socket, _ = await ada.joined(spec_id), await bob.joined(spec_id)
    before = await measured(ada)
    for number in range(3):
        await socket.commits(insert(number, "x"))
    await socket.edit(insert(99, "beyond the end"))
    assert (await socket.answer())["success"] is False
    after = await measured(ada)
    assert (after["documents"], after["sessions"], after["store_up"], after["bus_up"]) == (1, 2, 1, 1)
    assert after["operations_total"] - before["operations_total"] == 3
    assert after["commit_seconds_count"] - before["commit_seconds_count"] == 3
    assert after["answer_seconds_count"] - before["answer_seconds_count"] == 3
    assert after['refusals_total{code="INVALID_OPERATION"}'] == 1
    assert after["waiting_operations"] == 0
