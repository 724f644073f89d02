"""JSON Web Tokens at the service: the groups come from the hub."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import jwt

from tests.handlers.logins import Login
from tests.hub.conftest import SECRET
from tests.hub.hub import Hub


def signed(hub: Hub, login: str, **claims: Any) -> Login:
    """A program that acts for ``login``."""
    now = time.time()
    known = {
        "sub": login,
        "iss": "jupyter",
        "aud": "speccollab",
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid4()),
    }
    return hub.login(jwt.encode({**known, **claims}, SECRET, "HS256"))


async def test_the_hub_says_in_which_groups_somebody_is(hub: Hub, ada: Login) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:team", {"role": "contributor"})
    assert (await signed(hub, "grace").call("GET", f"api/specs/{spec_id}"))["role"] == "contributor"
    liar = signed(hub, "mallory", groups=["team"])
    assert await liar.refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")
    assert await signed(hub, "nobody").refused("GET", "api/specs") == (401, "UNAUTHENTICATED")


async def test_a_token_that_was_made_here_holds_for_the_groups_of_today(
    hub: Hub, ada: Login, grace: Login
) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:team", {"role": "contributor"})
    made = await grace.call("POST", f"api/specs/{spec_id}/token")
    socket = await hub.login(made["token"]).joined(spec_id)
    hub.api("DELETE", "/groups/team/users", {"users": ["grace"]})
    try:
        assert await socket.closed() == 4403
    finally:
        hub.api("POST", "/groups/team/users", {"users": ["grace"]})


async def test_a_user_who_is_removed_is_out_with_their_programs(hub: Hub, ada: Login) -> None:
    hub.api("POST", "/users/visitor")
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:visitor", {"role": "contributor"})
    socket = await signed(hub, "visitor").joined(spec_id)
    hub.api("DELETE", "/users/visitor")
    assert (await socket.until("error"))["code"] == "UNAUTHENTICATED"
    assert await socket.closed() == 4401
