"""A client with a JSON Web Token instead of a login."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.errors import Forbidden, SpecNotFound, TokenExpired, Unauthenticated
from tests.client.conftest import cut
from tests.handlers.auth.test_tokens import SECRET, signed
from tests.handlers.logins import Login


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none", "token_secret": SECRET}


def by_token(login: Login, spec: str, token: str, in_address: bool = False) -> SpecClient:
    url = f"http://{login.address}"
    return (
        SpecClient(f"{url}?token={token}", spec=spec)
        if in_address
        else SpecClient(url, token=token, spec=spec)
    )


@pytest.mark.parametrize("in_address", [False, True])
async def test_it_reads_and_writes_by_a_token_from_the_server(ada: Login, in_address: bool) -> None:
    spec_id = await ada.new_spec("text", title="Plan")
    made = await ada.call("POST", f"api/specs/{spec_id}/token")
    for spec in (spec_id, "Plan"):
        async with by_token(ada, spec, made["token"], in_address) as client:
            await client.append("!")
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "text!!"


async def test_a_fresh_token_keeps_it_going(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    async with by_token(ada, spec_id, signed(seconds=2)) as client:
        await client.authenticate(signed(seconds=60))
        with pytest.raises(Unauthenticated):
            await client.authenticate(signed("bob"))
        await asyncio.sleep(2.2)
        cut(client)  # it reconnects with the accepted token, not with the refused one
        await client.append("!")
        await client.synchronised(10)
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "text!"


async def test_what_expires_says_so_and_keeps_what_was_typed(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    client = await by_token(ada, spec_id, signed(seconds=1.5)).connect()
    with pytest.raises(TokenExpired):
        await client.wait_for(lambda _: False, 10)
    assert client.content == "text"
    await client.close()
    with pytest.raises(TokenExpired):
        await by_token(ada, spec_id, signed(seconds=-1)).connect()


async def test_a_token_for_viewing_and_one_of_a_stranger(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    async with by_token(ada, spec_id, signed(role="viewer")) as client:
        assert client.role == "viewer"
        with pytest.raises(Forbidden):
            await client.append("!")
    with pytest.raises(SpecNotFound):
        await by_token(ada, spec_id, signed("eve")).connect()
    with pytest.raises(Unauthenticated):
        await by_token(ada, spec_id, signed()[:-2]).connect()
