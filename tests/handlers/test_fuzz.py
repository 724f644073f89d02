"""Thousands of frames and requests as no client should send them: the server stays whole, and so does the text."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from tests.handlers.logins import Login, Socket, applied

CODES = {
    "UNAUTHENTICATED", "TOKEN_EXPIRED", "FORBIDDEN", "SPEC_NOT_FOUND", "REVISION_NOT_FOUND", "NOT_FOUND",
    "VERSION_CONFLICT", "OPERATION_ID_REUSED", "NOT_JOINED", "LAST_OWNER", "INVALID_MESSAGE", "INVALID_OPERATION",
    "INVALID_CONTENT", "OPERATION_TOO_LARGE", "DOCUMENT_TOO_LARGE", "RATE_LIMITED", "TOO_MANY_SESSIONS",
    "SPEC_FULL",
}  # fmt: skip
EVENTS = {
    "connect", "session_joined", "user_joined", "user_left", "operation_ack", "remote_operation", "remote_cursor",
    "cursor_broadcast", "version_conflict", "sync", "authenticated", "pong", "error",
}  # fmt: skip
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SPEC = "the spec's own id"
"""Stands in a generated value for what only the running test knows."""

many = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

words = st.sampled_from(
    ["", "x", "😀", "\n", "é\n", "# Head\n", "\r", "\0", "a" * 300, "ﷺ", "\u2028", "\\", '"']
)
numbers = st.integers(-2, 40) | st.sampled_from(
    [2**31, 2**53, 2**63, 2**64, 10**40, -(2**63), 1.5, 1e300, True]
)
scalars = st.none() | st.booleans() | numbers | words | st.text(max_size=5) | st.just(SPEC)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)

positions = st.integers(0, 12)
component = st.fixed_dictionaries(
    {"type": st.sampled_from(["insert", "delete", "retain"]), "content": words, "length": st.integers(0, 4)},
    optional={"position": positions},
)
ids = st.uuids(version=4).map(str)
cursors = st.none() | st.fixed_dictionaries({"line": positions, "column": positions})
valid = st.one_of(
    st.fixed_dictionaries(
        {
            "event": st.just("operation"),
            "data": st.fixed_dictionaries(
                {
                    "operationId": ids,
                    "version": st.integers(0, 60),
                    "operations": st.lists(component, max_size=4),
                },
                optional={"cursor": cursors},
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "event": st.just("cursor_update"),
            "data": st.fixed_dictionaries({"cursor": cursors}, optional={"version": st.integers(0, 60)}),
        }
    ),
    st.fixed_dictionaries(
        {
            "event": st.just("request_sync"),
            "data": st.fixed_dictionaries(
                {"lastKnownVersion": st.integers(0, 60)}, optional={"content": st.booleans()}
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "event": st.just("join_session"),
            "data": st.fixed_dictionaries(
                {"specId": st.just(SPEC)},
                optional={
                    "batch": st.booleans(),
                    "lastKnownVersion": st.integers(0, 60),
                    "sessionId": ids,
                    "epoch": ids,
                    "cursorEvent": st.sampled_from(["remote_cursor", "cursor_broadcast"]),
                },
            ),
        }
    ),
    st.fixed_dictionaries(
        {"event": st.just("leave_session"), "data": st.fixed_dictionaries({"specId": st.just(SPEC)})}
    ),
    st.fixed_dictionaries(
        {"event": st.just("authenticate"), "data": st.fixed_dictionaries({"token": words})}
    ),
)


@st.composite
def bent(draw: st.DrawFn, whole: st.SearchStrategy[Any]) -> Any:
    """A good value with one of its parts, however deep, missing, changed or doubled."""
    value = draw(whole)
    part = value
    while True:
        keys = (
            list(part) if isinstance(part, dict) else list(range(len(part))) if isinstance(part, list) else []
        )
        if not keys:
            return value
        key = draw(st.sampled_from(keys))
        if isinstance(part[key], dict | list) and part[key] and draw(st.booleans()):
            part = part[key]
            continue
        match draw(st.sampled_from(["drop", "change", "add"])):
            case "drop":
                del part[key]
            case "change":
                part[key] = draw(anything)
            case "add" if isinstance(part, dict):
                part[draw(words)] = draw(anything)
            case "add":
                part.append(draw(anything))
        return value


@st.composite
def torn(draw: st.DrawFn, whole: st.SearchStrategy[Any]) -> str:
    """A good frame, as text, with a piece cut out or put in."""
    text = json.dumps(draw(whole))
    start = draw(st.integers(0, len(text)))
    piece = draw(
        st.sampled_from(
            ["", '"', "{", "[" * 2_000, "]", ",", "\\", "\\ud800", "9" * 5_000, "NaN", "1e999", "\x00"]
        )
    )
    return text[:start] + piece + text[start + draw(st.integers(0, 3)) :]


frames = st.one_of(
    valid.map(json.dumps),
    bent(valid).map(json.dumps),
    bent(bent(valid)).map(json.dumps),
    torn(valid),
    anything.map(json.dumps),
    st.text(max_size=20),
)


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"operations_per_minute": 1_000_000, "writes_per_minute": 1_000_000, "document_length": 5_000}


class Watcher:
    """Follows the document as a client does, by nothing but the stream."""

    def __init__(self, login: Login, socket: Socket) -> None:
        self.login = login
        self.socket = socket
        self.text = str(socket.welcome["content"])
        self.version = int(socket.welcome["version"])

    @classmethod
    async def of(cls, login: Login, spec_id: str) -> Watcher:
        return cls(login, await login.joined(spec_id))

    async def agrees(self) -> None:
        """The document that the server has is the one that its broadcasts made."""
        document = await self.login.call("GET", f"api/specs/{self.socket.spec_id}/document")
        while self.version < document["version"]:
            event = await self.socket.event()
            assert event is not None
            assert event["event"] in EVENTS
            if event["event"] == "remote_operation":
                assert event["data"]["version"] == self.version + 1
                self.text = applied(self.text, event["data"]["operations"])
                self.version += 1
        assert hashlib.sha256(self.text.encode()).hexdigest() == document["contentHash"]


def filled(text: str, spec_id: str) -> str:
    return text.replace(SPEC, spec_id)


def usable_id(text: str) -> str | None:
    """The operationId of a frame that is an operation and has one."""
    try:
        frame = json.loads(text, parse_constant=lambda name: 1 / 0, parse_int=lambda digits: 0)
        operation_id = frame["data"]["operationId"] if frame["event"] == "operation" else None
    except (ValueError, KeyError, TypeError, RecursionError, ZeroDivisionError):
        return None
    return operation_id if isinstance(operation_id, str) and UUID.fullmatch(operation_id) else None


async def answers(socket: Socket, count: int) -> AsyncIterator[str]:
    """The ids of ``count`` answers to operations, and of whatever else comes up to the ``pong`` after them."""
    seen = 0
    name = ""
    while name != "pong":
        if seen == count:
            await socket.send("ping")
            count = -1
        event = await socket.event()
        assert event is not None, socket.connection.close_code
        name, data = event["event"], event["data"]
        assert name in EVENTS, event
        if name == "error" or data.get("success") is False:
            assert data["code"] in CODES, event
            assert "Traceback" not in data["message"]
            assert 'File "' not in data["message"]
        if name in ("operation_ack", "version_conflict"):
            seen += 1
            yield data["operationId"]


async def exchange(socket: Socket, texts: list[str]) -> None:
    """Send, read all answers, and see that each is one of the protocol's."""
    expected = [operation_id for text in texts if (operation_id := usable_id(text)) is not None]
    for text in texts:
        await socket.raw(text)
    await socket.send("join_session", specId=socket.spec_id)
    answered = [answer async for answer in answers(socket, len(expected))]
    assert sorted(answered) == sorted(expected), texts


def test_frames_however_malformed_harm_nobody(
    ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    watcher, socket = run(Watcher.of(bob, spec_id)), run(ada.joined(spec_id))

    @settings(many, max_examples=70)
    @hypothesis_given(st.lists(frames, min_size=20, max_size=50))
    def storm(texts: list[str]) -> None:
        run(exchange(socket, [filled(text, spec_id) for text in texts]))
        run(watcher.agrees())

    storm()
    run(works(ada, bob, spec_id))


async def works(ada: Login, bob: Login, spec_id: str) -> None:
    """After all that two people write together as ever."""
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits({"type": "insert", "position": 0, "content": "still here "})
    told = await two.until("remote_operation")
    assert told["operations"][0]["content"] == "still here "


# REST ---------------------------------------------------------------------------------------------------

spec_parts = (
    st.sampled_from([SPEC, SPEC, SPEC, "x", "..", "%00", "%ff", "%F0%9F%98%80", "%2e%2e", " ", "a%2Fb"]) | ids
)
versions = st.integers(0, 30).map(str) | st.sampled_from(["-1", "x", "1.5", "9" * 40, "%C3%A4", "²", ""])
principals = (
    st.sampled_from(["user:new", "group:new", "user:", "group:%2F", "new", "user:%00", "%F0%9F%98%80"]) | ids
)
paths = st.one_of(
    st.just("api/specs"),
    spec_parts.map(lambda spec: f"api/specs/{spec}"),
    st.builds(
        "api/specs/{}/{}".format,
        spec_parts,
        st.sampled_from(["document", "revisions", "collaborators", "nothing", "", "session", "token"]),
    ),
    st.builds("api/specs/{}/collaborators/{}".format, spec_parts, principals),
    st.builds(
        "api/specs/{}/session/{}{}".format, spec_parts, ids | versions, st.sampled_from(["", "/events"])
    ),
    st.builds(
        "api/specs/{}/revisions/{}{}".format,
        spec_parts,
        versions,
        st.sampled_from(["", "/diff", "/restore", "/x"]),
    ),
)
bodies = st.one_of(
    bent(
        st.fixed_dictionaries(
            {"content": words, "version": st.integers(0, 30), "title": words, "label": words},
            optional={
                "operationId": ids,
                "specId": ids,
                "status": words,
                "type": words,
                "description": words,
                "role": st.sampled_from(["viewer", "contributor", "admin", "owner", "none", ""]),
            },
        )
    ).map(json.dumps),
    torn(st.fixed_dictionaries({"content": words, "version": st.integers(0, 30), "title": words})),
    anything.map(json.dumps),
    st.binary(max_size=20),
    st.none(),
)
queries = st.dictionaries(
    st.sampled_from(["before", "limit", "content", "against", "onConflict", "cursor", "q", "wait", "after"]),
    versions | words | st.sampled_from(["true", "false", "merge", "reject"]),
    max_size=2,
)
requests = st.tuples(
    st.sampled_from(["GET", "PUT", "POST", "PATCH", "OPTIONS", "HEAD"]), paths, bodies, queries
)


async def ask(login: Login, spec_id: str, method: str, path: str, body: Any, query: dict[str, str]) -> None:
    if isinstance(body, str):
        body = filled(body, spec_id)
    if method in ("GET", "HEAD", "OPTIONS"):
        body = None
    elif body is None:
        body = ""
    response = await login.fetch(method, filled(path, spec_id), body, **query)
    shown = (method, path, body, query, response.code, response.body)
    assert response.code < 500, shown
    assert b"Traceback" not in response.body, shown
    if method in ("HEAD", "OPTIONS") or " " in path:  # with a blank it is no HTTP, and comes to no handler
        return
    envelope = json.loads(response.body)
    if response.code < 300:
        assert envelope["success"] is True, shown
    else:
        assert envelope["success"] is False, shown
        assert envelope["code"] in CODES, shown
        assert envelope["error"], shown
        assert envelope["details"]["requestId"], shown


def test_requests_however_malformed_harm_nobody(
    ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    watcher = run(Watcher.of(bob, spec_id))

    async def all_of(asked: list[Any]) -> None:
        await asyncio.gather(*(ask(ada, spec_id, *one) for one in asked))

    @settings(many, max_examples=40)
    @hypothesis_given(st.lists(requests, min_size=10, max_size=20))
    def storm(asked: list[Any]) -> None:
        run(all_of(asked))
        run(watcher.agrees())

    storm()
    run(works(ada, bob, spec_id))


# polling ------------------------------------------------------------------------------------------------

batches = st.one_of(
    st.lists(valid | bent(valid) | anything, max_size=12).map(json.dumps),
    torn(st.lists(valid, max_size=3)),
    anything.map(json.dumps),
    st.binary(max_size=20),
)


async def poll(login: Login, spec_id: str, bodies: list[str | bytes]) -> None:
    """A session by polling: every body is taken or refused, and every event is one of the protocol's."""
    session = f"api/specs/{spec_id}/session"
    joined = await login.call("POST", session, {"specId": spec_id})
    events = f"{session}/{joined['sessionId']}/events"
    seq = 0
    for body in bodies:
        await ask(login, spec_id, "POST", events, body, {})
        response = await login.fetch("GET", events, after=seq)
        if response.code != 200:  # the batch took the session's own spec away from it: it left
            assert json.loads(response.body)["code"] in CODES
            return
        polled = json.loads(response.body)["data"]
        seq = polled["seq"]
        for event in polled["events"]:
            assert event["event"] in EVENTS, event
            assert event["data"].get("code", "FORBIDDEN") in CODES, event
    await login.fetch("DELETE", f"{session}/{joined['sessionId']}")


def test_polls_however_malformed_harm_nobody(
    ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    watcher = run(Watcher.of(bob, spec_id))

    @settings(many, max_examples=30)
    @hypothesis_given(st.lists(batches, min_size=3, max_size=8))
    def storm(bodies: list[str | bytes]) -> None:
        run(poll(ada, spec_id, bodies))
        run(watcher.agrees())

    storm()
    run(works(ada, bob, spec_id))


# credentials --------------------------------------------------------------------------------------------

GOOD = jwt.encode(
    {"sub": "ada", "iss": "jupyter", "aud": "speccollab", "exp": 4_000_000_000}, "x" * 32, "HS256"
)


def jwt_part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


claims = st.fixed_dictionaries(
    {"sub": words, "iss": st.just("jupyter"), "aud": st.just("speccollab"), "exp": numbers},
    optional=dict.fromkeys(("iat", "nbf", "jti", "spec", "role", "groups", "name"), anything),
)
headers = st.fixed_dictionaries(
    {"alg": st.sampled_from(["HS256", "none", "RS256", "ES256", "EdDSA", "HS512", "", None, 7])},
    optional=dict.fromkeys(("typ", "kid", "jwk", "jku", "crit", "b64"), anything),
)
tokens = st.one_of(
    st.tuples(headers, claims).map(lambda parts: f"{jwt_part(parts[0])}.{jwt_part(parts[1])}.AAAA"),
    bent(claims).map(lambda value: f"{GOOD.split('.')[0]}.{jwt_part(value)}.{GOOD.split('.')[2]}"),
    st.tuples(st.integers(0, len(GOOD)), st.integers(0, 9)).map(
        lambda cut: GOOD[: cut[0]] + GOOD[sum(cut) :]
    ),
    st.text("abcXYZ019._-=~ +/", max_size=40),
)


def test_credentials_however_malformed_let_nobody_in(
    ada: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    path = f"api/specs/{spec_id}"

    async def knock(token: str, scheme: str) -> None:
        header = {"Authorization": f"{scheme} {token}".strip()}
        bare = Login(ada.address, {})
        answers = [await bare.fetch("GET", path, headers=header), await bare.fetch("GET", path, token=token)]
        if token.strip() and scheme.lower() in ("bearer", "token"):
            answers.append(await ada.fetch("GET", path, headers=header))
        for answer in answers:
            assert answer.code == 401, (token, scheme, answer.code, answer.body)
        socket = await bare.socket(spec_id, header)
        assert (await socket.expect("error"))["code"] in ("UNAUTHENTICATED", "TOKEN_EXPIRED")
        assert await socket.closed() == 4401

    @settings(many, max_examples=150)
    @hypothesis_given(tokens, st.sampled_from(["Bearer", "bearer", "token", "TOKEN", "Basic", ""]))
    def storm(token: str, scheme: str) -> None:
        run(knock(token, scheme))

    storm()
