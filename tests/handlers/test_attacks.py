"""What somebody would try who means ill, each by itself: refused by the right code, and nothing changed.

Ada owns a spec. Bob may view it, Eve may not. `unharmed` looks after each attack whether all is as it was.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from jupyter_server.auth.identity import User as JupyterUser
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPClientError
from tornado.websocket import websocket_connect

from jupyter_speccollab.document.user import user_id_of
from jupyter_speccollab.handlers.auth.user import user_of
from tests.handlers.auth.test_tokens import SECRET, services_of, signed
from tests.handlers.logins import Login, Logins, applied, delete, insert
from tests.handlers.test_collaborators import roles, share

TEXT = "# Plan\n\nNobody but us.\n"


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {
        "default_role": "none",
        "token_secret": SECRET,
        "writes_per_minute": 10_000,
        "operations_per_minute": 10_000,
    }


@pytest.fixture
def eve(logins: Logins) -> Login:
    return logins.of("eve", "Eve")


@pytest.fixture
def plan(ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop) -> str:
    """Ada's spec, which Bob may view."""

    async def make() -> str:
        spec_id = await ada.new_spec(TEXT, title="Plan")
        await share(ada, spec_id, "user:bob", "viewer")
        return spec_id

    return jp_asyncio_loop.run_until_complete(make())


@asynccontextmanager
async def unharmed(ada: Login, plan: str) -> AsyncIterator[None]:
    """Text, version, title, roles and revisions are afterwards what they were before."""

    async def state() -> list[Any]:
        document = await ada.call("GET", f"api/specs/{plan}/document")
        entry = await ada.call("GET", f"api/specs/{plan}")
        return [
            document["content"],
            document["version"],
            entry["title"],
            await roles(ada, plan),
            [row["version"] for row in (await ada.call("GET", f"api/specs/{plan}/revisions"))["revisions"]],
            len((await ada.call("GET", "api/specs"))["specs"]),
        ]

    before = await state()
    yield
    assert await state() == before


# tokens -------------------------------------------------------------------------------------------------


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims)}.{signature}"


def bad_tokens(plan: str) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp())
    claims = {"sub": "ada", "iss": "jupyter", "aud": "speccollab", "iat": now, "exp": now + 300, "jti": "x"}
    good = signed()
    head, _, signature = good.split(".")
    other_user = unsigned({}, claims | {"sub": "root"}).split(".")[1]
    return {
        "signed by another secret": jwt.encode(claims, "another secret of thirty-two bytes", "HS256"),
        "alg none": unsigned({"alg": "none", "typ": "JWT"}, claims),
        "alg None, spelt to slip through": unsigned({"alg": "nOnE"}, claims, signature),
        "another user, with an old signature": f"{head}.{other_user}.{signature}",
        "a key of the attacker's in the header": unsigned(
            {"alg": "HS256", "jwk": {"kty": "oct", "k": "YQ"}}, claims
        ),
        "a key at an address": unsigned(
            {"alg": "RS256", "jku": "https://evil.example.org/jwks"}, claims, "AAAA"
        ),
        "a key id that is a path": unsigned({"alg": "HS256", "kid": "../../dev/null"}, claims, "AAAA"),
        "wrong audience": signed(aud="jupyter"),
        "wrong issuer": signed(iss="evil"),
        "never expires": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, SECRET, "HS256"),
        "not valid yet": signed(nbf=now + 60),
        "an unknown role": signed(role="superuser"),
        "a spec that is none": signed(spec=plan + "' OR '1'='1"),
    }


async def test_forged_and_foreign_tokens(ada: Login, plan: str) -> None:
    bare, cookie = Login(ada.address, {}), ada.headers
    async with unharmed(ada, plan):
        for name, token in bad_tokens(plan).items():
            for headers in (
                {"Authorization": f"Bearer {token}"},
                {**cookie, "Authorization": f"token {token}"},
            ):
                login = Login(ada.address, headers)
                assert await login.refused("GET", f"api/specs/{plan}") == (401, "UNAUTHENTICATED"), name
                assert await login.refused("DELETE", f"api/specs/{plan}") == (401, "UNAUTHENTICATED"), name
                join = await login.refused("POST", f"api/specs/{plan}/session", {"specId": plan})
                assert join == (401, "UNAUTHENTICATED"), name
                socket = await login.socket(plan)
                assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED", name
                assert await socket.closed() == 4401
            assert await bare.refused("GET", f"api/specs/{plan}", token=token) == (401, "UNAUTHENTICATED"), (
                name
            )
            socket = await bare.socket(plan, query=f"?token={token}")
            assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED", name
            assert await socket.closed() == 4401


async def test_an_expired_token_and_one_that_was_revoked_are_not_good_again(
    ada: Login, plan: str, jp_serverapp: ServerApp
) -> None:
    expired, revoked = signed(seconds=-1), signed(jti="stolen")
    thief = Login(ada.address, {"Authorization": f"Bearer {revoked}"})
    await thief.call("GET", f"api/specs/{plan}")
    await services_of(jp_serverapp).tokens.revoke(token_id="stolen")
    async with unharmed(ada, plan):
        for token, code in [(expired, "TOKEN_EXPIRED"), (revoked, "UNAUTHENTICATED")]:
            login = Login(ada.address, {"Authorization": f"Bearer {token}"})
            for _ in range(2):
                assert await login.refused("PUT", f"api/specs/{plan}/document", "{}") == (401, code)
            socket = await login.socket(plan)
            assert (await socket.expect("error"))["code"] == code
            own = await ada.joined(plan)
            await own.send("authenticate", token=token)
            assert (await own.expect("error"))["code"] == code
            await own.nothing_more()
            own.close()


async def test_a_token_for_one_spec_at_another(ada: Login, plan: str) -> None:
    other = await ada.new_spec("other")
    made = await ada.call("POST", f"api/specs/{other}/token")
    login = Login(ada.address, {"Authorization": f"Bearer {made['token']}"})
    async with unharmed(ada, plan):
        for method, path, body in [
            ("GET", "", None),
            ("DELETE", "", None),
            ("PUT", "/document", {"content": "x", "version": 1}),
            ("PUT", "/collaborators/user:eve", {"role": "owner"}),
            ("POST", "/token", {}),
            ("POST", "/session", {"specId": plan}),
        ]:
            assert await login.refused(method, f"api/specs/{plan}{path}", body) == (404, "SPEC_NOT_FOUND")
        socket = await login.socket(plan)
        assert await socket.closed() == 4404
        through = await login.joined(other)
        await through.send("join_session", specId=plan)
        assert (await through.expect("error"))["code"] == "INVALID_MESSAGE"


# cookies and other people's sessions --------------------------------------------------------------------


async def test_a_foreign_page_opens_no_socket_with_the_users_cookie(ada: Login, plan: str) -> None:
    for origin in (
        "https://evil.example.org",
        "null",
        "http://127.0.0.1:1",
        "http://127.0.0.1.evil.example.org",
    ):
        with pytest.raises(HTTPClientError) as refused:
            await ada.socket(plan, {"Origin": origin})
        assert refused.value.code == 403, origin


async def test_a_cookie_that_was_tampered_with(ada: Login, plan: str) -> None:
    name, _, rest = ada.headers["Cookie"].partition("=")
    async with unharmed(ada, plan):
        for cookie in (f"{name}=ada", f"{name}={rest[:40]}x{rest[41:]}", f"{name}="):
            login = Login(
                ada.address, {**ada.headers, "Cookie": f"{cookie}; _xsrf={ada.headers['X-XSRFToken']}"}
            )
            assert await login.refused("DELETE", f"api/specs/{plan}") == (401, "UNAUTHENTICATED")


async def test_another_persons_session(ada: Login, bob: Login, plan: str) -> None:
    """To know its id gives nothing: not by a WebSocket, not by polling."""
    own = await ada.joined(plan)
    polled = await ada.call("POST", f"api/specs/{plan}/session", {"specId": plan})
    stolen = (own.welcome["sessionId"], polled["sessionId"])
    async with unharmed(ada, plan):
        for session_id in stolen:
            taken = await bob.joined(plan, sessionId=session_id, lastKnownVersion=1)
            assert taken.welcome["sessionId"] not in stolen
            assert taken.me["userId"] == user_id_of("jupyter", "bob")
            taken.close()
            path = f"api/specs/{plan}/session/{session_id}"
            edit = {"operationId": str(uuid4()), "version": 1, "operations": [insert(0, "x")]}
            for method, where, body in [
                ("GET", "/events", None),
                ("POST", "/events", [{"event": "operation", "data": edit}]),
                ("DELETE", "", None),
            ]:
                assert await bob.refused(method, path + where, body) == (409, "NOT_JOINED")
        await own.nothing_more_but("user_joined", "user_left")
        await ada.call("GET", f"api/specs/{plan}/session/{polled['sessionId']}/events", after=0)


# pretending ---------------------------------------------------------------------------------------------


async def test_another_users_operation_id(ada: Login, bob: Login, plan: str) -> None:
    """To send what Ada sent is no way to be acknowledged for it, nor to make hers fail."""
    await share(ada, plan, "user:bob", "contributor")
    one, two = await ada.joined(plan), await bob.joined(plan)
    edit = insert(0, "mine ")
    ack = await one.commits(edit)
    await two.expect("remote_operation")
    async with unharmed(ada, plan):
        for components in ([edit], [insert(0, "yours ")], []):
            await two.edit(*components, operationId=ack["operationId"], version=1)
            refused = await two.answer()
            assert (refused["success"], refused["code"]) == (False, "OPERATION_ID_REUSED")
        save = {"content": "x", "version": 2, "operationId": ack["operationId"]}
        assert await bob.refused("PUT", f"api/specs/{plan}/document", save) == (409, "OPERATION_ID_REUSED")
    assert (await one.commits(edit, operationId=ack["operationId"], version=1))["version"] == ack["version"]


async def test_a_name_a_cursor_or_a_time_that_is_somebody_elses(ada: Login, bob: Login, plan: str) -> None:
    """Who somebody is says the login: what a frame says of it is not read."""
    await share(ada, plan, "user:bob", "contributor")
    one = await ada.joined(plan)
    ada_id, bob_id = user_id_of("jupyter", "ada"), user_id_of("jupyter", "bob")
    fake = {
        "userId": ada_id,
        "userName": "Ada Lovelace",
        "sessionId": one.welcome["sessionId"],
        "timestamp": "1999-01-01T00:00:00Z",
        "role": "owner",
    }
    two = await bob.joined(plan, **{**fake, "sessionId": one.welcome["sessionId"]})
    assert (two.me["userId"], two.welcome["role"]) == (bob_id, "contributor")
    joined = await one.expect("user_joined")
    assert (joined["userId"], joined["userName"]) == (bob_id, "Bob Kahn")
    await two.send("cursor_update", cursor={"line": 0, "column": 1, **fake}, **fake)
    cursor = await one.expect("remote_cursor")
    assert (cursor["userId"], cursor["userName"]) == (bob_id, "Bob Kahn")
    assert cursor["sessionId"] == two.welcome["sessionId"]
    await two.commits({**insert(0, "x"), **fake}, **fake)
    edit = await one.until("remote_operation")
    assert (edit["userId"], edit["sessionId"]) == (bob_id, two.welcome["sessionId"])
    assert not edit["timestamp"].startswith("1999")
    assert "userName" not in edit["operations"][0]
    saved = {"content": "y", "version": 2, "modifiedBy": ada_id, **fake}
    await bob.call("PUT", f"api/specs/{plan}/document", saved)
    newest = (await ada.call("GET", f"api/specs/{plan}/revisions"))["revisions"][0]
    assert (newest["modifiedBy"], newest["modifiedByName"]) == (bob_id, "Bob Kahn")


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))\"'`${alert(1)}"


async def test_a_script_comes_back_as_the_text_that_it_is(logins: Logins) -> None:
    """What is stored is what was typed; no answer is one that a browser would run."""
    login = logins.of("mallory", SCRIPT)
    spec_id = await login.new_spec(SCRIPT, title=SCRIPT)
    await login.call("POST", f"api/specs/{spec_id}/revisions", {"label": SCRIPT})
    for path in ("", "/document", "/revisions", "/collaborators", "/revisions/9", f"/revisions/{SCRIPT[:8]}"):
        answer = await login.fetch("GET", f"api/specs/{spec_id}{path}")
        assert answer.headers["Content-Type"].startswith("application/json"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
    assert (await login.call("GET", f"api/specs/{spec_id}"))["title"] == SCRIPT
    assert (await login.call("GET", f"api/specs/{spec_id}/document"))["content"] == SCRIPT
    assert (await login.call("GET", f"api/specs/{spec_id}/revisions"))["revisions"][0]["label"] == SCRIPT


@pytest.mark.parametrize(
    ("color", "avatar"),
    [
        ("red;background:url(//evil.example.org)", "javascript:alert(1)"),
        ("expression(alert(1))", "data:text/html,<script>alert(1)</script>"),
        ("#12345", "vbscript:x"),
        ("var(--x)", "\tjavascript:alert(1)"),
        ("", "file:///etc/passwd"),
    ],
)
def test_a_colour_and_a_picture_of_a_login_are_one_or_nothing(color: str, avatar: str) -> None:
    user = user_of(JupyterUser("m", "M", "M", None, avatar, color), "jupyter")
    assert user.color.startswith("#")
    assert len(user.color) == 7
    assert user.avatar_url == ""


# ids that are more --------------------------------------------------------------------------------------

TRICKS = [
    "' OR '1'='1",
    "1; DROP TABLE specifications;--",
    "..",
    "%2e%2e",
    "../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%0d%0aX-Injected: 1",
    "{plan}%00",
    "{plan}'",
    "{plan} ",
    "{plan}/../{plan}",
    "{plan}%2f..",
    "{{{plan}}}",
    "urn:uuid:{plan}",
    "%",
    "*",
    "_" * 36,
    "x" * 3000,
    "😀",
]


async def test_an_address_that_is_no_text(bob: Login, caplog: pytest.LogCaptureFixture) -> None:
    for path in ("api/specs/%ff", "api/specs/%ff/document", "api/specs?q=%ff", "api/specs?token=%ff"):
        for method in ("GET", "POST"):
            answer = await bob.refused(method, path, None if method == "GET" else "{}")
            assert answer[0] in (400, 404, 405), (method, path)
    for path in ("ws/specs/%ff", "ws/specs/x?token=%ff"):
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(f"ws://{bob.address}{path}")
        assert refused.value.code == 400
        assert (await bob.fetch("POST", path, "{}")).code in (400, 403, 405)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_paths_and_sql_in_ids(ada: Login, bob: Login, plan: str) -> None:
    async with unharmed(ada, plan):
        for trick in TRICKS:
            name = (
                trick.format(plan=plan).replace(" ", "%20").replace(";", "%3B").replace("😀", "%F0%9F%98%80")
            )
            for path in (
                f"api/specs/{name}/document",
                f"api/specs/{plan}/revisions/{name}",
                f"api/specs/{plan}/session/{name}/events",
            ):
                answer = await bob.fetch("GET", path)
                assert answer.code in (400, 404, 409), (path, answer.code)
                assert "X-Injected" not in answer.headers
            if "/" not in name and "%2" not in name:
                taken = await ada.fetch("DELETE", f"api/specs/{plan}/collaborators/{name}")
                assert taken.code in (400, 404), (trick, taken.code)
            assert (await bob.call("GET", "api/specs", q=trick, limit=1))["specs"] == []
            assert (await ada.refused("POST", "api/specs", {"title": "x", "specId": trick}))[0] in (400, 404)
        for cursor in ("' OR 1=1", "MjAyNi0xMS0yMyAn", "AAAA"):
            assert await bob.refused("GET", "api/specs", cursor=cursor) == (400, "INVALID_MESSAGE")


# beyond one's role --------------------------------------------------------------------------------------


async def test_a_viewers_edits_on_every_transport(ada: Login, bob: Login, plan: str) -> None:
    socket = await bob.joined(plan)
    joined = await bob.call("POST", f"api/specs/{plan}/session", {"specId": plan, "role": "owner"})
    events = f"api/specs/{plan}/session/{joined['sessionId']}/events"
    async with unharmed(ada, plan):
        for components in ([insert(0, "x")], [delete(0, 1)], [insert(0, "x"), delete(0, 1)]):
            await socket.edit(*components)
            assert (await socket.answer())["code"] == "FORBIDDEN"
        edit = {"operationId": str(uuid4()), "version": 1, "operations": [insert(0, "x")]}
        await bob.call("POST", events, [{"event": "operation", "data": edit}])
        acks: list[Any] = []
        while not acks:
            found = (await bob.call("GET", events, after=0))["events"]
            acks = [event["data"]["code"] for event in found if event["event"] == "operation_ack"]
        assert acks == ["FORBIDDEN"]
        for method, path, body in [
            ("PUT", "/document", {"content": "x", "version": 1}),
            ("PUT", "/document", {"content": TEXT, "version": 1, "label": "mine"}),
            ("POST", "/revisions", {"label": "mine"}),
            ("POST", "/revisions/0/restore", {}),
            ("PATCH", "", {"title": "mine"}),
            ("PUT", "/collaborators/user:bob", {"role": "owner"}),
            ("PUT", "/collaborators/group:all", {"role": "viewer"}),
            ("DELETE", "/collaborators/user:ada", None),
            ("DELETE", "", None),
        ]:
            assert await bob.refused(method, f"api/specs/{plan}{path}", body) == (403, "FORBIDDEN"), path


async def test_a_role_taken_away_in_mid_typing(ada: Login, bob: Login, plan: str) -> None:
    """Whatever was acknowledged is in the text, whatever was not is not, and nothing comes after."""
    await share(ada, plan, "user:bob", "contributor")
    watcher, socket = await ada.joined(plan), await bob.joined(plan)
    sent: list[str] = []

    async def type_on() -> None:
        for number in range(400):
            sent.append(await socket.edit(insert(0, f"<{number}>"), version=1))
            await asyncio.sleep(0.001)

    typing = asyncio.create_task(type_on())
    acked: set[str] = set()
    while len(acked) < 20:
        acked.add((await socket.answer())["operationId"])
    await share(ada, plan, "user:bob", "viewer")
    after = (await ada.call("GET", f"api/specs/{plan}/document"))["version"]
    await typing
    refused: set[str] = set()
    while len(acked) + len(refused) < len(sent):
        ack = await socket.answer()
        (acked if ack["success"] else refused).add(ack["operationId"])
        assert ack["success"] or ack["code"] == "FORBIDDEN"
    assert refused
    document = await ada.call("GET", f"api/specs/{plan}/document")
    assert document["version"] == after == 1 + len(acked)
    assert document["content"].count("<") == len(acked)
    text = TEXT
    while watcher.version < document["version"]:
        remote = await watcher.until("remote_operation")
        text, watcher.version = applied(text, remote["operations"]), remote["version"]
    assert text == document["content"]


async def test_leaving_is_no_way_up(ada: Login, logins: Logins, plan: str) -> None:
    """An admin makes no owner, not even of themselves; nor does a group that one names oneself."""
    carol = logins.of("carol", "Carol")
    await share(ada, plan, "user:carol", "admin")
    for principal in ("user:carol", user_id_of("jupyter", "carol"), "group:carols"):
        answer = await carol.refused("PUT", f"api/specs/{plan}/collaborators/{principal}", {"role": "owner"})
        assert answer == (403, "FORBIDDEN")
    for method, body in [("PUT", {"role": "viewer"}), ("DELETE", None)]:
        answer = await carol.refused(method, f"api/specs/{plan}/collaborators/user:ada", body)
        assert answer == (403, "FORBIDDEN")
    assert (await carol.call("GET", f"api/specs/{plan}"))["role"] == "admin"


async def test_a_token_that_widens_itself_by_authenticate(
    ada: Login, bob: Login, eve: Login, plan: str
) -> None:
    """Bob's own token says owner: he stays what he is. Ada's, stolen, does not turn his session into hers."""
    socket = await bob.joined(plan)
    await socket.send("authenticate", token=signed("bob", role="owner"))
    await socket.expect("authenticated")
    await socket.edit(insert(0, "x"))
    assert (await socket.answer())["code"] == "FORBIDDEN"
    await socket.send("authenticate", token=signed("ada"))
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    await socket.nothing_more()
    far = datetime.now(UTC) + timedelta(days=1)
    outsider = Login(
        eve.address, {"Authorization": f"Bearer {signed('eve', role='owner', spec=plan, exp=far)}"}
    )
    assert await outsider.refused("GET", f"api/specs/{plan}") == (404, "SPEC_NOT_FOUND")
