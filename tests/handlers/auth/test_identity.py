"""The identity of a user: it comes from the login on every transport, and never from a message of a client."""

from __future__ import annotations

import getpass
import re
from typing import Any
from uuid import UUID

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_speccollab.document.user import user_id_of
from tests.handlers.logins import Login, Logins, insert


async def id_by_rest(login: Login) -> str:
    entry = await login.call("POST", "api/specs", {"title": "mine", "content": "x"})
    return str(entry["lastModifiedBy"])


async def test_the_servers_token_is_one_stable_user_everywhere(logins: Logins, ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    token = logins.token
    address = ada.address
    owners = [
        Login(address, {"Authorization": f"token {token}"}),
        Login(address, {"Authorization": f"Bearer {token}"}),
        Login(address, {"Authorization": f"bearer {token}"}),
    ]
    ids = {await id_by_rest(owner) for owner in owners for _ in range(2)}
    for owner in owners:
        ids.add((await owner.joined(spec_id)).me["userId"])
    bare = Login(address, {})
    socket = await bare.socket(spec_id, query=f"?token={token}")
    greeting = await socket.expect("connect")
    ids.add(greeting["userId"])
    assert len(ids) == 1
    assert UUID(ids.pop()).version == 5
    assert greeting["userName"] == getpass.getuser()
    response = await bare.fetch("GET", "api/specs", token=token)
    assert response.code == 200


async def test_a_users_id_is_made_of_issuer_and_login(ada: Login) -> None:
    assert await id_by_rest(ada) == user_id_of("jupyter", "ada")


async def test_one_login_is_one_user_whatever_it_is_called(logins: Logins) -> None:
    one, two = logins.of("ada", "Ada"), logins.of("ada", "Countess Lovelace")
    assert await id_by_rest(one) == await id_by_rest(two)
    spec_id = await two.new_spec("text")
    assert (await two.joined(spec_id)).me["userName"] == "Countess Lovelace"


async def test_colours_are_stable_and_legible(logins: Logins) -> None:
    spec_id = await logins.of("a", "A").new_spec("text")
    rows: dict[str, set[str]] = {}
    for _ in range(2):
        for name in "abcdef":
            socket = await logins.of(name, name.upper()).joined(spec_id)
            for row in socket.welcome["activeUsers"]:
                assert re.fullmatch(r"#[0-9a-f]{6}", row["color"])
                rows.setdefault(row["userId"], set()).add(row["color"])
    assert all(len(colors) == 1 for colors in rows.values())
    assert len(set.union(*rows.values())) > 1


async def test_what_a_client_says_of_itself_does_not_count(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    two = await bob.joined(spec_id)
    me = {"userId": two.me["userId"], "userName": "Somebody", "color": "#000000", "role": "viewer"}
    one = await ada.joined(spec_id, **me)
    told = await two.expect("user_joined")
    assert (told["userId"], told["userName"]) == (one.me["userId"], "Ada Lovelace")
    assert one.welcome["role"] == "owner"
    await one.commits(insert(0, "x"), **me)
    assert (await two.expect("remote_operation"))["userName"] == "Ada Lovelace"
    await one.send("cursor_update", cursor={"line": 0, "column": 0}, **me)
    assert (await two.expect("remote_cursor"))["userId"] == one.me["userId"]
    saved = await ada.call(
        "PUT",
        f"api/specs/{spec_id}/document",
        {"content": "mine", "version": 2, "lastModifiedBy": "me", **me},
    )
    assert saved["lastModifiedBy"] == one.me["userId"]


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_where_there_is_a_token_only_the_token_counts(ada: Login, method: str) -> None:
    spec_id = await ada.new_spec("text")
    path = f"api/specs/{spec_id}/document"
    body = None if method == "GET" else {"content": "x", "version": 1}
    for headers in ({"Authorization": "token wrong"}, {"Authorization": "Bearer wrong"}):
        response = await ada.fetch(method, path, body, headers=headers)
        assert response.code == 401
        assert b"UNAUTHENTICATED" in response.body
    response = await ada.fetch(method, path, body, token="wrong")
    assert response.code == 401


async def test_a_bad_token_does_not_spare_xsrf(ada: Login) -> None:
    bare = Login(ada.address, {"Cookie": ada.headers["Cookie"], "Authorization": "token wrong"})
    status, _ = await bare.refused("POST", "api/specs", {"title": "x"})
    assert status == 401


async def test_a_token_spares_xsrf(logins: Logins) -> None:
    await logins.owner().new_spec("text")


async def test_names_however_odd_harm_nobody(logins: Logins, ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    for name in ("<script>alert(1)</script>", "x" * 5_000, "😀", "名前", "a\nb", ""):
        somebody = logins.of(f"login-{len(name)}", name) if name else logins.of("nameless", " ")
        socket = await somebody.joined(spec_id)
        assert len(socket.me["userName"]) <= 100
        await socket.send("leave_session", specId=spec_id)


async def test_tokens_and_texts_never_reach_an_error(ada: Login, logins: Logins) -> None:
    secret = "very-secret-token-0123456789"
    response = await ada.fetch("GET", "api/specs", headers={"Authorization": f"token {secret}"})
    assert secret.encode() not in response.body
    spec_id = await ada.new_spec("text")
    request = HTTPRequest(f"ws://{ada.address}ws/specs/{spec_id}?token={secret}")
    connection = await websocket_connect(request)
    frame: Any = await connection.read_message()
    assert secret not in frame
