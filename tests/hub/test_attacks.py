"""Attempts to act as another user, or to keep access that was withdrawn. All are refused."""

from __future__ import annotations

import asyncio

import pytest
from tornado.httpclient import HTTPClientError

from tests.handlers.logins import PATIENCE, Login, insert
from tests.hub.conftest import SPECS
from tests.hub.hub import SERVICE, Hub, Visitor


async def test_a_token_that_a_visitor_left_does_not_speak_for_her(
    hub: Hub, ada_here: Visitor, mallory_here: Visitor, mallory: Login
) -> None:
    """Ada lets Mallory visit her server, and can then read the token that Mallory's browser left there."""
    spec_id = await mallory.new_spec("# Mallory's own\n")
    hub.api("POST", "/shares/ada/", {"user": "mallory"})
    try:
        left_behind = hub.login(mallory_here.page_token("ada"))
        for _ in range(2):  # while Mallory may visit, and when she no longer may but the token still exists
            assert await left_behind.refused("GET", "api/specs") == (403, "FORBIDDEN")
            assert await left_behind.refused("GET", f"api/specs/{spec_id}/document") == (403, "FORBIDDEN")
            socket = await left_behind.socket(spec_id)
            assert (await socket.expect("error"))["code"] == "FORBIDDEN"
            assert await socket.closed() == 4403
            hub.api("DELETE", "/shares/ada/")
            await asyncio.sleep(1.5)
    finally:
        hub.api("DELETE", "/shares/ada/")
    assert (await mallory.call("GET", f"api/specs/{spec_id}"))["role"] == "owner"


async def test_a_token_of_ones_own_server_does(hub: Hub, grace_here: Visitor, grace: Login) -> None:
    spec_id = await grace.new_spec("# Grace's own\n")
    at_home = hub.login(grace_here.page_token("grace"))
    assert (await at_home.call("GET", f"api/specs/{spec_id}"))["role"] == "owner"


async def test_neither_reaches_the_others_server(ada_here: Visitor, grace_here: Visitor) -> None:
    for visitor, owner in ((ada_here, "grace"), (grace_here, "ada")):
        for path in ("lab", "api/contents", "api/kernels", "api/status"):
            assert visitor.get(f"user/{owner}/{path}").status_code == 403


async def test_a_browsers_cookies_open_nothing(hub: Hub, ada_here: Visitor, ada: Login) -> None:
    """The pages of all servers have one origin, so any of them can make a browser send its cookies."""
    spec_id = await ada.new_spec("# Churn\n")
    ada_here.page_config("ada")
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in ada_here.session.cookies)
    login = Login(f"127.0.0.1:{hub.port}/{SERVICE}", {"Cookie": cookies, "Origin": hub.url.rstrip("/")})
    for headers in ({}, {"Sec-Fetch-Mode": "websocket"}):
        socket = await login.socket(spec_id, headers=headers)
        assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
        assert await socket.closed() == 4401
    assert await login.refused("GET", "api/specs") == (401, "UNAUTHENTICATED")


async def test_a_page_from_elsewhere_gets_no_socket(hub: Hub, ada: Login) -> None:
    spec_id = await ada.new_spec()
    with pytest.raises(HTTPClientError, match="403"):
        await hub.stranger().socket(spec_id, headers={"Origin": "https://evil.example"})


async def test_who_leaves_the_group_is_out_within_seconds(hub: Hub, ada: Login, grace: Login) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:team", {"role": "contributor"})
    socket = await grace.joined(spec_id)
    assert socket.welcome["role"] == "contributor"
    await socket.commits(insert(0, "By Grace. "))
    hub.api("DELETE", "/groups/team/users", {"users": ["grace"]})
    try:
        assert (await socket.until("role_changed"))["role"] is None
        assert await socket.closed() == 4403
        assert await grace.refused("GET", f"api/specs/{spec_id}/document") == (404, "SPEC_NOT_FOUND")
    finally:
        hub.api("POST", "/groups/team/users", {"users": ["grace"]})
    await asyncio.sleep(1.5)
    assert (await grace.joined(spec_id)).welcome["role"] == "contributor"


async def test_whose_token_is_revoked_is_out_within_seconds(hub: Hub, ada: Login) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    token = hub.api("POST", "/users/ada/tokens", {"scopes": [SPECS]})
    socket = await hub.login(token["token"]).joined(spec_id)
    hub.api("DELETE", f"/users/ada/tokens/{token['id']}")
    assert (await socket.until("error"))["code"] == "UNAUTHENTICATED"
    assert await socket.closed() == 4401


async def test_whoever_is_removed_from_the_hub_is_out_within_seconds(hub: Hub, ada: Login) -> None:
    hub.api("POST", "/users/visitor")
    login = hub.login(hub.new_token("visitor", SPECS))
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:visitor", {"role": "contributor"})
    socket = await login.joined(spec_id)
    polled = await login.call("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
    hub.api("DELETE", "/users/visitor")
    assert await socket.closed() == 4401
    events = f"api/specs/{spec_id}/session/{polled['sessionId']}/events"
    async with asyncio.timeout(PATIENCE):
        while (answer := await login.fetch("GET", events, wait=1)).code == 200:
            pass
    assert answer.code == 401
