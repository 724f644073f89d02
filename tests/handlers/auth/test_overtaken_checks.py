"""A check of a login that is still waiting for its answer when the client sends a new token."""

from __future__ import annotations

import asyncio

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_speccollab.errors import Unauthenticated
from tests.handlers.auth.test_tokens import SECRET, services_of, signed
from tests.handlers.logins import Login
from tests.handlers.test_polling import Polling

OLD = 2.0
"""The lifetime of the first token, in seconds."""


@pytest.fixture
def speccollab_config() -> dict[str, object]:
    return {"token_secret": SECRET}


class SlowGroups:
    """A source of groups whose first answer waits, and may be that the login is not valid any more."""

    def __init__(self, is_valid: bool) -> None:
        self.asked, self.may_answer, self.answered = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._is_valid = is_valid

    async def of(self, login: str) -> frozenset[str]:
        if self.asked.is_set():
            return frozenset()
        self.asked.set()
        await self.may_answer.wait()
        self.answered.set()
        if not self._is_valid:
            raise Unauthenticated("The login is gone.")
        return frozenset()


@pytest.mark.parametrize("is_valid", [True, False])
async def test_its_outcome_does_not_replace_the_new_token(
    ada: Login, jp_serverapp: ServerApp, is_valid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("text")
    monkeypatch.setattr(jp_serverapp.identity_provider, "recheck_seconds", 0.05, raising=False)
    one = await Login(ada.address, {"Authorization": f"Bearer {signed(seconds=OLD)}"}).joined(spec_id)
    groups = SlowGroups(is_valid)
    monkeypatch.setattr(services_of(jp_serverapp).tokens, "_groups", groups.of)
    await groups.asked.wait()
    await one.send("authenticate", token=signed(seconds=60))
    await one.expect("authenticated")
    groups.may_answer.set()
    await groups.answered.wait()
    await asyncio.sleep(OLD + 0.5)
    await one.nothing_more()


async def test_a_request_with_the_old_token_does_not_put_it_back(ada: Login) -> None:
    """By polling, a request with the old token may arrive after the new one."""
    old = Login(ada.address, {"Authorization": f"Bearer {signed(seconds=OLD)}"})
    new = Login(ada.address, {"Authorization": f"Bearer {signed(seconds=60)}"})
    poll = Polling(old, await ada.new_spec("text"))
    await poll.join()
    await new.call("POST", poll.events_path, [])
    await old.call("POST", poll.events_path, [])
    await asyncio.sleep(OLD + 0.5)
    await new.call("POST", poll.events_path, [])
