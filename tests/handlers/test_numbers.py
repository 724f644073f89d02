"""Numbers in queries and bodies: very large, negative, and not whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.handlers.logins import Login
from tests.handlers.test_polling import Polling

HUGE = ["100000000000000000000", "9" * 5_000, "9007199254740993", "0" * 30 + "9" * 20]
"""Larger than any page and any version, and than what the database or a float can hold."""

NO_COUNT = [
    "-1",
    "-100000000000000000000",
    "1.0",
    "1e3",
    "+1",
    "1_0",
    "0x10",
    "\u0661",
    "x",
    "NaN",
    "Infinity",
]


@pytest.mark.parametrize(("path", "entries"), [("", "specs"), ("/{}/revisions", "revisions")])
async def test_limit_in_every_call_that_has_one(ada: Login, path: str, entries: str) -> None:
    spec_id = await ada.new_spec("text")
    address = f"api/specs{path.format(spec_id)}"
    for limit in [*HUGE, "201", "1", "0001"]:
        assert len((await ada.call("GET", address, limit=limit))[entries]) == 1, limit
    for limit in [*NO_COUNT, "0", "000"]:
        assert await ada.refused("GET", address, limit=limit) == (400, "INVALID_MESSAGE"), limit


async def test_a_version_that_nothing_can_have(ada: Login) -> None:
    await check_versions(ada)


class TestOnPostgreSQL:
    """Its integers have 32 bits, and it refuses a larger one with an error."""

    @pytest.fixture
    def speccollab_config(self, postgres_url: str) -> dict[str, object]:
        return {"database_url": postgres_url, "default_role": "owner"}

    async def test_a_version_that_nothing_can_have(self, ada: Login) -> None:
        await check_versions(ada)


async def check_versions(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    path = f"api/specs/{spec_id}/revisions"
    for version in [*HUGE, "2147483648"]:
        assert len((await ada.call("GET", path, before=version))["revisions"]) == 1, version
        assert await ada.refused("GET", f"{path}/1/diff", against=version) == (404, "REVISION_NOT_FOUND"), (
            version
        )
        for call in ("", "/diff"):
            assert await ada.refused("GET", f"{path}/{version}{call}") == (404, "REVISION_NOT_FOUND"), version
        assert await ada.refused("POST", f"{path}/{version}/restore", {}) == (404, "REVISION_NOT_FOUND"), (
            version
        )
    for version in NO_COUNT:
        assert await ada.refused("GET", path, before=version) == (400, "INVALID_MESSAGE"), version
        assert await ada.refused("GET", f"{path}/1/diff", against=version) == (400, "INVALID_MESSAGE"), (
            version
        )


async def test_polls_take_the_longest_wait_and_any_confirmation(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("text"))
    await one.join()
    await ada.call("POST", one.events_path, [{"event": "ping", "data": {}}] * 2)
    for wait in [*HUGE, "1e999", "25.5"]:
        (first, second) = (await ada.call("GET", one.events_path, after=0, wait=wait))["events"]
        assert first["event"] == second["event"] == "pong", wait
    for after in HUGE:
        assert (await ada.call("GET", one.events_path, after=after))["events"] == []


@pytest.mark.parametrize(
    "version", ["-1", "1.0", "1e3", "1.5", "1e999", "9007199254740992", *HUGE[:3], "true", '"1"', "NaN"]
)
async def test_numbers_in_bodies(ada: Login, version: str) -> None:
    spec_id = await ada.new_spec("text")
    answers: list[Any] = [
        await ada.refused("PUT", f"api/specs/{spec_id}/document", f'{{"content":"x","version":{version}}}'),
        await ada.refused(
            "POST", f"api/specs/{spec_id}/session", f'{{"specId":"{spec_id}","lastKnownVersion":{version}}}'
        ),
    ]
    assert answers == [(400, "INVALID_MESSAGE")] * 2
    response = await ada.fetch("GET", f"api/specs/{spec_id}/document")
    assert json.loads(response.body)["data"]["version"] == 1
