"""Deleting a spec, its trash and its way back, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.logins import Login, Logins, insert


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


async def trashed(login: Login, **query: Any) -> list[dict[str, Any]]:
    page = await login.call("GET", "api/specs", trashed="true", **query)
    return list(page["specs"])


async def test_a_deleted_spec_comes_back_with_its_history_and_its_people(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text", title="Churn")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "contributor"})
    writing = await bob.joined(spec_id)
    await writing.commits(insert(0, "more "))
    await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "a label"})
    before = await ada.call("GET", f"api/specs/{spec_id}/revisions")
    assert await ada.call("DELETE", f"api/specs/{spec_id}") == {}
    assert await writing.until("document_deleted") == {"specId": spec_id}
    assert await writing.closed() == 4404
    for login in (ada, bob):
        for method, path in (
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("GET", "/document"),
            ("GET", "/revisions"),
            ("GET", "/collaborators"),
            ("POST", "/token"),
            ("POST", "/session"),
        ):
            body = {} if method in ("PATCH", "POST") else None
            found = await login.refused(method, f"api/specs/{spec_id}{path}", body)
            assert found == (404, "SPEC_NOT_FOUND"), (method, path)
        assert (await login.call("GET", "api/specs"))["specs"] == []
    (entry,) = await trashed(ada)
    assert (entry["specId"], entry["title"], entry["deletedByName"]) == (spec_id, "Churn", "Ada Lovelace")
    assert entry["deletedAt"] < entry["endsAt"]
    assert await trashed(bob) == []
    assert await bob.refused("POST", f"api/specs/{spec_id}/undelete") == (403, "FORBIDDEN")
    back = await ada.call("POST", f"api/specs/{spec_id}/undelete")
    assert back == await ada.call("GET", f"api/specs/{spec_id}")
    assert await ada.call("POST", f"api/specs/{spec_id}/undelete") == back
    assert await ada.call("GET", f"api/specs/{spec_id}/revisions") == before
    again = await bob.joined(spec_id)
    assert again.welcome["content"] == "more text"
    await again.commits(insert(0, "still "))
    assert await trashed(ada) == []


async def test_a_deletion_can_be_for_good(ada: Login, bob: Login) -> None:
    for first in (False, True):
        spec_id = await ada.new_spec("text")
        await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "admin"})
        if first:
            await ada.call("DELETE", f"api/specs/{spec_id}")
        place = f"api/specs/{spec_id}"
        assert await bob.refused("DELETE", place, permanently="true") == (403, "FORBIDDEN")
        assert await ada.call("DELETE", place, permanently="true") == {}
        for login in (ada, bob):
            assert await login.refused("DELETE", place, permanently="true") == (404, "SPEC_NOT_FOUND")
            assert await login.refused("POST", f"{place}/undelete") == (404, "SPEC_NOT_FOUND")
        assert await trashed(ada) == []


async def test_strangers_learn_nothing_of_the_trash(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    await ada.call("DELETE", f"api/specs/{spec_id}")
    assert await trashed(bob) == []
    for method, path in (("POST", "/undelete"), ("DELETE", ""), ("DELETE", "?permanently=true")):
        found = await bob.refused(method, f"api/specs/{spec_id}{path}")
        assert found == (404, "SPEC_NOT_FOUND"), (method, path)
    taken = {"title": "Mine", "content": "text", "specId": spec_id}
    for login in (ada, bob):
        assert await login.refused("POST", "api/specs", taken) == (409, "OPERATION_ID_REUSED")


async def test_the_trash_is_searched_and_paged(ada: Login) -> None:
    for number in range(3):
        await ada.call("DELETE", f"api/specs/{await ada.new_spec(title=f'Spec {number}')}")
    page = await ada.call("GET", "api/specs", trashed="true", limit=2)
    more = await ada.call("GET", "api/specs", trashed="true", limit=2, cursor=page["nextCursor"])
    titles = [entry["title"] for entry in page["specs"] + more["specs"]]
    assert (titles, more["nextCursor"], page["trashDays"]) == (["Spec 2", "Spec 1", "Spec 0"], None, 30)
    assert [entry["title"] for entry in await trashed(ada, q="spec 1")] == ["Spec 1"]


@pytest.mark.parametrize("value", ["1", "yes", "True"])
async def test_a_flag_is_true_or_false(ada: Login, value: str) -> None:
    spec_id = await ada.new_spec("text")
    assert await ada.refused("GET", "api/specs", trashed=value) == (400, "INVALID_MESSAGE")
    assert await ada.refused("DELETE", f"api/specs/{spec_id}", permanently=value) == (400, "INVALID_MESSAGE")
    assert await ada.call("GET", f"api/specs/{spec_id}")
    assert (await ada.call("GET", "api/specs", trashed="false"))["specs"]


async def test_a_token_restores_no_more_than_it_may(ada: Login, logins: Logins) -> None:
    spec_id, other = await ada.new_spec("text"), await ada.new_spec("text")
    token = (await ada.call("POST", f"api/specs/{spec_id}/token"))["token"]
    for each in (spec_id, other):
        await ada.call("DELETE", f"api/specs/{each}")
    narrow = logins.stranger()
    narrow.headers = {"Authorization": f"Bearer {token}"}
    assert [entry["specId"] for entry in await trashed(narrow)] == [spec_id]
    assert await narrow.refused("POST", f"api/specs/{other}/undelete") == (404, "SPEC_NOT_FOUND")
    assert (await narrow.call("POST", f"api/specs/{spec_id}/undelete"))["specId"] == spec_id
