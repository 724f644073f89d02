"""Users with a login, their requests and their WebSockets."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from jupyter_server.serverapp import ServerApp
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.web import create_signed_value
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 20.0
"""Seconds that a test waits for an event before it fails."""

XSRF = "0123456789abcdef0123456789abcdef"


class Logins:
    """Makes users with login cookies, signed as the server signs them."""

    def __init__(self, app: ServerApp, base_url: str) -> None:
        self._app = app
        self._address = f"127.0.0.1:{app.port}{base_url}"
        self.token = app.identity_provider.token

    def of(self, username: str, name: str) -> Login:
        """A user with a login cookie."""
        user = {
            "username": username,
            "name": name,
            "display_name": name,
            "initials": name[0],
            "color": None,
            "avatar_url": None,
        }
        host = self._address.split("/", 1)[0]
        cookie_name = "username-" + host.replace(".", "-").replace(":", "-")
        secret = self._app.web_app.settings["cookie_secret"]
        value = create_signed_value(secret, cookie_name, json.dumps(user)).decode()
        headers = {"Cookie": f"{cookie_name}={value}; _xsrf={XSRF}", "X-XSRFToken": XSRF}
        return Login(self._address, headers)

    def owner(self) -> Login:
        """The user of the server's own token."""
        return Login(self._address, {"Authorization": f"token {self.token}"})

    def stranger(self) -> Login:
        """A user without a login."""
        return Login(self._address, {})


class Login:
    """The requests of one user."""

    def __init__(self, address: str, headers: dict[str, str]) -> None:
        self.address = address
        self.headers = headers

    async def fetch(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any
    ) -> HTTPResponse:
        """The response, whatever its status."""
        url = f"http://{self.address}{path}"
        if query:
            url += "?" + urlencode(query)
        request = HTTPRequest(
            url,
            method=method,
            headers={**self.headers, **(headers or {})},
            body=body if body is None or isinstance(body, str | bytes) else json.dumps(body),
            allow_nonstandard_methods=True,
            follow_redirects=False,
            request_timeout=10,
        )
        return await AsyncHTTPClient(force_instance=True, max_body_size=1 << 26).fetch(
            request, raise_error=False
        )

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The ``data`` of a response that has to be a success."""
        response = await self.fetch(method, path, body, **query)
        envelope = json.loads(response.body)
        assert envelope["success"] is True, (response.code, envelope)
        return envelope["data"]

    async def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str]:
        """Status and code of a response that has to be an error in the protocol's envelope."""
        response = await self.fetch(method, path, body, **query)
        return refusal(response)

    async def new_spec(self, content: str = "", title: str = "Spec") -> str:
        """Create a spec and return its id."""
        entry = await self.call("POST", "api/specs", {"title": title, "content": content})
        return str(entry["specId"])

    async def socket(self, spec_id: str, headers: dict[str, str] | None = None, query: str = "") -> Socket:
        """An open WebSocket from which nothing has been read."""
        request = HTTPRequest(
            f"ws://{self.address}ws/specs/{spec_id}{query}", headers={**self.headers, **(headers or {})}
        )
        return Socket(await websocket_connect(request, max_message_size=1 << 26), spec_id)

    async def joined(self, spec_id: str, **data: Any) -> Socket:
        """A WebSocket that has joined. `Socket.welcome` is the data of ``session_joined``."""
        socket = await self.socket(spec_id)
        socket.me = await socket.expect("connect")
        await socket.send("join_session", specId=spec_id, **data)
        socket.welcome = await socket.expect("session_joined")
        socket.version = socket.welcome["version"]
        return socket


class Socket:
    """A minimal client: sends and receives single events."""

    def __init__(self, connection: WebSocketClientConnection, spec_id: str) -> None:
        self.connection = connection
        self.spec_id = spec_id
        self.me: dict[str, Any] = {}
        self.welcome: dict[str, Any] = {}
        self.version = 0
        self._events: list[dict[str, Any]] = []

    async def send(self, event: str, **data: Any) -> None:
        await self.connection.write_message(json.dumps({"event": event, "data": data}))

    async def raw(self, frame: str | bytes, binary: bool = False) -> None:
        await self.connection.write_message(frame, binary=binary)

    async def event(self) -> dict[str, Any] | None:
        """The next event; ``None`` if the connection is closed."""
        if not self._events:
            frame = await asyncio.wait_for(_next(self.connection), PATIENCE)
            if frame is None:
                return None
            parsed = json.loads(frame)
            self._events = parsed if isinstance(parsed, list) else [parsed]
        return self._events.pop(0)

    async def expect(self, name: str) -> dict[str, Any]:
        """The data of the next event, which has to have this name."""
        event = await self.event()
        assert event is not None, (name, "but closed with", self.connection.close_code)
        assert event["event"] == name, event
        return dict(event["data"])

    async def until(self, name: str) -> dict[str, Any]:
        """The data of the next event with this name. Other events are skipped."""
        while True:
            event = await self.event()
            assert event is not None, (name, "but closed with", self.connection.close_code)
            if event["event"] == name:
                return dict(event["data"])

    async def nothing_more(self) -> None:
        """Check that all events have been read: the next one is the answer to a ``ping``."""
        await self.send("ping")
        await self.expect("pong")

    async def nothing_more_but(self, *names: str) -> None:
        """As `nothing_more`, but skip events with these names."""
        await self.send("ping")
        while (event := await self.event()) is not None and event["event"] != "pong":
            assert event["event"] in names, event

    async def answer(self) -> dict[str, Any]:
        """The data of the next ``operation_ack``. Other events are skipped."""
        return await self.until("operation_ack")

    async def commits(self, *components: Any, **data: Any) -> dict[str, Any]:
        """Send an operation that has to be committed. Updates `version`, and returns the acknowledgement."""
        operation_id = await self.edit(*components, **data)
        ack = await self.answer()
        assert ack["operationId"] == operation_id, ack
        assert ack["success"] is True, ack
        self.version = ack["version"]
        return ack

    async def closed(self) -> int | None:
        """Read until the connection is closed; the close code."""
        while await self.event() is not None:
            pass
        return self.connection.close_code

    async def edit(self, *components: Any, version: int | None = None, **data: Any) -> str:
        """Send an operation with the base ``version`` (default: the last known). Returns its id."""
        operation_id = data.pop("operationId", None) or str(uuid4())
        await self.send(
            "operation",
            operationId=operation_id,
            version=self.version if version is None else version,
            operations=list(components),
            **data,
        )
        return str(operation_id)

    def close(self) -> None:
        self.connection.close()


async def _next(connection: WebSocketClientConnection) -> str | bytes | None:
    return await connection.read_message()


def refusal(response: HTTPResponse) -> tuple[int, str]:
    """Status and code of an error response, after a check of its envelope."""
    envelope = json.loads(response.body)
    assert envelope["success"] is False, envelope
    assert envelope["error"], envelope
    assert envelope["details"]["requestId"], envelope
    assert "Traceback" not in response.body.decode()
    return response.code, envelope["code"]


def insert(position: int, content: str) -> dict[str, Any]:
    return {"type": "insert", "position": position, "content": content}


def applied(text: str, components: list[dict[str, Any]]) -> str:
    """The text after ``components``, applied one after the other in the simplest way."""
    cursor = 0
    for component in components:
        cursor = component.get("position", cursor)
        assert 0 <= cursor <= len(text), component
        if component["type"] == "insert":
            text = text[:cursor] + component["content"] + text[cursor:]
            cursor += len(component["content"])
        elif component["type"] == "delete":
            assert cursor + component["length"] <= len(text), component
            text = text[:cursor] + text[cursor + component["length"] :]
        else:
            cursor += component["length"]
    return text


def delete(position: int, length: int) -> dict[str, Any]:
    return {"type": "delete", "position": position, "length": length}


def retain(length: int) -> dict[str, Any]:
    return {"type": "retain", "length": length}


async def text_of(login: Login, spec_id: str) -> str:
    """The text of the document on the server."""
    return str((await login.call("GET", f"api/specs/{spec_id}/document"))["content"])
