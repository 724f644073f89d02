"""Sharing a spec: who may give and take away which role, and what other sessions receive."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from jupyter_speccollab.document.user import user_id_of
from tests.handlers.logins import Login, Logins, insert

ROLES = ("viewer", "commenter", "contributor", "admin", "owner")


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


@pytest.fixture
def eve(logins: Logins) -> Login:
    return logins.of("eve", "Eve")


def place(spec_id: str, principal: str = "") -> str:
    return f"api/specs/{spec_id}/collaborators" + (f"/{principal}" if principal else "")


async def share(login: Login, spec_id: str, principal: str, role: str) -> dict[str, Any]:
    return dict(await login.call("PUT", place(spec_id, principal), {"role": role}))


async def roles(login: Login, spec_id: str) -> dict[str, str]:
    listed = await login.call("GET", place(spec_id))
    return {row["principal"]: row["role"] for row in listed["collaborators"]}


async def test_whoever_makes_a_spec_owns_it_and_nobody_else_sees_it(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("secret", title="Plans")
    listed = await ada.call("GET", place(spec_id))
    (row,) = listed["collaborators"]
    assert listed["defaultRole"] == "none"
    assert listed["me"] == {"userId": user_id_of("jupyter", "ada"), "role": "owner"}
    assert row == {
        "principal": "user:ada",
        "userId": user_id_of("jupyter", "ada"),
        "userName": "Ada Lovelace",
        "role": "owner",
    }
    assert await bob.call("GET", "api/specs") == {"specs": [], "nextCursor": None}
    assert await bob.call("GET", "api/specs", q="Plans") == {"specs": [], "nextCursor": None}
    assert [spec["role"] for spec in (await ada.call("GET", "api/specs"))["specs"]] == ["owner"]


async def test_what_may_not_be_seen_answers_exactly_like_what_is_not_there(ada: Login, bob: Login) -> None:
    hidden, missing = await ada.new_spec("secret"), str(uuid4())
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"title": "x"}),
        ("DELETE", "", None),
        ("GET", "/document", None),
        ("PUT", "/document", {"content": "x", "version": 1}),
        ("GET", "/revisions", None),
        ("POST", "/revisions", {"label": "x"}),
        ("GET", "/revisions/1", None),
        ("GET", "/revisions/9", None),
        ("GET", "/revisions/1/diff", None),
        ("POST", "/revisions/1/restore", None),
        ("GET", "/collaborators", None),
        ("PUT", "/collaborators/user:bob", {"role": "owner"}),
        ("PUT", "/collaborators/nobody", {"role": "owner"}),
        ("DELETE", "/collaborators/user:bob", None),
        ("DELETE", "/collaborators/user:ada", None),
    ]:
        answers = []
        for spec_id in (hidden, missing):
            response = await bob.fetch(method, f"api/specs/{spec_id}{path}", body)
            envelope = json.loads(response.body)
            del envelope["details"]["requestId"]
            answers.append((response.code, envelope))
        assert answers[0] == answers[1], (method, path)
        assert (answers[0][0], answers[0][1]["code"]) == (404, "SPEC_NOT_FOUND"), (method, path)
    for spec_id in (hidden, missing):
        socket = await bob.socket(spec_id)
        assert (await socket.expect("error"))["code"] == "SPEC_NOT_FOUND"
        assert await socket.closed() == 4404
        join = await bob.refused("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
        assert join == (404, "SPEC_NOT_FOUND")
    assert (await ada.call("GET", f"api/specs/{hidden}/document"))["content"] == "secret"


async def test_a_principal_by_any_of_its_names_is_one_entry(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec()
    bob_id = user_id_of("jupyter", "bob")
    assert await ada.refused("PUT", place(spec_id, bob_id), {"role": "viewer"}) == (404, "NOT_FOUND")
    entry = await share(ada, spec_id, "user:bob", "viewer")
    assert entry == {"principal": "user:bob", "userId": bob_id, "userName": "bob", "role": "viewer"}
    await bob.call("GET", "api/specs")
    entry = await share(ada, spec_id, bob_id.upper(), "contributor")
    assert entry == {"principal": "user:bob", "userId": bob_id, "userName": "Bob Kahn", "role": "contributor"}
    group = await share(ada, spec_id, "group:data%2Fscience%20%F0%9F%8E%88", "admin")
    name = "data/science 🎈"
    assert group == {"principal": f"group:{name}", "userName": name, "role": "admin"}
    expected = {"user:ada": "owner", f"group:{name}": "admin", "user:bob": "contributor"}
    assert list((await roles(bob, spec_id)).items()) == list(expected.items())
    assert await ada.call("DELETE", place(spec_id, "group:data%2Fscience%20%F0%9F%8E%88")) == {}
    assert await ada.call("DELETE", place(spec_id, bob_id)) == {}
    assert await ada.call("DELETE", place(spec_id, bob_id)) == {}
    assert await roles(ada, spec_id) == {"user:ada": "owner"}


@pytest.mark.parametrize(
    "principal", ["bob", "user:", "group:", "user:%00", "user:a%0Ab", "group:" + "x" * 201, "team:x", "%27--"]
)
async def test_a_name_that_means_nobody_is_refused(ada: Login, principal: str) -> None:
    spec_id = await ada.new_spec()
    for method in ("PUT", "DELETE"):
        body = {"role": "viewer"} if method == "PUT" else None
        assert await ada.refused(method, place(spec_id, principal), body) == (400, "INVALID_MESSAGE")
    assert await roles(ada, spec_id) == {"user:ada": "owner"}


@pytest.mark.parametrize(
    "body", [{}, {"role": "none"}, {"role": "root"}, {"role": None}, {"role": 4}, [], "x"]
)
async def test_a_role_that_there_is_not_is_refused(ada: Login, body: Any) -> None:
    spec_id = await ada.new_spec()
    assert await ada.refused("PUT", place(spec_id, "user:bob"), body) == (400, "INVALID_MESSAGE")
    assert await roles(ada, spec_id) == {"user:ada": "owner"}


@pytest.mark.parametrize("mine", ROLES)
@pytest.mark.parametrize("theirs", [None, *ROLES])
@pytest.mark.parametrize("given", [None, *ROLES])
async def test_who_may_give_and_take_which_role(
    ada: Login, bob: Login, mine: str, theirs: str | None, given: str | None
) -> None:
    """Admins may give roles, but only owners may give or take away the role of owner."""
    spec_id = await ada.new_spec()
    await share(ada, spec_id, "user:bob", mine)
    if theirs:
        await share(ada, spec_id, "user:eve", theirs)
    body = None if given is None else {"role": given}
    method = "DELETE" if given is None else "PUT"
    response = await bob.fetch(method, place(spec_id, "user:eve"), body)
    unchanged = theirs == given
    allowed = mine == "owner" or (mine == "admin" and (unchanged or "owner" not in (theirs, given)))
    assert response.code == (200 if allowed else 403)
    now = (await roles(ada, spec_id)).get("user:eve")
    assert now == (given if allowed else theirs)


async def test_the_last_owner_stays_and_can_hand_over(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec()
    await share(ada, spec_id, "group:leads", "owner")
    for method, body in [("DELETE", None), ("PUT", {"role": "admin"})]:
        assert await ada.refused(method, place(spec_id, "user:ada"), body) == (409, "LAST_OWNER")
    await share(ada, spec_id, "user:bob", "owner")
    await share(ada, spec_id, "user:ada", "contributor")
    assert await ada.refused("DELETE", f"api/specs/{spec_id}") == (403, "FORBIDDEN")
    assert await bob.refused("DELETE", place(spec_id, "user:bob")) == (409, "LAST_OWNER")
    assert await ada.call("DELETE", place(spec_id, "user:ada")) == {}
    assert await ada.refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")
    await bob.call("DELETE", f"api/specs/{spec_id}")


@pytest.mark.parametrize("role", ROLES)
async def test_one_may_always_leave(ada: Login, bob: Login, role: str) -> None:
    spec_id = await ada.new_spec()
    await share(ada, spec_id, "user:bob", role)
    assert await bob.call("DELETE", place(spec_id, "user:bob")) == {}
    assert await bob.refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")
    assert await bob.refused("DELETE", place(spec_id, "user:bob")) == (404, "SPEC_NOT_FOUND")


async def test_a_role_that_changes_is_felt_at_once(ada: Login, bob: Login) -> None:
    """By WebSocket, polling and REST: viewer, then contributor during the session, then no role."""
    spec_id = await ada.new_spec("text")
    await share(ada, spec_id, "user:bob", "viewer")
    socket = await bob.joined(spec_id)
    joined = await bob.call("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
    events = f"api/specs/{spec_id}/session/{joined['sessionId']}/events"
    assert (socket.welcome["role"], joined["role"]) == ("viewer", "viewer")
    await socket.edit(insert(0, "x"))
    assert (await socket.answer())["code"] == "FORBIDDEN"

    await share(ada, spec_id, "user:bob", "contributor")
    assert (await socket.expect("role_changed")) == {"role": "contributor"}
    await socket.commits(insert(0, "y"))
    await share(ada, spec_id, "user:bob", "contributor")
    await socket.nothing_more()

    await ada.call("DELETE", place(spec_id, "user:bob"))
    assert (await socket.expect("role_changed")) == {"role": None}
    assert await socket.closed() == 4403
    polled = await bob.call("GET", events, after=0)
    names = [event["event"] for event in polled["events"] if event["event"] != "remote_cursor"]
    assert names == ["role_changed", "remote_operation", "role_changed"]
    assert polled["events"][-1]["data"] == {"role": None}
    assert await bob.refused("GET", events, after=polled["seq"]) == (403, "FORBIDDEN")
    assert await bob.refused("POST", events, []) == (403, "FORBIDDEN")
    assert await bob.refused("GET", f"api/specs/{spec_id}/document") == (404, "SPEC_NOT_FOUND")
    document = await ada.call("GET", f"api/specs/{spec_id}/document")
    assert (document["content"], document["activeCollaborators"]) == ("ytext", [])


async def test_a_list_says_ones_own_role_in_each(ada: Login, bob: Login) -> None:
    ids = [await ada.new_spec(title=role) for role in ROLES]
    for spec_id, role in zip(ids, ROLES, strict=True):
        await share(ada, spec_id, "user:bob", role)
    hidden = await ada.new_spec(title="hidden")
    found, cursor = [], None
    while True:
        page = await bob.call("GET", "api/specs", limit=3, **({"cursor": cursor} if cursor else {}))
        found += page["specs"]
        if (cursor := page["nextCursor"]) is None:
            break
    assert {spec["title"]: spec["role"] for spec in found} == {role: role for role in ROLES}
    assert hidden not in {spec["specId"] for spec in found}
    assert [(await bob.call("GET", f"api/specs/{spec_id}"))["role"] for spec_id in ids] == list(ROLES)
    patched = await bob.call("PATCH", f"api/specs/{ids[ROLES.index('contributor')]}", {"title": "new"})
    assert (patched["title"], patched["role"]) == ("new", "contributor")
    for spec_id in ids[: ROLES.index("contributor")]:
        assert await bob.refused("PATCH", f"api/specs/{spec_id}", {"title": "new"}) == (403, "FORBIDDEN")


async def test_a_name_that_nobody_has_is_hinted_at(ada: Login, bob: Login) -> None:
    await bob.call("GET", "api/specs")
    spec_id = await ada.new_spec("text")
    given = await share(ada, spec_id, "user:Bob", "viewer")
    assert given["hint"]["near"] == ["user:bob"]
    assert "bob has" in given["hint"]["message"]
    assert "hint" not in await share(ada, spec_id, "user:Bob", "contributor")
    assert "hint" not in await share(ada, spec_id, "user:bob", "viewer")
    assert "hint" not in await share(ada, spec_id, "user:carol", "viewer")
    assert "hint" not in await share(ada, spec_id, "group:team", "viewer")


async def test_removing_an_entry_by_another_spelling_says_that_nothing_was_removed(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("text")
    await share(ada, spec_id, "user:bob", "viewer")
    await share(ada, spec_id, "group:Team", "viewer")
    for typed, meant in (("user:Bob", "user:bob"), ("group:team", "group:Team")):
        removed = await ada.call("DELETE", place(spec_id, typed))
        assert removed["hint"]["near"] == [meant]
    assert await ada.call("DELETE", place(spec_id, "user:carol")) == {}
    assert set(await roles(ada, spec_id)) == {"user:ada", "user:bob", "group:Team"}
    assert await ada.call("DELETE", place(spec_id, "user:bob")) == {}


async def test_nobody_makes_users_known_without_the_right_to_share(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    await share(ada, spec_id, "user:bob", "viewer")
    response = await bob.fetch("PUT", f"api/specs/{spec_id}/collaborators/user:nobody", {"role": "viewer"})
    assert response.code == 403
    user_id = user_id_of("jupyter", "nobody")
    response = await ada.fetch("PUT", f"api/specs/{spec_id}/collaborators/{user_id}", {"role": "viewer"})
    assert response.code == 404
