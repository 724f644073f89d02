"""What writers, health, metrics and the log must say while the database takes no writes, and afterwards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from jupyter_speccollab.service import store_watch
from tests.handlers.logins import Login, Socket, insert
from tests.handlers.test_health import measured

WITHIN = 15.0
"""Seconds within which whoever writes must be told."""

SPECS = 4


async def health(login: Login) -> dict[str, Any]:
    """The report, with whatever status it came."""
    envelope = json.loads((await login.fetch("GET", "api/specs/health")).body)
    return dict(envelope["data"] if envelope["success"] else envelope["details"])


class Writers:
    """Ada in several specs, one session each."""

    def __init__(self, login: Login, specs: Sequence[str], sockets: Sequence[Socket]) -> None:
        self.login = login
        self.specs = specs
        self.sockets = sockets
        self.refusals: list[dict[str, Any]] = []

    @classmethod
    async def joined(cls, login: Login) -> Writers:
        specs = [await login.new_spec("text") for _ in range(SPECS)]
        return cls(login, specs, [await login.joined(spec_id) for spec_id in specs])

    async def are_refused(self, text: str) -> None:
        """Each session sends an edit; all are refused, and in time."""

        async def refused(socket: Socket) -> dict[str, Any]:
            operation_id = await socket.edit(insert(0, text))
            answer = await socket.answer()
            assert (answer["operationId"], answer["success"]) == (operation_id, False)
            return answer

        async with asyncio.timeout(WITHIN):
            self.refusals = list(await asyncio.gather(*map(refused, self.sockets)))

    async def are_told(self, reason: str, sentence: str) -> None:
        """The answers, health and metrics name the reason."""
        assert {(answer["code"], answer["message"]) for answer in self.refusals} == {
            ("STORE_UNAVAILABLE", sentence)
        }
        report = await health(self.login)
        assert (report["status"], report["store"], report["reason"]) == ("degraded", "refusing", reason)
        assert report["message"] == sentence
        assert (await health(self.login))["since"] == report["since"]
        figures = await measured(self.login)
        assert figures["store_writable"] == 0
        assert figures[f'writes_refused_total{{reason="{reason}"}}'] >= SPECS

    async def are_committed_once(self, text: str) -> None:
        """Each session sends its edit again, twice; health and metrics are well again."""
        for socket, refusal in zip(self.sockets, self.refusals, strict=True):
            for _ in range(2):
                await socket.edit(insert(0, text), operationId=refusal["operationId"])
                assert (await socket.answer())["version"] == 2
        for spec_id in self.specs:
            document = await self.login.call("GET", f"api/specs/{spec_id}/document")
            assert document["content"] == f"{text}text"
        async with asyncio.timeout(WITHIN):
            while (await health(self.login))["status"] != "ok":  # noqa: ASYNC110 (it is asked by HTTP)
                await asyncio.sleep(0.1)
        assert (await measured(self.login))["store_writable"] == 1

    def close(self) -> None:
        for socket in self.sockets:
            socket.close()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of outages."""
    return [record.getMessage() for record in caplog.records if record.name == store_watch.__name__]
