"""The title of a client's spec: found in any form, and kept up to date."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_speccollab.errors import InvalidMessage
from tests.client.conftest import Client, cut
from tests.handlers.logins import Login


@pytest.mark.parametrize("wanted", ["Le Cafe\u0301", "Le Café", "LE CAFÉ", "le cafe\u0301"])
async def test_a_title_is_found_in_any_form_and_no_double_is_made(
    ada: Login, client: Client, wanted: str
) -> None:
    spec_id = await ada.new_spec("text", "Le Cafe\u0301")
    async with client(ada, wanted, create=True) as spec:
        assert spec.spec_id == spec_id
    assert len((await ada.call("GET", "api/specs"))["specs"]) == 1


async def test_the_same_case_comes_before_another_one(ada: Login, client: Client) -> None:
    await ada.new_spec("text", "churn")
    spec_id = await ada.new_spec("text", "Churn")
    async with client(ada, "Churn") as spec:
        assert spec.spec_id == spec_id
    with pytest.raises(InvalidMessage, match="Several specs"):
        await client(ada, "CHURN").connect()


async def test_a_title_changed_by_somebody_else_is_the_client_s_title(
    ada: Login, bob: Login, client: Client
) -> None:
    spec_id = await ada.new_spec("text", "Old")
    async with client(ada, spec_id) as spec, asyncio.timeout(10):
        assert spec.title == "Old"
        await bob.call("PATCH", f"api/specs/{spec_id}", {"title": "New"})
        await spec.wait_for(lambda _: spec.title == "New")
        address, spec._server.url = spec._server.url, "http://127.0.0.1:9/"
        cut(spec)
        await spec.wait_for(lambda _: not spec.is_connected)
        await bob.call("PATCH", f"api/specs/{spec_id}", {"title": "Newer"})
        spec._server.url = address
        await spec.wait_for(lambda _: spec.title == "Newer")
