"""JSON Web Tokens on a real server: REST, WebSocket and polling, expiry and revocation."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.document.user import user_id_of
from jupyter_speccollab.service.services import Services
from tests.handlers.logins import Login, Logins, insert

SECRET = "only for tests: thirty-two bytes"


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none", "token_secret": SECRET}


@pytest.fixture
def bearer(ada: Login) -> Any:
    """Makes users who have a token and no login cookie."""

    def of(token: str, scheme: str = "Bearer") -> Login:
        return Login(ada.address, {"Authorization": f"{scheme} {token}"})

    return of


def signed(sub: str = "ada", seconds: float = 300, **more: Any) -> str:
    now = datetime.now(UTC)
    claims = {
        "sub": sub,
        "iat": now.timestamp(),
        "exp": (now + timedelta(seconds=seconds)).timestamp(),
        "jti": f"{sub} {seconds}",
        "iss": "jupyter",
        "aud": "speccollab",
        **more,
    }
    return jwt.encode(claims, SECRET, "HS256")


def services_of(app: ServerApp) -> Services:
    return next(iter(app.extension_manager.extension_apps["jupyter_speccollab"])).services


async def minted(login: Login, spec_id: str) -> str:
    made = await login.call("POST", f"api/specs/{spec_id}/token")
    assert made["expiresAt"].endswith("Z")
    return str(made["token"])


async def test_one_made_from_the_login_is_the_same_person_everywhere(ada: Login, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    token = await minted(ada, spec_id)
    for scheme in ("Bearer", "bearer", "token"):
        agent = bearer(token, scheme)
        assert (await agent.call("GET", f"api/specs/{spec_id}"))["role"] == "owner"
        socket = await agent.joined(spec_id)
        assert socket.me["userId"] == user_id_of("jupyter", "ada")
        assert socket.me["userName"] == "Ada Lovelace"
        socket.close()
    bare = Login(ada.address, {})
    socket = await bare.socket(spec_id, query=f"?token={token}")
    assert (await socket.expect("connect"))["userId"] == user_id_of("jupyter", "ada")
    assert (await bare.call("GET", f"api/specs/{spec_id}", token=token))["specId"] == spec_id
    saved = await bearer(token).call(
        "PUT", f"api/specs/{spec_id}/document", {"content": "text!", "version": 1}
    )
    assert (saved["version"], saved["lastModifiedBy"]) == (2, user_id_of("jupyter", "ada"))
    assert await bearer(token).refused("POST", f"api/specs/{spec_id}/token") == (403, "FORBIDDEN")


async def test_polling_by_a_token(ada: Login, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    agent = bearer(await minted(ada, spec_id))
    joined = await agent.call("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
    events = f"api/specs/{spec_id}/session/{joined['sessionId']}/events"
    edit = {
        "operationId": "11111111-1111-4111-8111-111111111111",
        "version": 1,
        "operations": [insert(0, "x")],
    }
    await agent.call("POST", events, [{"event": "operation", "data": edit}])
    polled = await agent.call("GET", events, after=0, wait=5)
    assert [event["event"] for event in polled["events"]] == ["operation_ack"]
    narrowed = bearer(signed(role="viewer"))
    again = {**edit, "operationId": "21111111-1111-4111-8111-111111111111", "version": 2}
    await narrowed.call("POST", events, [{"event": "operation", "data": again}])
    polled = await agent.call("GET", events, after=polled["seq"], wait=5)
    told = {event["event"]: event["data"] for event in polled["events"]}
    assert told["operation_ack"]["code"] == "FORBIDDEN"
    other = await ada.new_spec()
    elsewhere = bearer(await minted(ada, other))
    assert await elsewhere.refused("GET", events) == (404, "SPEC_NOT_FOUND")
    assert await bearer(signed("eve")).refused("GET", events) == (409, "NOT_JOINED")


async def test_spec_and_role_narrow_and_never_widen(
    ada: Login, bob: Login, bearer: Any, logins: Logins
) -> None:
    spec_id, other = await ada.new_spec("text"), await ada.new_spec("other")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    own = bearer(signed(spec=spec_id))
    assert [spec["specId"] for spec in (await own.call("GET", "api/specs"))["specs"]] == [spec_id]
    assert await own.refused("GET", f"api/specs/{other}") == (404, "SPEC_NOT_FOUND")
    assert await own.refused("GET", f"api/specs/{other}/document") == (404, "SPEC_NOT_FOUND")
    assert await own.refused("POST", "api/specs", {"title": "x"}) == (403, "FORBIDDEN")
    socket = await own.socket(other)
    assert (await socket.expect("error"))["code"] == "SPEC_NOT_FOUND"
    assert await socket.closed() == 4404
    viewer = bearer(signed(role="viewer"))
    assert (await viewer.call("GET", f"api/specs/{spec_id}"))["role"] == "viewer"
    put = await viewer.refused("PUT", f"api/specs/{spec_id}/document", {"content": "x", "version": 1})
    assert put == (403, "FORBIDDEN")
    assert await viewer.refused("POST", "api/specs", {"title": "x"}) == (403, "FORBIDDEN")
    leave = f"api/specs/{spec_id}/collaborators/user:ada"
    assert await viewer.refused("DELETE", leave) == (403, "FORBIDDEN")
    widened = bearer(signed("bob", role="owner"))
    assert (await widened.call("GET", f"api/specs/{spec_id}"))["role"] == "viewer"
    stranger = bearer(signed("eve", role="owner", spec=spec_id))
    assert await stranger.refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")
    made = await bob.call("POST", f"api/specs/{spec_id}/token")
    assert (await bearer(made["token"]).call("GET", f"api/specs/{spec_id}"))["role"] == "viewer"
    assert await logins.of("eve", "Eve").refused("POST", f"api/specs/{spec_id}/token") == (
        404,
        "SPEC_NOT_FOUND",
    )


async def test_groups_of_a_token_count(ada: Login, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:agents", {"role": "contributor"})
    agent = bearer(signed("robot", groups=["agents"]))
    assert (await agent.call("GET", f"api/specs/{spec_id}"))["role"] == "contributor"
    assert [spec["specId"] for spec in (await agent.call("GET", "api/specs"))["specs"]] == [spec_id]
    assert await bearer(signed("robot")).refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")


async def test_where_a_token_is_brought_nothing_else_counts(ada: Login, logins: Logins, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    good, path = signed(), f"api/specs/{spec_id}"
    expired, forged = signed(seconds=-5), good[:-4] + "AAAA"
    with_cookie = {"Authorization": "Bearer " + forged}
    assert (await ada.fetch("GET", path, headers=with_cookie)).code == 401
    for bad, code in [(forged, "UNAUTHENTICATED"), (expired, "TOKEN_EXPIRED")]:
        assert await bearer(bad).refused("GET", path) == (401, code)
        assert await ada.refused("GET", path, token=bad) == (401, code)
        put = await ada.fetch("PATCH", path, {"title": "x"}, headers={"Authorization": f"Bearer {bad}"})
        assert put.code == 401
        for socket in (
            await ada.socket(spec_id, {"Authorization": f"token {bad}"}),
            await ada.socket(spec_id, query=f"?token={bad}"),
        ):
            assert (await socket.expect("error"))["code"] == code
            assert await socket.closed() == 4401
    eve = bearer(signed("eve"))
    assert await Login(ada.address, {**ada.headers, **eve.headers}).refused("GET", path) == (
        404,
        "SPEC_NOT_FOUND",
    )
    assert await bearer(good).refused("GET", path, token=logins.token) == (401, "UNAUTHENTICATED")
    assert await logins.owner().refused("GET", path, token=good) == (401, "UNAUTHENTICATED")
    assert (await bearer(good).call("GET", path, token=good))["specId"] == spec_id


async def test_only_a_token_that_holds_spares_the_xsrf(ada: Login, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    cookies = {"Cookie": ada.headers["Cookie"]}
    no_xsrf = Login(ada.address, cookies)
    assert await no_xsrf.refused("PATCH", f"api/specs/{spec_id}", {"title": "x"}) == (403, "FORBIDDEN")
    bad = Login(ada.address, {**cookies, "Authorization": f"Bearer {signed(seconds=-1)}"})
    assert await bad.refused("PATCH", f"api/specs/{spec_id}", {"title": "x"}) == (401, "TOKEN_EXPIRED")
    good = Login(ada.address, {**cookies, **bearer(signed()).headers})
    assert (await good.call("PATCH", f"api/specs/{spec_id}", {"title": "y"}))["title"] == "y"


async def test_a_token_that_expires_closes_the_socket(ada: Login, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    socket = await bearer(signed(seconds=2.5)).joined(spec_id)
    await socket.commits(insert(0, "x"))
    assert (await socket.until("error"))["code"] == "TOKEN_EXPIRED"
    assert await socket.closed() == 4401


async def test_a_token_that_expires_ends_a_fetch_and_the_polling_session(ada: Login, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    short, fresh = bearer(signed(seconds=2.5)), bearer(signed())
    path = f"api/specs/{spec_id}/session"
    joined = await short.call("POST", path, {"specId": spec_id})
    events = f"{path}/{joined['sessionId']}/events"
    polled = await short.call("GET", events, after=0, wait=9)
    assert [(event["event"], event["data"]["code"]) for event in polled["events"]] == [
        ("error", "TOKEN_EXPIRED")
    ]
    assert await short.refused("GET", events, after=polled["seq"]) == (401, "TOKEN_EXPIRED")
    assert await fresh.refused("POST", events, []) == (409, "NOT_JOINED")
    resume = {"specId": spec_id, "sessionId": joined["sessionId"], "lastKnownVersion": 1}
    again = await fresh.call("POST", path, resume)
    assert (again["sessionId"], again["operations"]) == (joined["sessionId"], [])
    assert await fresh.call("POST", events, []) == {}


async def test_a_fresh_token_carries_a_polling_session_on(ada: Login, bearer: Any) -> None:
    spec_id = await ada.new_spec("text")
    short, fresh = bearer(signed(seconds=2)), bearer(signed())
    path = f"api/specs/{spec_id}/session"
    joined = await short.call("POST", path, {"specId": spec_id})
    events = f"{path}/{joined['sessionId']}/events"
    await fresh.call("POST", events, [])
    assert await fresh.call("GET", events, after=0, wait=3) == {"events": [], "seq": 0}


async def test_revoking_ends_a_fetch_that_waits(ada: Login, bearer: Any, jp_serverapp: ServerApp) -> None:
    spec_id = await ada.new_spec("text")
    agent = bearer(signed(jti="1"))
    joined = await agent.call("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
    events = f"api/specs/{spec_id}/session/{joined['sessionId']}/events"
    waiting = asyncio.ensure_future(agent.call("GET", events, after=0, wait=9))
    await asyncio.sleep(0.2)
    await services_of(jp_serverapp).tokens.revoke(token_id="1")
    assert [event["data"]["code"] for event in (await waiting)["events"]] == ["UNAUTHENTICATED"]
    assert await agent.refused("GET", events) == (401, "UNAUTHENTICATED")


async def test_a_fresh_token_goes_on_where_the_old_one_expires(ada: Login, bob: Login, bearer: Any) -> None:
    spec_id, other = await ada.new_spec("text"), await ada.new_spec("other")
    socket = await bearer(signed(seconds=3)).joined(spec_id)
    for refused, code in [
        (signed("bob"), "UNAUTHENTICATED"),
        (signed(seconds=-5), "TOKEN_EXPIRED"),
        (await minted(ada, other), "UNAUTHENTICATED"),
        ("nonsense", "UNAUTHENTICATED"),
        (signed()[:-3], "UNAUTHENTICATED"),
    ]:
        await socket.send("authenticate", token=refused)
        error = await socket.expect("error")
        assert error["code"] == code, error
        assert refused not in str(error)
    await socket.send("authenticate", token=signed(seconds=60, role="viewer"))
    assert (await socket.expect("role_changed")) == {"role": "viewer"}
    assert (await socket.expect("authenticated"))["expiresAt"].endswith("Z")
    await asyncio.sleep(3)
    await socket.nothing_more()
    await socket.edit(insert(0, "x"))
    assert (await socket.answer())["code"] == "FORBIDDEN"
    await socket.send("authenticate", token=signed(seconds=60))
    assert (await socket.expect("role_changed")) == {"role": "owner"}
    await socket.expect("authenticated")
    await socket.commits(insert(0, "x"))


async def test_revoking_ends_open_connections_too(ada: Login, bearer: Any, jp_serverapp: ServerApp) -> None:
    spec_id = await ada.new_spec("text")
    first, second, cookie = signed(jti="1"), signed(jti="2"), await ada.joined(spec_id)
    one, two = await bearer(first).joined(spec_id), await bearer(second).joined(spec_id)
    tokens = services_of(jp_serverapp).tokens
    await tokens.revoke(token_id="1")
    assert await bearer(first).refused("GET", "api/specs") == (401, "UNAUTHENTICATED")
    assert (await one.until("error"))["code"] == "UNAUTHENTICATED"
    assert await one.closed() == 4401
    await two.nothing_more_but("remote_cursor")
    await tokens.revoke(login="ada")
    assert await bearer(second).refused("GET", "api/specs") == (401, "UNAUTHENTICATED")
    assert (await two.until("error"))["code"] == "UNAUTHENTICATED"
    assert await two.closed() == 4401
    await cookie.nothing_more_but("remote_cursor")
    await bearer(await minted(ada, spec_id)).call("GET", f"api/specs/{spec_id}")


class TestWithoutConfiguration:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {}

    async def test_the_secret_lies_beside_the_specs(self, ada: Login, bearer: Any, tmp_path: Path) -> None:
        spec_id = await ada.new_spec("text")
        await bearer(await minted(ada, spec_id)).call("GET", f"api/specs/{spec_id}")
        secret = tmp_path / "token-secret"
        assert secret.stat().st_mode & 0o777 == 0o600
        assert len(secret.read_text().strip()) == 64


async def test_a_token_outlives_the_login_and_says_so_until_its_user_ends_it(
    ada: Login, bob: Login, bearer: Any
) -> None:
    spec_id, other_id = await ada.new_spec("text"), await ada.new_spec("text")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    made = await ada.call("POST", f"api/specs/{spec_id}/token")
    assert "also after you log out" in made["note"]
    second, other = await minted(ada, spec_id), await minted(ada, other_id)
    of_bob = await minted(bob, spec_id)
    assert await bearer(second).call("DELETE", f"api/specs/{spec_id}/token") == {}
    assert await bearer(second).refused("GET", f"api/specs/{spec_id}") == (401, "UNAUTHENTICATED")
    agent = bearer(made["token"])
    socket = await agent.joined(spec_id)
    assert await ada.call("DELETE", f"api/specs/{spec_id}/token") == {}
    assert await agent.refused("GET", f"api/specs/{spec_id}") == (401, "UNAUTHENTICATED")
    await socket.until("error")
    assert (await bearer(other).call("GET", f"api/specs/{other_id}"))["specId"] == other_id
    assert (await bearer(of_bob).call("GET", f"api/specs/{spec_id}"))["specId"] == spec_id
    assert (await bearer(await minted(ada, spec_id)).call("GET", f"api/specs/{spec_id}"))["specId"] == spec_id
