"""Requests for the groups of users with a JSON Web Token, to a hub that counts requests."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.services.auth import HubAuth
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from jupyter_speccollab.errors import StoreUnavailable, Unauthenticated
from jupyter_speccollab.hub import groups
from jupyter_speccollab.hub.groups import CACHE_SECONDS, HubGroups


class Users(RequestHandler):
    """The hub's handler for one user."""

    def initialize(self, hub: SimpleNamespace) -> None:
        self.hub = hub

    def get(self, name: str) -> None:
        self.hub.asked.append((name, self.request.headers["Authorization"]))
        self.set_status(self.hub.status)
        self.finish(self.hub.answer)


@asynccontextmanager
async def hub_that_counts() -> AsyncIterator[tuple[SimpleNamespace, HubGroups]]:
    hub = SimpleNamespace(status=200, answer={"name": "ada", "groups": ["team"]}, asked=[])
    listener, port = bind_unused_port()
    server = HTTPServer(Application([(r"/hub/api/users/(.*)", Users, {"hub": hub})]))
    server.add_socket(listener)
    try:
        yield (
            hub,
            HubGroups(HubAuth(api_url=f"http://127.0.0.1:{port}/hub/api", api_token="the service's own")),
        )
    finally:
        server.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that only the test advances."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(groups, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


async def test_an_answer_counts_for_a_few_seconds(clock: SimpleNamespace) -> None:
    async with hub_that_counts() as (hub, hub_groups):
        for _ in range(3):
            assert await hub_groups.of("ada") == {"team"}
        assert hub.asked == [("ada", "token the service's own")]
        hub.answer = {"name": "ada", "groups": []}
        clock.now += CACHE_SECONDS
        assert await hub_groups.of("ada") == set()
        assert len(hub.asked) == 2


async def test_a_name_is_one_step_of_the_address(clock: SimpleNamespace) -> None:
    async with hub_that_counts() as (hub, hub_groups):
        await hub_groups.of("ada/../root?x")
        assert [name for name, _ in hub.asked] == ["ada/../root?x"]


async def test_whom_the_hub_does_not_know_is_nobody(clock: SimpleNamespace) -> None:
    async with hub_that_counts() as (hub, hub_groups):
        hub.status, hub.answer = 404, {"status": 404}
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                await hub_groups.of("nobody")
        assert len(hub.asked) == 1


@pytest.mark.parametrize(
    ("status", "answer"), [(403, {"status": 403}), (200, {"name": "ada"}), (500, "a page")]
)
async def test_a_hub_that_does_not_tell_is_no_answer_and_the_log_names_the_scopes(
    status: int, answer: Any, clock: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub_that_counts() as (hub, hub_groups):
        hub.status, hub.answer = status, answer
        with caplog.at_level(logging.ERROR), pytest.raises(StoreUnavailable):
            await hub_groups.of("ada")
        assert "read:users:name and read:users:groups" in caplog.text
        hub.status, hub.answer = 200, {"groups": ["team"]}
        assert await hub_groups.of("ada") == {"team"}


async def test_a_hub_is_asked_for_the_very_name(clock: SimpleNamespace) -> None:
    async with hub_that_counts() as (hub, hub_groups):
        assert await hub_groups.knows("ada")
        hub.status, hub.answer = 404, {"status": 404}
        assert not await hub_groups.knows("Ada")
        hub.status, hub.answer = 403, {"status": 403}
        with pytest.raises(StoreUnavailable):
            await hub_groups.knows("bob")
