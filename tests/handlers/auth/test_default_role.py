"""The default role of all users. It never lowers a role that was given."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.logins import Login, Logins


@pytest.fixture
def speccollab_config(default_role: str) -> dict[str, Any]:
    return {"default_role": default_role}


@pytest.mark.parametrize("default_role", ["viewer", "commenter", "contributor", "admin"])
async def test_ones_own_entry_may_be_lower_and_is_not_left_for_more(
    ada: Login, bob: Login, logins: Logins, default_role: str
) -> None:
    """Otherwise a user with a role below the default could raise it by giving up the role."""
    spec_id = await ada.new_spec()
    entry = f"api/specs/{spec_id}/collaborators/user:bob"
    assert (await bob.call("GET", f"api/specs/{spec_id}"))["role"] == default_role
    await ada.call("PUT", entry, {"role": "viewer"})
    assert [spec["role"] for spec in (await bob.call("GET", "api/specs"))["specs"]] == ["viewer"]
    if default_role == "viewer":
        await bob.call("DELETE", entry)
    else:
        assert await bob.refused("DELETE", entry) == (403, "FORBIDDEN")
        assert (await bob.call("GET", f"api/specs/{spec_id}"))["role"] == "viewer"
        await ada.call("DELETE", entry)
    assert (await bob.call("GET", f"api/specs/{spec_id}"))["role"] == default_role
    assert await bob.refused("DELETE", f"api/specs/{spec_id}") == (403, "FORBIDDEN")


@pytest.mark.parametrize("default_role", ["owner"])
async def test_on_ones_own_server_everybody_owns_everything(
    ada: Login, bob: Login, default_role: str
) -> None:
    spec_id = await ada.new_spec()
    collaborators = f"api/specs/{spec_id}/collaborators"
    assert (await bob.call("GET", collaborators))["defaultRole"] == "owner"
    assert await bob.refused("DELETE", f"{collaborators}/user:ada") == (409, "LAST_OWNER")
    await bob.call("PUT", f"{collaborators}/user:bob", {"role": "viewer"})
    assert await bob.refused("DELETE", f"api/specs/{spec_id}") == (403, "FORBIDDEN")
    assert await bob.call("DELETE", f"{collaborators}/user:bob") == {}
    await bob.call("DELETE", f"api/specs/{spec_id}")
