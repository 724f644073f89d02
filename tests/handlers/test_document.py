"""``/api/specs/:specId/document``: reads the whole text, and saves it by a merge."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.handlers.logins import Login, insert, refusal

TEXT = "# Churn\n\nOne.\nTwo.\nThree.\n"


async def put(login: Login, spec_id: str, content: str, version: int, query: str = "", **more: Any) -> Any:
    body = {"content": content, "version": version, **more}
    return await login.call("PUT", f"api/specs/{spec_id}/document{query}", body)


async def refused(login: Login, spec_id: str, body: Any, query: str = "") -> dict[str, Any]:
    """The envelope of a response that has to be an error, with the HTTP status as ``status``."""
    response = await login.fetch("PUT", f"api/specs/{spec_id}/document{query}", body)
    refusal(response)
    return {**json.loads(response.body), "status": response.code}


async def kinds(login: Login, spec_id: str) -> list[tuple[int, str]]:
    page = await login.call("GET", f"api/specs/{spec_id}/revisions", content="false")
    return [(entry["version"], entry["kind"]) for entry in page["revisions"]]


async def test_get_holds_the_text_and_what_tells_it_apart(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    socket = await bob.joined(spec)
    document = await ada.call("GET", f"api/specs/{spec}/document")
    assert document.keys() == {
        "specId", "version", "epoch", "content", "contentHash", "lastModified", "lastModifiedBy",
        "activeCollaborators",
    }  # fmt: skip
    assert (document["specId"], document["version"]) == (spec, 1)
    assert document["epoch"] == socket.welcome["epoch"]
    assert document["content"].startswith("# Churn\n")
    assert document["contentHash"] == hashlib.sha256(document["content"].encode()).hexdigest()
    assert document["lastModified"].endswith("Z")
    assert datetime.fromisoformat(document["lastModified"])
    (row,) = document["activeCollaborators"]
    assert row.keys() == {"userId", "userName", "joinedAt"}
    assert (row["userId"], row["userName"]) == (socket.me["userId"], "Bob Kahn")
    await socket.commits(insert(0, "x"))
    document = await ada.call("GET", f"api/specs/{spec}/document")
    assert (document["version"], document["lastModifiedBy"]) == (2, socket.me["userId"])


async def test_who_is_there_is_listed_at_once_and_gone_at_once(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    for _ in range(5):
        socket = await bob.joined(spec)
        assert len((await ada.call("GET", f"api/specs/{spec}/document"))["activeCollaborators"]) == 1
        assert len((await ada.call("GET", f"api/specs/{spec}"))["activeUsers"]) == 1
        (entry,) = (await ada.call("GET", "api/specs"))["specs"]
        assert len(entry["activeUsers"]) == 1
        await socket.send("leave_session", specId=spec)
        await socket.nothing_more()
        assert (await ada.call("GET", f"api/specs/{spec}/document"))["activeCollaborators"] == []


async def test_an_entry_shows_people_as_a_session_is_told(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    socket = await bob.joined(spec)
    await socket.send("cursor_update", cursor={"line": 0, "column": 2, "selection": None})
    await socket.nothing_more()
    told = (await bob.joined(spec)).welcome["activeUsers"]
    assert told[0]["cursor"] == {"line": 0, "column": 2, "selection": None}
    assert (await ada.call("GET", f"api/specs/{spec}"))["activeUsers"] == told
    (entry,) = (await ada.call("GET", "api/specs"))["specs"]
    assert entry["activeUsers"] == told


async def test_a_save_makes_a_version_and_a_revision(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    saved = await put(ada, spec, "# Churn\n\nNew.\n", 1)
    assert (saved["version"], saved["content"], saved["merged"]) == (2, "# Churn\n\nNew.\n", False)
    assert saved["contentHash"] == hashlib.sha256(saved["content"].encode()).hexdigest()
    assert {"specId", "epoch", "lastModified", "lastModifiedBy", "activeCollaborators"} <= saved.keys()
    assert (2, "saved") in await kinds(ada, spec)


async def test_an_unchanged_save_makes_no_version(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    content = (await ada.call("GET", f"api/specs/{spec}/document"))["content"]
    for _ in range(2):
        saved = await put(ada, spec, content, 1)
        assert (saved["version"], saved["merged"]) == (1, False)


async def test_a_label_makes_a_labelled_revision(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    await put(ada, spec, "one", 1)
    await put(ada, spec, "one", 2, label="First")
    page = await ada.call("GET", f"api/specs/{spec}/revisions")
    assert (page["revisions"][0]["kind"], page["revisions"][0]["label"]) == ("labelled", "First")
    await put(ada, spec, "two", 2, label="Second")
    page = await ada.call("GET", f"api/specs/{spec}/revisions")
    assert [entry["label"] for entry in page["revisions"]] == ["Second", "First", None]


async def test_a_save_goes_to_everybody_live_from_no_session(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    mine, others = await ada.joined(spec), await bob.joined(spec)
    await mine.expect("user_joined")
    operation_id = str(uuid4())
    await put(ada, spec, "# Churn\n\nOne.\nTwo.\nThree.\nFour.\n", 1, operationId=operation_id)
    told = await mine.expect("remote_operation")
    assert await others.expect("remote_operation") == told
    assert (told["sessionId"], told["userId"], told["version"]) == (None, mine.me["userId"], 2)
    assert told["operationId"] == operation_id
    assert "".join(component["content"] for component in told["operations"]) in ("Four.\n", "\nFour.")


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        ("# Churn\n\n1.\nTwo.\nThree.\n", "# Churn\n\nOne.\nTwo.\n3.\n", "# Churn\n\n1.\nTwo.\n3.\n"),
        (
            "# Churn\n\nOne.\nTwo.\nThree.\nFour.\n",
            "Churn\n\nOne.\nTwo.\nThree.\n",
            "Churn\n\nOne.\nTwo.\nThree.\nFour.\n",
        ),
        ("# Churn\n\nOne.\n2.\nThree.\n", "# Churn\n\nOne.\nThree.\n", "# Churn\n\nOne.\n2Three.\n"),
        (
            "# Churn\n\nOne, A.\nTwo.\nThree.\n",
            "# Churn\n\nOne, B.\nTwo.\nThree.\n",
            "# Churn\n\nOne, B, A.\nTwo.\nThree.\n",
        ),
        ("# Churn\n\nThree.\n", "# Churn\n\nOne.\nThree.\n", "# Churn\n\nThree.\n"),
        ("", "# Churn\n\nOne.\nTwo.\nThree.\nFour 😀.\n", "Four 😀.\n"),
    ],
    ids=["apart", "both ends", "changed and deleted", "one place", "deleted by both", "emptied"],
)
async def test_a_stale_save_is_merged(ada: Login, bob: Login, first: str, second: str, merged: str) -> None:
    """All inserts stay, and all deletions apply. Of two inserts at one place the later one is on the left."""
    spec = await ada.new_spec(TEXT)
    await put(ada, spec, first, 1)
    saved = await put(bob, spec, second, 1)
    assert (saved["content"], saved["version"], saved["merged"]) == (merged, 3, True)


async def test_two_stale_saves_and_one_person_typing(ada: Login, bob: Login, logins: Any) -> None:
    """The final text contains all three edits, and a repeated save changes nothing."""
    spec = await ada.new_spec(TEXT)
    eve = logins.of("eve", "Eve")
    typing = await eve.joined(spec)
    await typing.commits(insert(9, "0. "))
    bodies = [(ada, "# Churn!\n\nOne.\nTwo.\nThree.\n"), (bob, "# Churn\n\nOne.\nTwo.\nThree.\nFour.\n")]
    saved = await asyncio.gather(*(put(login, spec, content, 1) for login, content in bodies))
    assert (
        sorted(document["version"] for document in saved) == [3, 4]
        or max(document["version"] for document in saved) == 4
    )
    assert all(document["merged"] for document in saved)
    end = "# Churn!\n\n0. One.\nTwo.\nThree.\nFour.\n"
    assert (await ada.call("GET", f"api/specs/{spec}/document"))["content"] == end
    for login, content in bodies:
        again = await put(login, spec, content, 1)
        assert (again["content"], again["version"], again["merged"]) == (end, 4, True)
    assert (await typing.expect("remote_operation"))["version"] == 3
    assert (await typing.expect("remote_operation"))["version"] == 4
    await typing.nothing_more()
    text = (await eve.joined(spec)).welcome
    assert (text["content"], text["version"]) == (end, 4)


async def test_the_same_save_at_once_many_times_is_one_version(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    saved = await asyncio.gather(*(put(ada, spec, "new text\n", 1) for _ in range(8)))
    assert {document["version"] for document in saved} == {2}
    assert (await ada.call("GET", f"api/specs/{spec}/document"))["version"] == 2


async def test_a_repeat_long_after_changes_nothing(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    await put(ada, spec, "one\n", 1)
    await put(ada, spec, "two\n", 2)
    again = await put(ada, spec, "one\n", 1)
    assert (again["version"], again["content"]) == (3, "two\n")


async def test_the_same_text_by_another_user_or_of_another_version_is_no_repeat(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("a\n")
    await put(ada, spec_id, "a\nb\n", 1)
    assert (await put(bob, spec_id, "a\nb\n", 1))["version"] == 3
    assert (await put(ada, spec_id, "a\n", 3))["version"] == 4
    assert (await put(ada, spec_id, "a\nb\n", 4))["version"] == 5


async def test_a_given_id_is_used_once(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    operation_id = str(uuid4())
    first = await put(ada, spec, "one\n", 1, operationId=operation_id)
    again = await put(ada, spec, "one\n", 1, operationId=operation_id.upper())
    assert again["version"] == first["version"] == 2
    for login, body in (
        (ada, {"content": "other\n", "version": 1}),
        (ada, {"content": "one\n", "version": 2}),
        (bob, {"content": "one\n", "version": 1}),
    ):
        answer = await refused(login, spec, {**body, "operationId": operation_id})
        assert (answer["status"], answer["code"]) == (409, "OPERATION_ID_REUSED")
        assert answer["details"]["version"] == 2
    socket = await ada.joined(spec)
    live = await socket.commits(insert(0, "x"))
    answer = await refused(ada, spec, {"content": "y", "version": 3, "operationId": live["operationId"]})
    assert answer["code"] == "OPERATION_ID_REUSED"
    await socket.edit(insert(0, "y"), operationId=operation_id)
    assert (await socket.answer())["code"] == "OPERATION_ID_REUSED"


async def test_a_version_ahead_is_a_conflict(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    answer = await refused(ada, spec, {"content": "x", "version": 2})
    assert (answer["status"], answer["code"], answer["details"]["currentVersion"]) == (
        409,
        "VERSION_CONFLICT",
        1,
    )


async def test_on_conflict_reject_merges_nothing(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    await put(ada, spec, "one\n", 1, "?onConflict=reject")
    answer = await refused(bob, spec, {"content": "two\n", "version": 1}, "?onConflict=reject")
    assert (answer["status"], answer["code"], answer["details"]["currentVersion"]) == (
        409,
        "VERSION_CONFLICT",
        2,
    )
    assert (await put(ada, spec, "one\n", 1, "?onConflict=reject"))["version"] == 2  # a repeated save
    assert (await put(bob, spec, "x\n", 1, "?onConflict=merge"))["merged"] is True
    answer = await refused(bob, spec, {"content": "two\n", "version": 3}, "?onConflict=maybe")
    assert (answer["status"], answer["code"]) == (400, "INVALID_MESSAGE")


async def test_of_two_that_reject_at_once_one_is_saved(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    responses = await asyncio.gather(
        *(
            login.fetch(
                "PUT",
                f"api/specs/{spec}/document?onConflict=reject",
                {"content": f"{number}\n" * 2_000, "version": 1},
            )
            for number in range(4)
            for login in (ada, bob)
        )
    )
    codes = sorted(response.code for response in responses)
    # Both send each text. One save makes a version, and all others conflict.
    assert codes == [200] + [409] * 7
    assert (await ada.call("GET", f"api/specs/{spec}/document"))["version"] == 2


class TestTooFarBehind:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"max_stale_versions": 3}

    async def test_it_is_a_conflict_with_the_present_version(self, ada: Login) -> None:
        spec = await ada.new_spec(TEXT)
        for version in range(1, 6):
            await put(ada, spec, f"{version}\n", version)
        answer = await refused(ada, spec, {"content": "x", "version": 1})
        assert (answer["status"], answer["code"]) == (409, "VERSION_CONFLICT")
        assert answer["details"]["currentVersion"] == 6


class TestWrites:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"writes_per_minute": 4, "operations_per_minute": 2}

    async def test_saves_restores_and_changes_have_a_limit_of_their_own(self, ada: Login, bob: Login) -> None:
        spec = await ada.new_spec(TEXT)
        await put(ada, spec, "one\n", 1)
        await ada.call("PATCH", f"api/specs/{spec}", {"title": "New"})
        for _ in range(5):
            await put(ada, spec, "one\n", 1)  # repeats do not count
        await ada.call("POST", f"api/specs/{spec}/revisions/1/restore", {})
        answer = await refused(ada, spec, {"content": "two\n", "version": 3})
        assert (answer["status"], answer["code"]) == (429, "RATE_LIMITED")
        assert 50_000 < answer["details"]["retryAfterMs"] <= 60_000
        status, code = await ada.refused("POST", f"api/specs/{spec}/revisions/1/restore", {})
        assert (status, code) == (429, "RATE_LIMITED")
        assert await ada.refused("PATCH", f"api/specs/{spec}", {"title": "x"}) == (429, "RATE_LIMITED")
        socket = await ada.joined(spec)
        await socket.commits(insert(0, "x"))
        await put(bob, spec, "mine\n", 3)


async def test_bad_saves_are_refused_and_change_nothing(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    good = {"content": "x", "version": 1}
    for body, status, code in [
        ("", 400, "INVALID_MESSAGE"),
        ("{", 400, "INVALID_MESSAGE"),
        ("[]", 400, "INVALID_MESSAGE"),
        ("[" * 100_000, 400, "INVALID_MESSAGE"),
        ({"content": "x"}, 400, "INVALID_MESSAGE"),
        ({"version": 1}, 400, "INVALID_MESSAGE"),
        ({**good, "version": -1}, 400, "INVALID_MESSAGE"),
        ({**good, "version": "1"}, 400, "INVALID_MESSAGE"),
        ({**good, "version": 1.0}, 400, "INVALID_MESSAGE"),
        ({**good, "version": True}, 400, "INVALID_MESSAGE"),
        ({**good, "version": 10**400}, 400, "INVALID_MESSAGE"),
        ('{"content":"x","version":' + "9" * 6_000 + "}", 400, "INVALID_MESSAGE"),
        ({**good, "content": 5}, 400, "INVALID_MESSAGE"),
        ({**good, "content": None}, 400, "INVALID_MESSAGE"),
        ({**good, "operationId": "x"}, 400, "INVALID_MESSAGE"),
        ({**good, "operationId": 5}, 400, "INVALID_MESSAGE"),
        ({**good, "label": 5}, 400, "INVALID_MESSAGE"),
        ({**good, "label": ""}, 400, "INVALID_MESSAGE"),
        ({**good, "label": "x" * 201}, 400, "INVALID_MESSAGE"),
        ({**good, "label": "a\0"}, 422, "INVALID_CONTENT"),
        ({**good, "content": "a\r\n"}, 422, "INVALID_CONTENT"),
        ({**good, "content": "a\0"}, 422, "INVALID_CONTENT"),
        ({**good, "version": 2}, 409, "VERSION_CONFLICT"),
    ]:
        answer = await refused(ada, spec, body)
        assert (answer["status"], answer["code"]) == (status, code), body
    for lone in (r'{"content":"\ud800","version":1}', r'{"content":"x","version":1,"label":"\udfff"}'):
        assert (await refused(ada, spec, lone))["code"] in ("INVALID_CONTENT", "INVALID_MESSAGE")
    assert (await refused(ada, spec, b'{"content":"\xff","version":1}'))["code"] == "INVALID_MESSAGE"
    assert (await refused(ada, str(uuid4()), good))["code"] == "SPEC_NOT_FOUND"
    assert (await ada.call("GET", f"api/specs/{spec}/document"))["version"] == 1
    assert (await put(ada, spec, "y", 1, unknown={"field": [1]}))["version"] == 2


async def test_a_save_may_be_as_large_as_a_document(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    saved = await put(ada, spec, "😀" * 2_000_000, 1)
    assert len(saved["content"]) == 2_000_000
    answer = await refused(ada, spec, {"content": "x" * 2_000_001, "version": 2})
    assert (answer["status"], answer["code"]) == (413, "DOCUMENT_TOO_LARGE")


async def test_deleting_while_open_tells_everybody(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    socket = await bob.joined(spec)
    await ada.call("DELETE", f"api/specs/{spec}?permanently=true")
    assert await socket.expect("document_deleted") == {"specId": spec}
    assert await socket.closed() == 4404
    assert (await refused(ada, spec, {"content": "x", "version": 1}))["code"] == "SPEC_NOT_FOUND"
    # A spec created again with the same id is another document.
    await ada.call("POST", "api/specs", {"title": "x", "content": "new", "specId": spec})
    again = await bob.joined(spec)
    assert (again.welcome["content"], again.welcome["version"]) == ("new", 1)
    assert again.welcome["epoch"] != socket.welcome["epoch"]
    await again.commits(insert(0, "x"))
