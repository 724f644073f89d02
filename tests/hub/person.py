"""A user in a browser with their own JupyterLab on the hub."""

from __future__ import annotations

from typing import Any

import requests
from playwright.sync_api import Browser

from tests.e2e.person import Person
from tests.hub.hub import SERVICE, Hub, Visitor


class OwnServer:
    """A user's server on the hub, with the interface that `Person` needs."""

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
    """A browser with the user's own JupyterLab. `call` sends requests to the hub service with the user's token."""

    def __init__(self, browser: Browser, hub: Hub, visitor: Visitor, token: str, name: str) -> None:
        self._service = f"{hub.url}{SERVICE}"
        self._token = token
        super().__init__(browser, OwnServer(visitor), visitor.user, name)  # type: ignore[arg-type]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"token {self._token}"}
        answer = requests.request(method, self._service + path, json=body, headers=headers, timeout=60)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer.json()["data"]
