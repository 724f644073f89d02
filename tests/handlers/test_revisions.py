"""``/api/specs/:specId/revisions``: the list of revisions, and the text at any version."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import uuid4

import pytest

from tests.handlers.logins import Login, delete, insert

ENTRY = {
    "version", "content", "contentHash", "modifiedBy", "modifiedByName", "modifiedAt", "changesSummary", "label",
    "kind",
}  # fmt: skip


async def put(login: Login, spec_id: str, content: str, version: int, **more: Any) -> Any:
    return await login.call(
        "PUT", f"api/specs/{spec_id}/document", {"content": content, "version": version, **more}
    )


async def page(login: Login, spec_id: str, **query: Any) -> list[dict[str, Any]]:
    return list((await login.call("GET", f"api/specs/{spec_id}/revisions", **query))["revisions"])


async def test_a_revision_says_what_who_and_when(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("# Churn\n\nOne.\n")
    await put(bob, spec_id, "# Churn\n\nOne.\n\n## Risks\n\nMany.\n", 1)
    newest, first = await page(ada, spec_id)
    assert newest.keys() == first.keys() == ENTRY
    assert (newest["version"], newest["kind"], newest["label"]) == (2, "saved", None)
    assert newest["content"] == "# Churn\n\nOne.\n\n## Risks\n\nMany.\n"
    assert newest["contentHash"] == hashlib.sha256(newest["content"].encode()).hexdigest()
    assert newest["modifiedByName"] == "Bob Kahn"
    assert newest["modifiedBy"] == (await bob.call("GET", f"api/specs/{spec_id}"))["lastModifiedBy"]
    assert newest["modifiedAt"].endswith("Z")
    assert "Risks" in newest["changesSummary"]
    assert "+4" in newest["changesSummary"]
    assert (first["version"], first["kind"]) == (1, "created")
    assert first["content"] == "# Churn\n\nOne.\n"
    assert first["changesSummary"] != newest["changesSummary"]


async def test_the_summary_tells_each_change_apart(ada: Login) -> None:
    spec_id = await ada.new_spec("# A\n\none\n\n# B\n\ntwo\n")
    await put(ada, spec_id, "# A\n\none\n\n# B\n\ntwo\nthree\n", 1)
    await put(ada, spec_id, "# A\n\n\n# B\n\ntwo\nthree\n", 2)
    added, removed = [entry["changesSummary"] for entry in await page(ada, spec_id)][1::-1]
    assert "B" in added
    assert "+1" in added
    assert "A" in removed
    assert "1" in removed


async def test_pages_go_backwards_and_may_leave_the_text_out(ada: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    for version in range(1, 8):
        await put(ada, spec_id, f"{version}\n", version)
    found: list[int] = []
    query: dict[str, Any] = {"limit": 3, "content": "false"}
    while True:
        answer = await ada.call("GET", f"api/specs/{spec_id}/revisions", **query)
        assert len(answer["revisions"]) <= 3
        assert all("content" not in entry for entry in answer["revisions"])
        assert all(entry["contentHash"] for entry in answer["revisions"])
        found += [entry["version"] for entry in answer["revisions"]]
        if answer["nextBefore"] is None:
            break
        query["before"] = answer["nextBefore"]
    assert found == [8, 7, 6, 5, 4, 3, 2, 1]
    assert [entry["version"] for entry in await page(ada, spec_id, before=3)] == [2, 1]
    assert await page(ada, spec_id, before=0) == []
    for query in ({"limit": 0}, {"limit": "x"}, {"before": -1}, {"before": "x"}, {"content": "maybe"}):
        path = f"api/specs/{spec_id}/revisions"
        assert await ada.refused("GET", path, **query) == (400, "INVALID_MESSAGE"), query


async def test_a_page_is_never_too_long_whatever_limit_was_asked_for(
    ada: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.handlers.revisions.MAX_PAGE_SIZE", 2)
    spec_id = await ada.new_spec("0\n")
    for version in range(1, 3):
        await put(ada, spec_id, f"{version}\n", version)
    first = await ada.call("GET", f"api/specs/{spec_id}/revisions", limit=1_000_000)
    assert [entry["version"] for entry in first["revisions"]] == [3, 2]
    assert [entry["version"] for entry in await page(ada, spec_id, before=first["nextBefore"])] == [1]


async def test_a_page_holds_at_most_eight_mebibytes_and_at_least_one(ada: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    for version in range(1, 5):
        await put(ada, spec_id, str(version) + "😀" * 700_000, version)
    answer = await ada.call("GET", f"api/specs/{spec_id}/revisions")
    assert 1 <= len(answer["revisions"]) < 5
    assert sum(len(entry["content"].encode()) for entry in answer["revisions"]) <= 8 * 1024 * 1024
    versions = [entry["version"] for entry in answer["revisions"]]
    while answer["nextBefore"]:
        answer = await ada.call("GET", f"api/specs/{spec_id}/revisions", before=answer["nextBefore"])
        versions += [entry["version"] for entry in answer["revisions"]]
    assert versions == [5, 4, 3, 2, 1]


async def test_the_default_is_twenty(ada: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    for version in range(1, 23):
        await put(ada, spec_id, f"{version}\n", version)
    answer = await ada.call("GET", f"api/specs/{spec_id}/revisions")
    assert len(answer["revisions"]) == 20
    assert answer["nextBefore"] == answer["revisions"][-1]["version"]


async def test_what_is_typed_now_is_a_revision_too(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.joined(spec_id)
    await socket.commits(insert(4, "!"))
    newest = (await page(ada, spec_id))[0]
    assert (newest["version"], newest["content"], newest["kind"]) == (2, "text!", "auto")


async def test_the_document_at_any_version(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("0")
    socket = await bob.joined(spec_id)
    texts = ["", "0"]
    for number in range(1, 60):
        await socket.commits(insert(len(texts[-1]), str(number)))
        texts.append(texts[-1] + str(number))
    for version, text in enumerate(texts):
        found = await ada.call("GET", f"api/specs/{spec_id}/revisions/{version}")
        assert (found["version"], found["content"]) == (version, text)
        assert found["contentHash"] == hashlib.sha256(text.encode()).hexdigest()
        assert found["modifiedByName"] == ("Ada Lovelace" if version < 2 else "Bob Kahn")
        assert found["modifiedAt"].endswith("Z")
    for version in (61, 10**14, "-1", "x", "1.0", "１", 10**30, "%00"):
        path = f"api/specs/{spec_id}/revisions/{version}"
        assert await ada.refused("GET", path) == (404, "REVISION_NOT_FOUND"), version
        assert await ada.refused("GET", f"{path}/diff") == (404, "REVISION_NOT_FOUND"), version
        assert await ada.refused("POST", f"{path}/restore", {}) == (404, "REVISION_NOT_FOUND"), version


async def test_a_diff_names_who_wrote_what(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("The quick fox.\n")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(4, "very "), version=1)
    await two.commits(delete(0, 3), insert(0, "A"), version=2)
    await one.commits(insert(17, "!"), version=3)
    diff = await ada.call("GET", f"api/specs/{spec_id}/revisions/4/diff", against=1)
    assert (diff["from"], diff["to"]) == (1, 4)
    ada_is, bob_is = [
        {"userId": socket.me["userId"], "userName": socket.me["userName"]} for socket in (one, two)
    ]
    hunks = [
        {key: hunk[key] for key in ("position", "removed", "added", "authors")} for hunk in diff["hunks"]
    ]
    assert hunks == [
        {"position": 0, "removed": "The", "added": "A", "authors": [bob_is]},
        {"position": 4, "removed": "", "added": "very ", "authors": [ada_is]},
        {"position": 14, "removed": "", "added": "!", "authors": [ada_is]},
    ]
    last = await ada.call("GET", f"api/specs/{spec_id}/revisions/4/diff")
    assert (last["from"], last["to"], len(last["hunks"])) == (3, 4, 1)
    back = await ada.call("GET", f"api/specs/{spec_id}/revisions/1/diff", against=4)
    assert [(hunk["removed"], hunk["added"]) for hunk in back["hunks"]] == [
        ("A", "The"),
        ("very ", ""),
        ("!", ""),
    ]
    same = await ada.call("GET", f"api/specs/{spec_id}/revisions/4/diff", against=4)
    assert same["hunks"] == []
    first = await ada.call("GET", f"api/specs/{spec_id}/revisions/1/diff")
    assert (first["from"], [hunk["added"] for hunk in first["hunks"]]) == (0, ["The quick fox.\n"])
    assert (await ada.call("GET", f"api/specs/{spec_id}/revisions/0/diff"))["hunks"] == []
    path = f"api/specs/{spec_id}/revisions/4/diff"
    assert await ada.refused("GET", path, against=99) == (404, "REVISION_NOT_FOUND")
    assert await ada.refused("GET", path, against="x") == (400, "INVALID_MESSAGE")


async def test_a_diff_applied_to_the_older_text_makes_the_newer(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("one two three four five\n")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(delete(4, 4), insert(0, "0 "), version=1)
    await two.commits(
        insert(
            8,
            "and ",
        ),
        delete(0, 3),
        version=1,
    )
    await one.commits(insert(2, "x"), delete(1, 1), version=2)
    texts = [(await ada.call("GET", f"api/specs/{spec_id}/revisions/{v}"))["content"] for v in range(5)]
    for start in range(5):
        for end in range(5):
            diff = await ada.call("GET", f"api/specs/{spec_id}/revisions/{end}/diff", against=start)
            text = texts[start]
            for hunk in reversed(diff["hunks"]):
                position, removed = hunk["position"], hunk["removed"]
                assert text[position : position + len(removed)] == removed
                assert hunk["authors"]
                text = text[:position] + hunk["added"] + text[position + len(removed) :]
            assert text == texts[end], (start, end)


async def test_a_label_keeps_the_present_text(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.joined(spec_id)
    await socket.commits(insert(4, "!"))
    response = await ada.fetch("POST", f"api/specs/{spec_id}/revisions", {"label": "Release 1"})
    assert response.code == 201
    newest = (await page(ada, spec_id))[0]
    assert (newest["version"], newest["label"], newest["kind"]) == (2, "Release 1", "labelled")
    labelled = await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "Release 2"})
    assert labelled.keys() >= ENTRY - {"content"}
    assert (labelled["version"], labelled["label"]) == (2, "Release 2")
    assert [entry["label"] for entry in await page(ada, spec_id)] == ["Release 2", None]
    for body in ({}, {"label": ""}, {"label": 5}, {"label": "x" * 201}, "", "[]"):
        assert await ada.refused("POST", f"api/specs/{spec_id}/revisions", body) == (400, "INVALID_MESSAGE")
    assert (await ada.refused("POST", f"api/specs/{spec_id}/revisions", {"label": "a\0"}))[
        1
    ] == "INVALID_CONTENT"
    assert await ada.refused("POST", f"api/specs/{uuid4()}/revisions", {"label": "x"}) == (
        404,
        "SPEC_NOT_FOUND",
    )


async def test_a_restore_is_a_new_operation_that_everybody_gets_live(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("old text\n")
    await put(ada, spec_id, "new text\n", 1)
    socket = await bob.joined(spec_id)
    restored = await ada.call("POST", f"api/specs/{spec_id}/revisions/1/restore", {})
    assert (restored["version"], restored["content"]) == (3, "old text\n")
    assert restored.keys() >= {"specId", "epoch", "contentHash", "lastModified", "activeCollaborators"}
    told = await socket.expect("remote_operation")
    assert (told["version"], told["sessionId"]) == (3, None)
    kinds = [(entry["version"], entry["kind"]) for entry in await page(ada, spec_id)]
    assert kinds == [(3, "restored"), (2, "saved"), (1, "created")]  # the history is complete
    assert (await ada.call("GET", f"api/specs/{spec_id}/revisions/2"))["content"] == "new text\n"
    again = await ada.call("POST", f"api/specs/{spec_id}/revisions/1/restore", {})
    assert again["version"] == 3
    await socket.nothing_more()
    empty = await ada.call("POST", f"api/specs/{spec_id}/revisions/0/restore", {})
    assert (empty["version"], empty["content"]) == (4, "")


async def test_of_a_spec_that_is_not_there_there_are_no_revisions(ada: Login) -> None:
    for spec_id in (str(uuid4()), "nonsense"):
        for method, path in (
            ("GET", "revisions"),
            ("GET", "revisions/1"),
            ("GET", "revisions/1/diff"),
            ("POST", "revisions/1/restore"),
        ):
            body = {} if method == "POST" else None
            assert await ada.refused(method, f"api/specs/{spec_id}/{path}", body) == (404, "SPEC_NOT_FOUND")
