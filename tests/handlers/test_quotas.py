"""Quotas: creating and labelling are counted, and nobody stores more than a user or the server may."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from jupyter_server.serverapp import ServerApp
from prometheus_client import REGISTRY, generate_latest

from jupyter_speccollab.service import quotas
from tests.handlers.logins import Login, insert

QUOTA = (429, "QUOTA_EXCEEDED")
RATE = (429, "RATE_LIMITED")


async def refused(login: Login, method: str, path: str, body: Any) -> str:
    """The message of a response that has to be a refusal for a quota."""
    response = await login.fetch(method, path, body)
    envelope = json.loads(response.body)
    assert (response.code, envelope["code"]) == QUOTA, envelope
    return str(envelope["error"])


class TestWrites:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"writes_per_minute": 5}

    async def test_new_specs_and_labels_count_and_repeats_cost_nothing(self, ada: Login, bob: Login) -> None:
        spec_id = str(uuid4())
        body = {"title": "Spec", "content": "text", "specId": spec_id}
        for _ in range(10):
            assert (await ada.call("POST", "api/specs", body))["specId"] == spec_id
        for number in range(4):
            await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": str(number)})
        assert await ada.refused("POST", f"api/specs/{spec_id}/revisions", {"label": "one more"}) == RATE
        assert await ada.refused("POST", "api/specs", {"title": "one more"}) == RATE
        assert await ada.refused("PATCH", f"api/specs/{spec_id}", {"title": "one more"}) == RATE
        assert (await ada.call("POST", "api/specs", body))["specId"] == spec_id
        await bob.call("POST", "api/specs", {"title": "Bob's"})

    async def test_a_thousand_specs_at_once_are_a_minute_s_worth(self, ada: Login) -> None:
        made = [(await ada.fetch("POST", "api/specs", {"title": "Spec"})).code for _ in range(100)]
        assert made == [201] * 5 + [429] * 95
        assert len((await ada.call("GET", "api/specs"))["specs"]) == 5


class TestSpecs:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"specs_per_user": 2}

    async def test_a_user_has_so_many_specs(self, ada: Login, bob: Login) -> None:
        first, body = await ada.new_spec(), {"title": "Second", "specId": str(uuid4())}
        await ada.call("POST", "api/specs", body)
        message = await refused(ada, "POST", "api/specs", {"title": "Third"})
        assert message.startswith("You have created 2 specs, the most that this server keeps for one person.")
        assert "Delete specs" in message
        await ada.call("POST", "api/specs", body)
        await bob.new_spec()
        await ada.call("DELETE", f"api/specs/{first}")  # into the trash, where it counts as before
        assert await ada.refused("POST", "api/specs", {"title": "Third"}) == QUOTA
        await ada.call("DELETE", f"api/specs/{first}", permanently="true")
        await ada.new_spec()
        assert await ada.refused("POST", "api/specs", {"title": "Third"}) == QUOTA

    async def test_a_spec_counts_for_whoever_created_it(self, ada: Login, bob: Login) -> None:
        """Else anybody could use up another user's quota by making them an owner."""
        for _ in range(2):
            path = f"api/specs/{await ada.new_spec()}/collaborators"
            await ada.call("PUT", f"{path}/user:bob", {"role": "owner"})
        for _ in range(2):
            await bob.new_spec()
        assert await bob.refused("POST", "api/specs", {"title": "Third"}) == QUOTA


class TestBytes:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"bytes_per_user": 10_000, "operations_per_minute": 1_000}

    @pytest.fixture(autouse=True)
    def fresh(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quotas, "REFRESH", 0.0)

    async def test_everything_that_stores_a_text_is_refused_beyond_the_quota(
        self, ada: Login, bob: Login
    ) -> None:
        assert await ada.refused("POST", "api/specs", {"title": "x", "content": "x" * 6_000}) == QUOTA
        path = f"api/specs/{await ada.new_spec('x' * 4_000)}"
        save = {"content": "y" * 4_000, "version": 1}
        assert "Nothing was changed" in await refused(ada, "PUT", f"{path}/document", save)
        assert "person who created" in await refused(bob, "PUT", f"{path}/document", save)
        document = await ada.call("GET", f"{path}/document")
        assert (document["content"], document["version"]) == ("x" * 4_000, 1)
        await ada.refused("POST", f"{path}/revisions", {"label": "now"})
        await ada.call("PUT", f"{path}/document", {"content": "short", "version": 1, "label": "now"})
        assert await ada.refused("POST", f"{path}/revisions/1/restore", {}) == QUOTA
        assert (await ada.call("GET", f"{path}/document"))["content"] == "short"
        revisions = await ada.call("GET", f"{path}/revisions", content="false")
        assert [revision["version"] for revision in revisions["revisions"]] == [2, 1]
        await bob.new_spec("x" * 4_000)
        assert await ada.refused("POST", "api/specs", {"title": "x", "content": "x" * 4_000}) == QUOTA
        await ada.call("DELETE", path, permanently="true")
        await ada.new_spec("x" * 4_000)

    async def test_typing_goes_on_for_a_tenth_and_then_says_so(
        self, ada: Login, bob: Login, jp_serverapp: ServerApp
    ) -> None:
        spec_id = await ada.new_spec()
        socket, other = await ada.joined(spec_id), await bob.joined(spec_id)
        app = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
        (extension,) = app
        documents = extension.services.documents
        creator = [socket.me["userId"]]

        async def types(login_socket: Any) -> dict[str, Any]:
            await documents.quotas.refresh(creator)
            await login_socket.edit(insert(0, "x" * 900))
            answer = await login_socket.answer()
            login_socket.version = answer.get("version", login_socket.version)
            return dict(answer)

        answers = [await types(socket) for _ in range(12)]
        kept = [answer["success"] for answer in answers]
        assert kept == sorted(kept, reverse=True)
        assert 10_000 < (await documents.store.usage(creator))[creator[0]].bytes <= 11_000 + 1_100
        assert answers[-1]["code"] == "QUOTA_EXCEEDED"
        assert "kept where you typed it" in answers[-1]["message"]
        assert "Delete specs" in answers[-1]["message"]
        other.version = socket.version
        refusal = await types(other)
        assert refusal["code"] == "QUOTA_EXCEEDED"
        assert "person who created" in refusal["message"]
        document = await ada.call("GET", f"api/specs/{spec_id}/document")
        assert document["content"] == "x" * 900 * sum(kept)


class TestTotal:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"total_bytes": 10_000, "bytes_per_user": 0, "specs_per_user": 0}

    async def test_all_users_together_store_so_much(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("x" * 2_000)
        await bob.new_spec("x" * 2_000)
        message = await refused(bob, "POST", "api/specs", {"title": "x", "content": "x" * 2_000})
        assert "All specs on this server" in message
        assert "Ask your admin" in message
        save = {"content": "y" * 6_000, "version": 1}
        assert "All specs" in await refused(ada, "PUT", f"api/specs/{spec_id}/document", save)
        await ada.new_spec("small")

    async def test_what_is_refused_takes_no_room(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("x")
        for _ in range(10):
            save = {"content": "y" * 2_000, "version": 7}
            answer = await ada.refused("PUT", f"api/specs/{spec_id}/document", save)
            assert answer == (409, "VERSION_CONFLICT")
        await bob.new_spec("x" * 4_000)

    async def test_the_admin_sees_it(self, ada: Login, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quotas, "REFRESH", 0.0)
        await ada.new_spec("x" * 2_000)
        await ada.refused("POST", "api/specs", {"title": "x", "content": "x" * 9_000})
        figures = generate_latest(REGISTRY).decode()
        assert "speccollab_specs 1.0" in figures
        (line,) = [line for line in figures.splitlines() if line.startswith("speccollab_stored_bytes ")]
        assert 4_000 < float(line.split()[1]) < 5_000
