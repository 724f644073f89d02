"""How many comments and suggestions there may be, and what they cost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_speccollab.service.threads import transitions, writing
from tests.handlers.logins import Login, insert
from tests.handlers.threads import QUICK, TEXT, Spec, comment, new_id, suggestion


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


class TestLimits:
    async def test_open_threads(self, spec: Spec, bob: Login, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "OPEN_THREADS", 2)
        mine = spec.by(bob)
        first = comment(*QUICK, 1)
        await mine.open(first)
        await mine.open(suggestion(*QUICK, 1, "slow"))
        assert await mine.refused("POST", "threads", comment(*QUICK, 1)) == (429, "THREAD_LIMIT")
        await mine.open(first)
        await mine.state(first["threadId"], "resolved")
        await mine.open(comment(*QUICK, 1))
        place = f"threads/{first['threadId']}"
        assert await mine.refused("PATCH", place, {"state": "open"}) == (429, "THREAD_LIMIT")
        answer = {"messageId": new_id(), "body": "x"}
        assert await mine.refused("POST", f"{place}/messages", answer) == (429, "THREAD_LIMIT")

    async def test_messages(self, spec: Spec, bob: Login, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transitions, "MESSAGES", 2)
        made = await spec.by(bob).open(comment(*QUICK, 1))
        answer = {"messageId": new_id(), "body": "x"}
        place = f"threads/{made['threadId']}/messages"
        await bob.call("POST", f"{spec.path}/{place}", answer)
        await bob.call("POST", f"{spec.path}/{place}", answer)
        full = {"messageId": new_id(), "body": "x"}
        assert await spec.by(bob).refused("POST", place, full) == (429, "THREAD_LIMIT")


class TestFewWrites:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "owner", "writes_per_minute": 6, "max_stale_versions": 3}

    async def test_repeats_and_what_changes_nothing_cost_nothing(self, ada: Login) -> None:
        spec = Spec(ada, await ada.new_spec(TEXT))  # 1
        body = comment(*QUICK, 1)
        for _ in range(3):
            await spec.open(body)  # 2
        answer = new_id()
        for _ in range(3):
            await spec.reply(body["threadId"], "x", answer)  # 3
        for _ in range(3):
            await spec.state(body["threadId"], "resolved")  # 4
            await spec.edit(answer, "y")  # 5
        await spec.state(body["threadId"], "open")  # 6
        response = await ada.fetch("PATCH", f"{spec.path}/threads/{body['threadId']}", {"state": "resolved"})
        refusal = json.loads(response.body)
        assert (response.code, refusal["code"]) == (429, "RATE_LIMITED")
        assert refusal["details"]["retryAfterMs"] > 0
        for method, path, content in (
            ("POST", "threads", comment(*QUICK, 1)),
            ("POST", f"threads/{body['threadId']}/messages", {"messageId": new_id(), "body": "x"}),
            ("PATCH", f"messages/{answer}", {"body": "z"}),
            ("DELETE", f"messages/{answer}", None),
            ("DELETE", f"threads/{body['threadId']}", None),
        ):
            assert await spec.refused(method, path, content) == (429, "RATE_LIMITED"), path
        assert (await spec.one(body["threadId"]))["state"] == "open"
        await spec.open(body)

    async def test_a_version_too_far_behind(self, ada: Login) -> None:
        spec = Spec(ada, await ada.new_spec(TEXT))
        socket = await ada.joined(spec.spec_id)
        for number in range(4):
            await socket.commits(insert(0, str(number)))
        assert await spec.refused("POST", "threads", comment(*QUICK, 1)) == (409, "VERSION_CONFLICT")
        assert (await spec.open(comment(*QUICK, 2)))["anchor"]["start"] == 7
        socket.close()


class TestQuota:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "owner", "bytes_per_user": 40_000}

    async def test_threads_count_for_who_made_the_spec(self, ada: Login, bob: Login) -> None:
        spec = Spec(bob, await ada.new_spec(TEXT))
        made = await spec.open(comment(*QUICK, 1))
        for _ in range(10):
            response = await bob.fetch("POST", f"{spec.path}/threads", comment(*QUICK, 1, "x" * 9_000))
            if response.code != 201:
                break
        assert json.loads(response.body)["code"] == "QUOTA_EXCEEDED"
        long = {"messageId": new_id(), "body": "x" * 9_000}
        place = f"threads/{made['threadId']}/messages"
        assert await spec.refused("POST", place, long) == (429, "QUOTA_EXCEEDED")
        assert await spec.refused("PATCH", f"messages/{made['threadId']}", {"body": "x" * 9_000}) == (
            429,
            "QUOTA_EXCEEDED",
        )
        assert (await spec.state(made["threadId"], "resolved"))["state"] == "resolved"
