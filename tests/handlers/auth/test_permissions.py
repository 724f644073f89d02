"""The permissions as a table: each role, each call and each event, with the result or the error code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.handlers.logins import Login, Logins, insert
from tests.handlers.test_collaborators import share
from tests.handlers.threads import comment, new_id, suggestion

ROLES = ("none", "viewer", "commenter", "contributor", "admin", "owner")

# A number is the status of a success. ``-``: SPEC_NOT_FOUND, because I may not see the spec. ``x``: FORBIDDEN.
# ``*``: NOT_JOINED. ``dan`` is an owner of the spec, ``carol`` a viewer, ``me`` the caller; {s} is my session, {c}
# a comment of Dan's, and {u} a suggestion of his.
CALLS = """
                                                                   none viewer commenter contributor admin owner
GET    /                                                           -    200    200       200         200   200
PATCH  /                                 {"title": "new"}          -    x      x         200         200   200
DELETE /                                                           -    x      x         x           x     200
GET    /document                                                   -    200    200       200         200   200
PUT    /document                         {"content":"n","version":1} -    x      x         200         200   200
PUT    /document?onConflict=reject       {"content":"n","version":1} -    x      x         200         200   200
GET    /revisions                                                  -    200    200       200         200   200
GET    /revisions/1                                                -    200    200       200         200   200
GET    /revisions/1/diff                                           -    200    200       200         200   200
POST   /revisions                        {"label":"new"}           -    x      x         201         201   201
POST   /revisions/0/restore                                        -    x      x         x           200   200
DELETE /revisions/1/label                                          -    x      x         200         200   200
GET    /history                                                    -    200    200       200         200   200
GET    /operations?limit=1                                         -    200    200       200         200   200
GET    /attribution                                                -    200    200       200         200   200
GET    /changes?since=0                                            -    200    200       200         200   200
PUT    /read                             {"version":1}             -    200    200       200         200   200
GET    /threads                                                    -    200    200       200         200   200
GET    /threads?since=0                                            -    200    200       200         200   200
GET    /threads/{c}                                                -    200    200       200         200   200
POST   /threads                          {comment}                 -    x      201       201         201   201
POST   /threads                          {suggestion}              -    x      201       201         201   201
POST   /threads/{c}/messages     {"messageId":"{new}","body":"x"}  -    x      201       201         201   201
PATCH  /threads/{c}                      {"state":"resolved"}      -    x      200       200         200   200
PATCH  /threads/{u}                      {"state":"rejected"}      -    x      x         200         200   200
PATCH  /threads/{u}                      {"state":"accepted"}      -    x      x         200         200   200
PATCH  /messages/{c}                     {"body":"y"}              -    x      x         x           x     x
DELETE /messages/{c}                                               -    x      x         x           200   200
DELETE /threads/{c}                                                -    x      x         x           200   200
GET    /collaborators                                              -    200    200       200         200   200
PUT    /collaborators/user:new           {"role":"viewer"}         -    x      x         x           200   200
PUT    /collaborators/group:new          {"role":"admin"}          -    x      x         x           200   200
PUT    /collaborators/user:new           {"role":"owner"}          -    x      x         x           x     200
PUT    /collaborators/user:carol         {"role":"contributor"}    -    x      x         x           200   200
DELETE /collaborators/user:carol                                   -    x      x         x           200   200
PUT    /collaborators/user:dan           {"role":"viewer"}         -    x      x         x           x     200
DELETE /collaborators/user:dan                                     -    x      x         x           x     200
PUT    /collaborators/user:me            {"role":"owner"}          -    x      x         x           x     200
DELETE /collaborators/user:me                                      -    200    200       200         200   200
POST   /token                                                      -    200    200       200         200   200
POST   /session                          {"specId":"{spec}"}       -    200    200       200         200   200
GET    /session/{s}/events                                         *    200    200       200         200   200
POST   /session/{s}/events               []                        *    200    200       200         200   200
DELETE /session/{s}                                                *    200    200       200         200   200
"""

# The answer to each event, the same by WebSocket and by polling.
EVENTS = """
                                                                        commenter, less  contributor and up
operation       {"operationId":"{new}","version":1,"operations":[]}     FORBIDDEN        operation_ack
cursor_update   {"cursor":{"line":0,"column":0}}                        nothing          nothing
cursor_update   {"cursor":null,"version":9}                             VERSION_CONFLICT VERSION_CONFLICT
request_sync    {"lastKnownVersion":0}                                  sync             sync
join_session    {"specId":"{spec}"}                                     session_joined   session_joined
authenticate    {"token":"x"}                                           UNAUTHENTICATED  UNAUTHENTICATED
leave_session   {"specId":"{spec}"}                                     nothing          nothing
ping            {}                                                      pong             pong
"""

SELF_ANSWERED = {"operation", "ping"}
"""Events that are always answered. After any other event a ``ping`` shows that no answer came."""


def rows(table: str) -> list[list[str]]:
    return [line.split(maxsplit=2) for line in table.strip().splitlines()[1:]]


def cells(rest: str, count: int) -> tuple[str, list[str]]:
    """The text before the last ``count`` words, and these words."""
    words = rest.rsplit(maxsplit=count)
    body = words[0] if len(words) > count else ""
    return body, words[-count:]


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none", "writes_per_minute": 10_000, "operations_per_minute": 10_000}


@pytest.fixture
def me(logins: Logins) -> Login:
    return logins.of("me", "Me")


def filled(text: str, names: dict[str, str]) -> str:
    """The text with what its placeholders stand for."""
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


async def a_spec(dan: Login, me: Login, role: str) -> tuple[str, dict[str, str]]:
    """A spec of Dan's, in which Carol is a viewer and I have ``role``; and what placeholders stand for."""
    spec_id = await dan.new_spec("text")
    await share(dan, spec_id, "user:carol", "viewer")
    made = comment(0, 4, 1), suggestion(0, 4, 1, "words")
    for each in made:
        await dan.call("POST", f"api/specs/{spec_id}/threads", each)
    names = {
        "spec": spec_id,
        "new": new_id(),
        "c": made[0]["threadId"],
        "u": made[1]["threadId"],
        "comment": json.dumps(comment(0, 4, 1)),
        "suggestion": json.dumps(suggestion(0, 4, 1, "words")),
        "s": new_id(),
    }
    if role != "none":
        await share(dan, spec_id, "user:me", role)
        joined = await me.call("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
        names["s"] = joined["sessionId"]
    return spec_id, names


@pytest.mark.parametrize("role", ROLES)
async def test_calls(logins: Logins, me: Login, role: str) -> None:
    dan = logins.of("dan", "Dan")
    for method, path, rest in rows(CALLS):
        body, expected = cells(rest, len(ROLES))
        spec_id, names = await a_spec(dan, me, role)
        before = await dan.call("GET", f"api/specs/{spec_id}/document")
        asked = filled(body, names) or (None if method in ("GET", "DELETE") else "{}")
        answer = await me.fetch(method, f"api/specs/{spec_id}{filled(path, names)}".rstrip("/"), asked)
        envelope = json.loads(answer.body)
        told = (answer.code, envelope.get("code"))
        shown = (role, method, path, told)
        match expected[ROLES.index(role)]:
            case "-":
                assert told == (404, "SPEC_NOT_FOUND"), shown
            case "*":  # a session of another user: the server does not say of which spec
                assert told == (409, "NOT_JOINED"), shown
            case "x":
                assert told == (403, "FORBIDDEN"), shown
            case status:
                assert told == (int(status), None), shown
        if not envelope["success"]:
            after = await dan.call("GET", f"api/specs/{spec_id}/document")
            assert after["contentHash"] == before["contentHash"], shown


@pytest.mark.parametrize("role", ROLES[1:])
@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_events(logins: Logins, me: Login, role: str, transport: str) -> None:
    dan = logins.of("dan", "Dan")
    for event, rest in (line.split(maxsplit=1) for line in EVENTS.strip().splitlines()[1:]):
        body, expected = cells(rest, 2)
        spec_id, names = await a_spec(dan, me, role)
        data = json.loads(filled(body, names))
        answer = await (by_socket if transport == "websocket" else by_polling)(
            me, spec_id, names["s"], event, data
        )
        assert answer == expected[role not in ("viewer", "commenter")], (role, event, data)


async def by_socket(me: Login, spec_id: str, _: str, event: str, data: dict[str, Any]) -> str:
    """The name or the code of the answer to an event."""
    socket = await me.joined(spec_id)
    await socket.send(event, **data)
    if event not in SELF_ANSWERED:
        await socket.send("ping")
    answer = await socket.event()
    assert answer is not None
    socket.close()
    return named(answer, event)


async def by_polling(me: Login, spec_id: str, session_id: str, event: str, data: dict[str, Any]) -> str:
    events = f"api/specs/{spec_id}/session/{session_id}/events"
    frames = [{"event": event, "data": data}, *([] if event in SELF_ANSWERED else [{"event": "ping"}])]
    assert (await me.call("POST", events, frames)) == {}
    polled = await me.call("GET", events, after=0, wait=5)
    return named(polled["events"][0], event)


def named(answer: dict[str, Any], event: str) -> str:
    """The name of the answer, its code if it is a refusal, or ``nothing`` if only the ping was answered."""
    if answer["event"] == "pong" and event != "ping":
        return "nothing"
    return str(answer["data"].get("code") or answer["event"])


async def test_what_comes_before_joining_changes_nothing_for_anybody(logins: Logins, me: Login) -> None:
    dan = logins.of("dan", "Dan")
    for role in ROLES[1:]:
        spec_id, _ = await a_spec(dan, me, role)
        socket = await me.socket(spec_id)
        await socket.expect("connect")
        socket.version = 1
        await socket.edit(insert(0, "x"))
        assert (await socket.expect("operation_ack"))["code"] == "NOT_JOINED"
        for event, data in [
            ("cursor_update", {"cursor": None}),
            ("request_sync", {"lastKnownVersion": 0}),
            ("leave_session", {}),
        ]:
            await socket.send(event, **data)
            assert (await socket.expect("error"))["code"] == "NOT_JOINED", event
        socket.close()
