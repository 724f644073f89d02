"""Searching and sorting the list of specs over REST."""

from __future__ import annotations

import pytest

from tests.handlers.logins import Login, insert

INVALID = (400, "INVALID_MESSAGE")


async def titles(login: Login, **query: object) -> list[str]:
    return [entry["title"] for entry in (await login.call("GET", "api/specs", **query))["specs"]]


async def test_a_hit_in_the_text_comes_with_a_snippet_and_its_place(ada: Login) -> None:
    text = (
        "# Churn\n\n" + "Filler.\n" * 2000 + "Who *leaves* the “shop” 🎈 each month?\n" + "Filler.\n" * 2000
    )
    await ada.new_spec(text, title="Model")
    await ada.new_spec("nothing", title="Leaves")
    found = (await ada.call("GET", "api/specs", q="LEAVES"))["specs"]
    assert {entry["title"]: "snippet" in entry for entry in found} == {"Model": True, "Leaves": False}
    (snippet,) = [entry["snippet"] for entry in found if "snippet" in entry]
    assert "Who *leaves* the “shop” 🎈 each month?" in snippet["text"]
    assert text[snippet["position"] :].startswith("leaves")
    assert await titles(ada, q="model shop") == ["Model"]
    assert await titles(ada, q="model nothing") == []
    assert "snippet" not in (await ada.call("GET", "api/specs"))["specs"][0]


async def test_what_was_typed_is_found_when_the_snapshot_is_taken(ada: Login) -> None:
    spec_id = await ada.new_spec("text", title="Model")
    socket = await ada.joined(spec_id)
    await socket.commits(insert(0, "zebra "))
    socket.close()
    await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "now"})
    assert await titles(ada, q="zebra") == ["Model"]
    await ada.call("PUT", f"api/specs/{spec_id}/document", {"content": "horse", "version": 2})
    assert await titles(ada, q="zebra") == []
    assert await titles(ada, q="horse") == ["Model"]


async def test_the_list_is_sorted_and_chosen_from_on_the_server(ada: Login, bob: Login) -> None:
    for title, status in (("Beta", "draft"), ("alpha", "review"), ("Gamma", "draft")):
        spec_id = await ada.new_spec(f"---\nstatus: {status}\ntype: plan\n---\n", title=title)
    await bob.new_spec(title="Bob's")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "owner"})
    assert await titles(ada, sort="title") == ["alpha", "Beta", "Bob's", "Gamma"]
    assert await titles(ada, sort="status") == ["Beta", "Bob's", "Gamma", "alpha"]
    assert await titles(ada) == await titles(ada, sort="changed") == ["Bob's", "Gamma", "alpha", "Beta"]
    assert await titles(ada, status="review") == ["alpha"]
    assert await titles(ada, type="plan", sort="title") == ["alpha", "Beta", "Gamma"]
    assert await titles(bob, mine="true") == ["Bob's", "Gamma"]
    page = await ada.call("GET", "api/specs", sort="title", limit=3, facets="true")
    assert page["facets"] == {"status": {"draft": 3, "review": 1}, "type": {"plan": 3}}
    assert await titles(ada, sort="title", limit=3, cursor=page["nextCursor"]) == ["Gamma"]
    await bob.call("PUT", f"api/specs/{spec_id}/document", {"content": "changed", "version": 1})
    assert await titles(ada, unread="true") == ["Gamma"]
    await ada.call("PUT", f"api/specs/{spec_id}/read", {"version": 2})
    assert await titles(ada, unread="true") == []
    for wrong in (
        {"sort": "size"},
        {"mine": "yes"},
        {"unread": "1"},
        {"facets": "1"},
        {"cursor": page["nextCursor"]},
    ):
        assert await ada.refused("GET", "api/specs", **wrong) == INVALID, wrong


class TestHidden:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, str]:
        return {"default_role": "none"}

    async def test_searches_and_counts_tell_nothing_of_what_one_may_not_see(
        self, ada: Login, bob: Login
    ) -> None:
        spec_id = await ada.new_spec("a secret", title="Plans")
        assert await bob.call("GET", "api/specs", q="secret", facets="true") == {
            "specs": [],
            "nextCursor": None,
            "facets": {"status": {}, "type": {}},
        }
        await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
        assert await titles(bob, q="secret") == ["Plans"]
