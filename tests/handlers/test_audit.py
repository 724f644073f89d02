"""The audit trail and the log: both say who did what, and neither contains document text."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.document.user import user_id_of
from tests.handlers.logins import Login, Logins, insert
from tests.handlers.threads import Spec, comment, new_id, suggestion
from tests.serving import JupyterServer

TEXT = "Wovon man nicht sprechen kann"
ADA, BOB = user_id_of("jupyter", "ada"), user_id_of("jupyter", "bob")

Trail = Callable[[], list[tuple[str, dict[str, Any]]]]


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def trail(jp_serverapp: ServerApp, written: io.StringIO) -> Trail:
    """Returns the events since the last call, as names and data."""
    jp_serverapp.event_logger.register_handler(logging.StreamHandler(written))

    def read() -> list[tuple[str, dict[str, Any]]]:
        lines = [json.loads(line) for line in written.getvalue().splitlines()]
        written.truncate(0)
        written.seek(0)
        return [
            (
                line["__schema__"].split("/")[-2],
                {name: value for name, value in line.items() if not name.startswith("__")},
            )
            for line in lines
        ]

    return read


async def test_it_says_who_made_shared_changed_restored_and_deleted(
    ada: Login, bob: Login, trail: Trail
) -> None:
    spec_id = await ada.new_spec(TEXT, title=TEXT)
    by_ada = {"userId": ADA, "login": "ada", "specId": spec_id}
    assert trail() == [("spec-created", by_ada)]
    place = f"api/specs/{spec_id}/collaborators/user:bob"
    for role in ("viewer", "viewer", "admin"):
        await ada.call("PUT", place, {"role": role})
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:team", {"role": "viewer"})
    await bob.call("DELETE", place)
    assert trail() == [
        ("spec-shared", {**by_ada, "principal": BOB, "role": "viewer"}),
        ("role-changed", {**by_ada, "principal": BOB, "before": "viewer", "role": "admin"}),
        ("spec-shared", {**by_ada, "principal": "group:team", "role": "viewer"}),
        (
            "role-changed",
            {
                "userId": BOB,
                "login": "bob",
                "specId": spec_id,
                "principal": BOB,
                "before": "admin",
                "role": None,
            },
        ),
    ]
    await ada.call("PUT", f"api/specs/{spec_id}/document", {"content": "x", "version": 1, "label": TEXT})
    await ada.call("POST", f"api/specs/{spec_id}/revisions/1/restore")
    await ada.call("DELETE", f"api/specs/{spec_id}")
    await ada.call("POST", f"api/specs/{spec_id}/undelete")
    await ada.call("DELETE", f"api/specs/{spec_id}", permanently="true")
    assert trail() == [
        ("spec-restored", {**by_ada, "version": 3, "restored": 1}),
        ("spec-deleted", {**by_ada, "permanently": False}),
        ("spec-undeleted", by_ada),
        ("spec-deleted", {**by_ada, "permanently": True}),
    ]


async def test_it_says_who_came_and_went_and_got_a_token(ada: Login, trail: Trail) -> None:
    spec_id = await ada.new_spec(TEXT)
    trail()
    by_ada = {"userId": ADA, "login": "ada", "specId": spec_id}
    socket = await ada.joined(spec_id)
    session_id = socket.welcome["sessionId"]
    await socket.send("leave_session", specId=spec_id)
    await socket.nothing_more()
    made = await ada.call("POST", f"api/specs/{spec_id}/token")
    joined, left, minted = trail()
    assert joined == ("session-joined", {**by_ada, "sessionId": session_id, "role": "owner"})
    assert left == ("session-left", {**by_ada, "sessionId": session_id})
    assert minted[0] == "token-minted"
    assert (minted[1]["expiresAt"], minted[1]["role"]) == (made["expiresAt"], "owner")
    assert made["token"] not in json.dumps([joined, left, minted])


async def test_it_says_who_was_refused(ada: Login, bob: Login, logins: Logins, trail: Trail) -> None:
    spec_id = await ada.new_spec(TEXT)
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    socket = await bob.joined(spec_id)
    trail()
    by_bob = {"userId": BOB, "login": "bob", "specId": spec_id}
    put = await bob.fetch("PUT", f"api/specs/{spec_id}/document", {"content": "x", "version": 1})
    request_id = json.loads(put.body)["details"]["requestId"]
    operation_id = await socket.edit(insert(0, "x"))
    await socket.answer()
    eve = logins.of("eve", "Eve")
    await eve.fetch("GET", f"api/specs/{spec_id}")
    refused = await logins.stranger().socket(spec_id)
    await refused.closed()
    assert await bob.refused("GET", f"api/specs/{spec_id}/revisions/9") == (404, "REVISION_NOT_FOUND")
    *known, (name, unknown) = trail()
    assert known[0] == ("access-refused", {**by_bob, "code": "FORBIDDEN", "requestId": request_id})
    assert known[1] == ("access-refused", {**by_bob, "code": "FORBIDDEN", "operationId": operation_id})
    assert (known[2][1]["login"], known[2][1]["code"]) == ("eve", "SPEC_NOT_FOUND")
    assert name == "access-refused"
    assert (unknown["code"], unknown["specId"]) == ("UNAUTHENTICATED", spec_id)
    assert "login" not in unknown


async def test_no_log_line_holds_text_or_a_token(tmp_path: Path) -> None:
    """With log level DEBUG, through edits, refusals, bad tokens, failures of the server, and a restart."""
    needles = {
        "text": "Himbeerquark",
        "title": "Stachelbeere",
        "label": "Blaubeere",
        "name": "Brombeere",
    }
    options: dict[str, object] = {"ServerApp.log_level": 10}
    with JupyterServer(tmp_path, options=options) as server:
        ada = server.login("ada", needles["name"])
        spec_id = await ada.new_spec(needles["text"], title=needles["title"])
        socket = await ada.joined(spec_id)
        await socket.commits(insert(0, needles["text"]))
        await socket.edit(insert(999, needles["text"]))
        await socket.answer()
        await socket.raw('{"event": "operation", "data": {"content": "' + needles["text"])
        await socket.raw(json.dumps({"event": needles["text"], "data": {"token": needles["text"]}}))
        token = str((await ada.call("POST", f"api/specs/{spec_id}/token"))["token"])
        signature = token.split(".")[2]
        await socket.send("authenticate", token=token)
        await socket.until("authenticated")
        bare = Login(server.address, {})
        for brought in (token, token[:-8] + signature[:8]):
            await bare.fetch("GET", f"api/specs/{spec_id}", token=brought)
            await bare.fetch("GET", f"api/specs/{spec_id}", headers={"Authorization": f"Bearer {brought}"})
            refused = await bare.socket(spec_id, query=f"?token={brought}")
            await refused.event()
        put = {"content": needles["text"] + "\0", "version": 1, "label": needles["label"]}
        await ada.fetch("PUT", f"api/specs/{spec_id}/document", put)
        await ada.fetch("PUT", f"api/specs/{spec_id}/document", {**put, "content": needles["text"]})
        await ada.fetch("PUT", f"api/specs/{spec_id}/document", needles["text"])
        await ada.fetch("GET", f"api/specs/{spec_id}/revisions")
        server.restart()
        break_table(server.database)
        again = await ada.socket(spec_id)
        await again.event()
        await ada.fetch("PUT", f"api/specs/{spec_id}/document", {**put, "content": needles["text"] * 2})
        await asyncio.sleep(0.2)
    log = server.log.read_text()
    assert spec_id in log
    assert "PUT" in log
    assert "applied_at" in log  # the failure is logged, without the data
    for kind, needle in needles.items():
        assert needle not in log, kind
    for part in token.split("."):
        assert part not in log
    assert signature[:8] not in log


def break_table(path: Path) -> None:
    """Rename a column while the server runs, so that its statements fail and could log their parameters."""
    import sqlite3

    with sqlite3.connect(path) as driver:
        driver.execute("ALTER TABLE document_operations RENAME COLUMN applied_at TO applied_when")


async def test_it_says_what_became_of_comments_and_suggestions(ada: Login, bob: Login, trail: Trail) -> None:
    """And whom messages mention, by their ids, so that these can be notified; never a word of the text."""
    spec = Spec(ada, await ada.new_spec(TEXT))
    await spec.role("bob", "commenter")
    trail()
    by_ada = {"userId": ADA, "login": "ada", "specId": spec.spec_id}
    by_bob = {"userId": BOB, "login": "bob", "specId": spec.spec_id}
    first = comment(0, 5, 1, f"@ada @bob {TEXT}")
    here = {"threadId": first["threadId"]}
    await spec.by(bob).open(first)
    await spec.by(bob).open(first)
    await spec.by(bob).edit(first["threadId"], f"@ada @bob {TEXT}!")
    mentioned = {"messageId": first["threadId"], "mentions": [ADA]}
    assert trail() == [
        ("thread-opened", {**by_bob, **here, "kind": "comment"}),
        ("people-mentioned", {**by_bob, **here, **mentioned}),
    ]
    answer = new_id()
    await spec.state(first["threadId"], "resolved")
    await spec.state(first["threadId"], "resolved")
    await spec.reply(first["threadId"], "@bob", answer)
    assert trail() == [
        ("thread-closed", {**by_ada, **here}),
        ("thread-opened", {**by_ada, **here, "kind": "comment"}),
        ("people-mentioned", {**by_ada, **here, "messageId": answer, "mentions": [BOB]}),
    ]
    made = await spec.by(bob).open(suggestion(0, 5, 1, "Worüber"))
    there = {"threadId": made["threadId"]}
    await spec.state(made["threadId"], "rejected")
    await spec.state(made["threadId"], "open")
    await spec.state(made["threadId"], "accepted")
    await spec.state(made["threadId"], "accepted")
    await ada.call("DELETE", f"{spec.path}/threads/{first['threadId']}")
    assert trail() == [
        ("thread-opened", {**by_bob, **there, "kind": "suggestion"}),
        ("suggestion-rejected", {**by_ada, **there}),
        ("thread-opened", {**by_ada, **there, "kind": "suggestion"}),
        ("suggestion-accepted", {**by_ada, **there, "version": 2, "authorId": BOB}),
        ("thread-deleted", {**by_ada, **here}),
    ]
    place = f"api/specs/{spec.spec_id}/threads/{made['threadId']}"
    assert await bob.refused("PATCH", place, {"state": "accepted"}) == (403, "FORBIDDEN")
    ((name, data),) = trail()
    assert (name, data["code"], data["login"]) == ("access-refused", "FORBIDDEN", "bob")
