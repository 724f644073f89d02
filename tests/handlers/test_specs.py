"""``/api/specs`` on a real server."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.protocol.codec import fingerprint
from tests.handlers.logins import Login, Logins


async def test_a_spec_with_content_starts_at_version_one(ada: Login) -> None:
    entry = await ada.call("POST", "api/specs", {"title": "Churn", "content": "# Churn\n"})
    assert entry["title"] == "Churn"
    assert entry["version"] == 1
    assert entry["role"] == "owner"
    document = await ada.call("GET", f"api/specs/{entry['specId']}/document")
    assert document["content"] == "# Churn\n"
    assert document["version"] == 1


async def test_an_empty_spec_starts_at_version_zero(ada: Login) -> None:
    entry = await ada.call("POST", "api/specs", {"title": "Empty"})
    assert entry["version"] == 0


async def test_creating_twice_under_one_id_makes_one_spec(ada: Login) -> None:
    spec_id = str(uuid4())
    body = {"title": "Once", "content": "text", "specId": spec_id}
    first = await ada.call("POST", "api/specs", body)
    second = await ada.call("POST", "api/specs", body)
    assert first["specId"] == second["specId"] == spec_id
    assert len((await ada.call("GET", "api/specs"))["specs"]) == 1


async def test_an_id_of_another_spec_is_refused(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("mine")
    body = {"title": "Mine too", "content": "other", "specId": spec_id}
    assert await bob.refused("POST", "api/specs", body) == (409, "OPERATION_ID_REUSED")


async def test_the_list_is_searched_and_paged(ada: Login) -> None:
    for number in range(5):
        await ada.new_spec(title=f"Spec {number} 100%")
    await ada.new_spec(title="Another")
    page = await ada.call("GET", "api/specs", q="spec", limit=2)
    titles = [entry["title"] for entry in page["specs"]]
    while page["nextCursor"]:
        page = await ada.call("GET", "api/specs", q="spec", limit=2, cursor=page["nextCursor"])
        titles += [entry["title"] for entry in page["specs"]]
    assert titles == [f"Spec {number} 100%" for number in (4, 3, 2, 1, 0)]
    assert (await ada.call("GET", "api/specs", q="%"))["specs"] != []
    assert (await ada.call("GET", "api/specs", q="_"))["specs"] == []


async def test_a_page_is_never_too_large_whatever_limit_was_asked_for(
    ada: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.handlers.specs.MAX_PAGE_SIZE", 2)
    made = [await ada.new_spec() for _ in range(3)]
    first = await ada.call("GET", "api/specs", limit=1_000_000)
    second = await ada.call("GET", "api/specs", limit=1_000_000, cursor=first["nextCursor"])
    assert [len(first["specs"]), len(second["specs"])] == [2, 1]
    assert {entry["specId"] for entry in first["specs"] + second["specs"]} == set(made)


async def test_an_empty_parameter_is_one_that_is_not_given(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    assert (await ada.call("GET", "api/specs", q="", cursor="", limit=""))["specs"][0]["specId"] == spec_id
    revisions = await ada.call("GET", f"api/specs/{spec_id}/revisions", before="", limit="", content="")
    assert [entry["version"] for entry in revisions["revisions"]] == [1]
    difference = await ada.call("GET", f"api/specs/{spec_id}/revisions/1/diff", against="")
    assert (difference["from"], difference["to"]) == (0, 1)


async def test_rename_and_delete(ada: Login) -> None:
    spec_id = await ada.new_spec("text", title="Old")
    entry = await ada.call("PATCH", f"api/specs/{spec_id}", {"title": "New"})
    assert entry["title"] == "New"
    assert entry["version"] == 1
    assert await ada.call("DELETE", f"api/specs/{spec_id}") == {}
    assert await ada.refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")
    assert await ada.refused("GET", f"api/specs/{spec_id}/document") == (404, "SPEC_NOT_FOUND")


async def test_a_status_is_what_front_matter_or_a_person_said_last(ada: Login) -> None:
    def text(status: str, more: str = "") -> str:
        return f"---\nstatus: {status}\n---\n# Churn\n{more}"

    async def save(content: str, version: int) -> str:
        await ada.call("PUT", f"api/specs/{spec_id}/document", {"content": content, "version": version})
        return str((await ada.call("GET", f"api/specs/{spec_id}"))["status"])

    spec_id = await ada.new_spec(text("Draft"))
    assert (await ada.call("GET", f"api/specs/{spec_id}"))["status"] == "draft"
    assert (await ada.call("PATCH", f"api/specs/{spec_id}", {"status": "approved"}))["status"] == "approved"
    assert await save(text("Draft", "More.\n"), 1) == "approved"
    assert await save(text("review", "More.\n"), 2) == "review"


async def test_bad_bodies_and_queries(ada: Login) -> None:
    for body in ("", "{", "[]", "null", '{"title": 5}', '{"title": ""}', '{"title": "x", "content": 1}'):
        assert await ada.refused("POST", "api/specs", body) == (400, "INVALID_MESSAGE"), body
    for content in ("a\rb", "a\0b"):
        body = {"title": "x", "content": content}
        assert await ada.refused("POST", "api/specs", body) == (422, "INVALID_CONTENT"), content
    lone = '{"title": "x", "content": "\\ud800"}'
    assert (await ada.refused("POST", "api/specs", lone))[1] in ("INVALID_CONTENT", "INVALID_MESSAGE")
    assert await ada.refused("GET", "api/specs", limit="many") == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", "api/specs", limit=0) == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", "api/specs", cursor="nonsense") == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", "api/specs/not-an-id") == (404, "SPEC_NOT_FOUND")
    assert await ada.refused("GET", f"api/specs/{uuid4()}/nothing") == (404, "NOT_FOUND")
    assert await ada.refused("POST", f"api/specs/{uuid4()}/document", {}) == (404, "NOT_FOUND")


async def test_a_stranger_gets_401_in_our_shape(ada: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("secret")
    stranger = logins.stranger()
    for method, path in [
        ("GET", "api/specs"),
        ("POST", "api/specs"),
        ("GET", f"api/specs/{spec_id}"),
        ("DELETE", f"api/specs/{spec_id}"),
        ("GET", f"api/specs/{spec_id}/document"),
        ("PUT", f"api/specs/{spec_id}/document"),
        ("GET", f"api/specs/{spec_id}/revisions"),
        ("GET", f"api/specs/{spec_id}/nothing"),
    ]:
        assert await stranger.refused(method, path, {} if method in ("POST", "PUT") else None) == (
            401,
            "UNAUTHENTICATED",
        ), (method, path)


async def test_a_bad_token_is_never_replaced_by_a_cookie(ada: Login) -> None:
    response = await ada.fetch("GET", "api/specs", headers={"Authorization": "token wrong"})
    assert response.code == 401


async def test_without_xsrf_a_cookie_may_not_change_anything(ada: Login) -> None:
    bare = Login(ada.address, {"Cookie": ada.headers["Cookie"]})
    assert await bare.refused("POST", "api/specs", {"title": "x"}) == (403, "FORBIDDEN")


async def test_the_servers_token_is_one_stable_user(logins: Logins) -> None:
    owner = logins.owner()
    spec_id = await owner.new_spec("text")
    first = await owner.call("GET", f"api/specs/{spec_id}")
    again = await owner.call("POST", "api/specs", {"title": "b", "content": "b"})
    assert first["lastModifiedBy"] == again["lastModifiedBy"]


async def test_a_long_text_of_a_new_spec_is_hashed_outside_of_the_loop(
    ada: Login, jp_serverapp: ServerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    threads: list[int] = []

    def noted(before: str, after: str) -> str:
        threads.append(threading.get_ident())
        return "noted"

    monkeypatch.setattr("jupyter_speccollab.service.specs.specs.summarise", noted)
    spec_id = await ada.new_spec("😀")
    assert threads
    assert threading.get_ident() not in threads
    (first,) = await app.services.documents.store.commits(spec_id, after=0, until=1)
    assert first.fingerprint == fingerprint(first.operation_id)  # not of the text


async def test_front_matter_ties_a_spec_to_a_notebook(ada: Login) -> None:
    def front(notebook: str) -> str:
        return f"---\nnotebook: {notebook}\n---\n"

    async def of(notebook: str) -> set[str]:
        page = await ada.call("GET", "api/specs", notebook=notebook)
        return {entry["title"] for entry in page["specs"]}

    for title, notebook in (
        ("name", "churn.ipynb"),
        ("path", "./models//churn.ipynb"),
        ("other", "other/churn.ipynb"),
        ("none", "~"),
        ("cafe", "cafe\u0301.ipynb"),
    ):
        await ada.new_spec(front(notebook), title=title)
    assert await of("models/churn.ipynb") == await of("/team/models/churn.ipynb") == {"name", "path"}
    assert await of("churn.ipynb") == {"name"}
    assert await of("caf\u00e9.ipynb") == {"cafe"}
    assert await of("xchurn.ipynb") == await of("/") == set()
    late = await ada.new_spec("text", title="late")
    await ada.call(
        "PUT", f"api/specs/{late}/document", {"content": front("churn.ipynb") + "text", "version": 1}
    )
    assert await of("churn.ipynb") == {"name", "late"}
    assert (await ada.call("GET", f"api/specs/{late}"))["notebook"] == "churn.ipynb"
    await ada.call("PUT", f"api/specs/{late}/document", {"content": "text", "version": 2})
    assert await of("churn.ipynb") == {"name"}
