"""Whoever may only look writes no comment, and whoever may only comment edits nothing.

By REST, WebSocket and polling; ``tests/client/test_roles.py`` is about the Python client.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.auth.test_tokens import SECRET, signed
from tests.handlers.commented_spec import COMMENT, OFFER, UNKNOWN, VALID, Call, People, state
from tests.handlers.logins import Login, Logins, insert
from tests.handlers.threads import QUICK, Spec, new_id

VIEWERS = ["vic", "ada as viewer", "bob as viewer", "cyd as viewer of this spec"]
"""A viewer, and tokens that narrow what their users may do."""

COMMENTERS = ["bob", "ada as commenter", "cyd as commenter of this spec"]

EVENTS = [
    *(
        "thread",
        "threads",
        "open_thread",
        "create_thread",
        "new_thread",
        "thread_opened",
        "comment",
        "suggest",
    ),
    *(
        "message",
        "reply",
        "add_message",
        "edit_message",
        "delete_message",
        "resolve",
        "reopen",
        "reject",
        "accept",
    ),
    *("accept_suggestion", "set_state", "delete_thread", "threads_changed", "remote_operation"),
]
"""Events by which somebody might hope to write a thread. The protocol has none."""

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50

EDITS: list[Call] = [
    ("PUT", "document", {"content": "x", "version": 3}),
    ("PUT", "document", {"content": "x", "version": 3, "label": "x", "operationId": UNKNOWN}),
    ("PATCH", "", {"title": "x"}),
    ("PATCH", "", {"description": "x", "status": "x"}),
    ("POST", "revisions", {"label": "x"}),
    ("DELETE", "revisions/1/label", None),
    ("POST", "revisions/1/restore", None),
    ("PUT", "collaborators/user:eve", {"role": "viewer"}),
    ("PUT", "collaborators/user:bob", {"role": "contributor"}),
    ("DELETE", "", None),
    state(OFFER, "accepted"),
]
"""Calls that change the text, or what else belongs to a spec."""


Frame = tuple[str, dict[str, Any]]
"""The name of an event, and its data."""


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none", "token_secret": SECRET, "writes_per_minute": 10_000}


def reader(people: People, name: str) -> Login:
    """One of `VIEWERS` or `COMMENTERS`."""
    who, _, rest = name.partition(" as ")
    if not rest:
        return people.logins[who]
    role, _, of_this = rest.partition(" ")
    narrowed = {"spec": people.spec_id} if of_this else {}
    token = signed(who, name=who.title(), role=role, **narrowed)
    return Login(people.logins[who].address, {"Authorization": f"Bearer {token}"})


async def by_socket(login: Login, spec_id: str, *frames: Frame) -> list[dict[str, Any]]:
    """The answers to these events, one to each."""
    socket = await login.joined(spec_id, features=["threads", "drafts"])
    for event, data in frames:
        await socket.send(event, **data)
    answers = [await socket.event() for _ in frames]
    await socket.nothing_more()
    await socket.send("leave_session", specId=spec_id)
    socket.close()
    return [answer for answer in answers if answer is not None]


async def by_polling(login: Login, spec_id: str, *frames: Frame) -> list[dict[str, Any]]:
    """The answers to these events, one to each."""
    path = f"api/specs/{spec_id}/session"
    joined = await login.call("POST", path, {"specId": spec_id, "features": ["threads", "drafts"]})
    session = f"{path}/{joined['sessionId']}"
    await login.call("POST", f"{session}/events", [{"event": event, "data": data} for event, data in frames])
    answers: list[dict[str, Any]] = []
    while len(answers) < len(frames):
        polled = await login.call("GET", f"{session}/events", after=len(answers), wait=5)
        answers += polled["events"]
    await login.call("DELETE", session)
    return answers


every_transport = pytest.mark.parametrize("say", [by_socket, by_polling], ids=["websocket", "polling"])


def thread_of(people: People) -> dict[str, Any]:
    """Whatever a call on threads takes, in one."""
    place = {"start": QUICK[0], "end": QUICK[1], "version": 1}
    new = {"threadId": new_id(), "messageId": new_id(), "kind": "comment", "body": "x", "replacement": "y"}
    return {**place, **new, "state": "resolved", "specId": people.spec_id}


def operation(**more: Any) -> dict[str, Any]:
    return {"operationId": new_id(), "version": 3, "operations": [insert(0, "x")], **more}


FORGED = {"threadId": OFFER, "authorId": UNKNOWN, "authorName": "Mallory", "userId": UNKNOWN, "role": "owner"}
"""What only the server may say of an operation."""


@pytest.mark.parametrize("name", VIEWERS)
async def test_a_viewer_writes_nothing_by_rest(logins: Logins, name: str) -> None:
    people = await People(logins).fill()
    before = await people.stands()
    login = reader(people, name)
    for call in [*VALID, *EDITS]:
        assert await people.refusal(login, call) == (403, "FORBIDDEN"), call
    assert await people.stands() == before
    assert (await Spec(login, people.spec_id).list(state="all"))["threads"] == before["threads"]


@every_transport
@pytest.mark.parametrize("name", [*VIEWERS[:2], *COMMENTERS[:2], "cyd", "ada"])
async def test_no_event_writes_a_thread(logins: Logins, name: str, say: Any) -> None:
    """Of nobody: threads are written by REST, where each call is checked."""
    people = await People(logins).fill()
    before = await people.stands()
    login = reader(people, name)
    data = {**thread_of(people), "threadId": COMMENT}
    answers = await say(login, people.spec_id, *((event, data) for event in EVENTS))
    codes = [(each["event"], each["data"].get("code")) for each in answers]
    assert codes == [("error", "INVALID_MESSAGE")] * len(EVENTS)
    assert await people.stands() == before


@every_transport
@pytest.mark.parametrize("name", [*VIEWERS, *COMMENTERS])
async def test_whoever_may_not_edit_is_refused_each_operation(logins: Logins, name: str, say: Any) -> None:
    """Also one that says that it accepts a suggestion, or is somebody else's."""
    people = await People(logins).fill()
    before = await people.stands()
    login = reader(people, name)
    sent = [operation(), operation(**FORGED), {**operation(), "operations": []}, operation(version=1)]
    answers = await say(login, people.spec_id, *(("operation", data) for data in sent))
    for data, answer in zip(sent, answers, strict=True):
        assert answer["event"] == "operation_ack"
        refusal = {name: answer["data"][name] for name in ("operationId", "success", "code")}
        assert refusal == {"operationId": data["operationId"], "success": False, "code": "FORBIDDEN"}
    assert await people.stands() == before


@pytest.mark.parametrize("name", COMMENTERS)
async def test_a_commenter_edits_nothing_by_rest(logins: Logins, name: str) -> None:
    people = await People(logins).fill()
    before = await people.stands()
    entry = await people.do("ada", ("GET", "", None))
    login = reader(people, name)
    for call in EDITS:
        assert await people.refusal(login, call) == (403, "FORBIDDEN"), call
    path = f"api/specs/{people.spec_id}/attachments"
    picture = await login.fetch("POST", path, PNG, {"Content-Type": "image/png"})
    assert picture.code == 403
    assert await people.stands() == before
    assert await people.do("ada", ("GET", "", None)) == entry


@every_transport
async def test_nobody_passes_an_edit_off_as_somebody_elses(logins: Logins, say: Any) -> None:
    """What an operation says of its author and of a suggestion is not read."""
    people = await People(logins).fill()
    ada = await people.logins["ada"].joined(people.spec_id, features=["threads"])
    (answer,) = await say(people.logins["cyd"], people.spec_id, ("operation", operation(**FORGED)))
    assert answer["data"]["success"] is True
    heard = await ada.until("remote_operation")
    assert heard["userName"] == "Cyd"
    assert not {"authorId", "authorName", "threadId"} & heard.keys()
    offer = await people.spec("ada").one(OFFER)
    assert offer["state"] == "open"
    written = await people.do("ada", ("GET", "attribution", None))
    assert {each["userName"] for each in written["people"]} == {"Ada", "Bob", "Cyd"}
    ada.close()
