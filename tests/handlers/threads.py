"""Threads as clients write them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.handlers.logins import Login

TEXT = "The quick brown fox jumps over the lazy dog.\n"
QUICK = TEXT.index("quick"), TEXT.index("quick") + len("quick")


def new_id() -> str:
    return str(uuid4())


def comment(start: int, end: int, version: int, body: str = "Why?", **more: Any) -> dict[str, Any]:
    """The body of a request for a comment."""
    made = {"threadId": new_id(), "kind": "comment", "start": start, "end": end, "version": version}
    return {**made, "body": body, **more}


def suggestion(start: int, end: int, version: int, replacement: str, **more: Any) -> dict[str, Any]:
    """The body of a request for a suggestion."""
    made = {"threadId": new_id(), "kind": "suggestion", "start": start, "end": end, "version": version}
    return {**made, "replacement": replacement, **more}


class Spec:
    """The threads of one spec, as one user writes and reads them."""

    def __init__(self, login: Login, spec_id: str) -> None:
        self.login = login
        self.spec_id = spec_id
        self.path = f"api/specs/{spec_id}"

    def by(self, login: Login) -> Spec:
        """The same spec for another user."""
        return Spec(login, self.spec_id)

    async def open(self, body: dict[str, Any]) -> dict[str, Any]:
        response = await self.login.fetch("POST", f"{self.path}/threads", body)
        assert response.code == 201, response.body
        return dict(await self.one(body["threadId"]))

    async def one(self, thread_id: str) -> dict[str, Any]:
        return dict(await self.login.call("GET", f"{self.path}/threads/{thread_id}"))

    async def list(self, **query: Any) -> dict[str, Any]:
        return dict(await self.login.call("GET", f"{self.path}/threads", **query))

    async def ids(self, **query: Any) -> list[str]:
        return [thread["threadId"] for thread in (await self.list(**query))["threads"]]

    async def reply(self, thread_id: str, body: str, message_id: str = "") -> dict[str, Any]:
        message = {"messageId": message_id or new_id(), "body": body}
        return dict(await self.login.call("POST", f"{self.path}/threads/{thread_id}/messages", message))

    async def edit(self, message_id: str, body: str) -> dict[str, Any]:
        return dict(await self.login.call("PATCH", f"{self.path}/messages/{message_id}", {"body": body}))

    async def state(self, thread_id: str, state: str) -> dict[str, Any]:
        path = f"{self.path}/threads/{thread_id}"
        return dict(await self.login.call("PATCH", path, {"state": state}))

    async def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str]:
        """Status and code of the refusal of a call below the spec."""
        return await self.login.refused(method, f"{self.path}/{path}", body, **query)

    async def role(self, who: str, role: str) -> None:
        await self.login.call("PUT", f"{self.path}/collaborators/user:{who}", {"role": role})


async def user_id(login: Login, spec: Spec) -> str:
    answer = await login.call("GET", f"{spec.path}/collaborators")
    return str(answer["me"]["userId"])
