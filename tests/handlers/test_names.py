"""Titles, labels and names of people: what is refused, what is stored, and how they are found."""

from __future__ import annotations

import pytest

from tests.handlers.logins import Login, Logins

BAD = [
    ("one\ntwo", (422, "INVALID_CONTENT")),
    ("one\u2028two", (422, "INVALID_CONTENT")),
    ("\x1b[31mred", (422, "INVALID_CONTENT")),
    ("tab\there", (422, "INVALID_CONTENT")),
    ("open \u202eoverride", (422, "INVALID_CONTENT")),
    ("open \u2067isolate", (422, "INVALID_CONTENT")),
    ("closed\u2069 too often", (422, "INVALID_CONTENT")),
    (" \u200b\u00a0", (400, "INVALID_MESSAGE")),
    ("x" * 201, (400, "INVALID_MESSAGE")),
]


@pytest.mark.parametrize(("name", "refusal"), BAD, ids=[repr(name[:12]) for name, _ in BAD])
async def test_what_is_no_name_is_refused_wherever_a_name_is_given(
    ada: Login, name: str, refusal: tuple[int, str]
) -> None:
    spec_id = await ada.new_spec("text")
    path = f"api/specs/{spec_id}"
    save = {"content": "more", "version": 1, "label": name}
    assert await ada.refused("POST", "api/specs", {"title": name}) == refusal
    assert await ada.refused("PATCH", path, {"title": name}) == refusal
    assert await ada.refused("POST", f"{path}/revisions", {"label": name}) == refusal
    assert await ada.refused("PUT", f"{path}/document", save) == refusal
    assert (await ada.call("GET", f"{path}/document"))["content"] == "text"
    assert (await ada.call("GET", path))["title"] == "Spec"


@pytest.mark.parametrize("field", ["description", "type", "status"])
async def test_other_fields_of_an_entry_may_not_alter_the_list_either(ada: Login, field: str) -> None:
    path = f"api/specs/{await ada.new_spec()}"
    assert await ada.refused("PATCH", path, {field: "open \u202e"}) == (422, "INVALID_CONTENT")
    assert await ada.refused("PATCH", path, {field: "\x1b[2J"}) == (422, "INVALID_CONTENT")
    assert (await ada.call("PATCH", path, {field: ""}))[field] == ""
    assert (await ada.call("PATCH", path, {"description": "two\nlines"}))["description"] == "two\nlines"


async def test_names_are_stored_in_nfc(ada: Login) -> None:
    entry = await ada.call("POST", "api/specs", {"title": "Cafe\u0301", "content": "text"})
    assert entry["title"] == "Café"
    path = f"api/specs/{entry['specId']}"
    assert (await ada.call("PATCH", path, {"title": "Re\u0301sume\u0301"}))["title"] == "Résumé"
    assert (await ada.call("POST", f"{path}/revisions", {"label": "e\u0301"}))["label"] == "é"


@pytest.mark.parametrize("query", ["café", "CAFÉ", "cafe\u0301", "CAFE\u0301", "cafe\u0301 grö", "GRÖSSE"])
async def test_a_title_is_found_whatever_its_case_and_normal_form(ada: Login, query: str) -> None:
    await ada.new_spec(title="Le Cafe\u0301 Größe")
    assert len((await ada.call("GET", "api/specs", q=query))["specs"]) == 1
    assert (await ada.call("GET", "api/specs", q="cafe gr"))["specs"] == []


async def test_a_query_that_no_title_can_contain_finds_nothing(ada: Login) -> None:
    await ada.new_spec()
    assert (await ada.call("GET", "api/specs", q="a\0b"))["specs"] == []


@pytest.mark.parametrize("name", ["Eve\nBob", "Eve\u202eboB", "\u200b", " ", "\u2066Eve"])
async def test_the_name_of_a_login_can_not_alter_what_others_see(
    logins: Logins, ada: Login, name: str
) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.joined(spec_id)
    await logins.of("eve", name).joined(spec_id)
    shown = (await socket.expect("user_joined"))["userName"]
    assert shown in ("Eve Bob", "EveboB", "eve", "Eve")
