"""Somebody in front of their own JupyterLab on the hub."""

from __future__ import annotations

from typing import Any

import requests
from playwright.sync_api import Browser

from tests.e2e.person import Person
from tests.hub.hub import SERVICE, Hub, Visitor


class OwnServer:
    """What a `Person` has to know of a server, for one on a hub."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self.url = f"{visitor.hub.url}user/{visitor.user}/"

    def browser_cookies(self, _username: str, _name: str) -> list[dict[str, Any]]:
        return [
            {"name": cookie.name, "value": cookie.value, "domain": "127.0.0.1", "path": cookie.path}
            for cookie in self._visitor.session.cookies
        ]

    def headers(self, _username: str, _name: str) -> dict[str, str]:
        return {}


class HubPerson(Person):
    """A browser at one's own server; `call` asks the hub's service, with a token of this person's."""

    def __init__(self, browser: Browser, hub: Hub, visitor: Visitor, token: str, name: str) -> None:
        self._service = f"{hub.url}{SERVICE}"
        self._token = token
        super().__init__(browser, OwnServer(visitor), visitor.user, name)  # type: ignore[arg-type]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"token {self._token}"}
        answer = requests.request(method, self._service + path, json=body, headers=headers, timeout=60)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer.json()["data"]
