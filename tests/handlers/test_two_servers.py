"""Two servers on one database: who is on one is seen on the other, and a role changed here is felt there."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.handlers.logins import Login, insert
from tests.handlers.test_collaborators import share
from tests.serving import JupyterServer


async def lists(login: Login, spec_id: str, people: list[object]) -> None:
    """Wait until the entry names these people: they are written down beside, not before, their joining."""
    async with asyncio.timeout(10):
        while (await login.call("GET", f"api/specs/{spec_id}"))["activeUsers"] != people:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_role_changed_here_is_felt_there(tmp_path: Path) -> None:
    """Within seconds by whoever only looks on, and at once by whoever edits."""
    options: dict[str, object] = {"SpecCollabApp.default_role": "none"}
    one = JupyterServer(tmp_path / "one", options=options)
    there = {**options, "SpecCollabApp.database_path": str(one.database)}
    other = JupyterServer(tmp_path / "other", options=there)
    with one, other:
        ada, bob = one.login("ada", "Ada"), other.login("bob", "Bob")
        spec_id = await ada.new_spec("text")
        await share(ada, spec_id, "user:bob", "viewer")
        socket = await bob.joined(spec_id)
        await lists(ada, spec_id, socket.welcome["activeUsers"])
        began = time.monotonic()
        await share(ada, spec_id, "user:bob", "contributor")
        assert (await socket.expect("role_changed")) == {"role": "contributor"}
        assert time.monotonic() - began < 5
        await socket.commits(insert(0, "x"))

        await share(ada, spec_id, "user:bob", "viewer")
        await socket.edit(insert(0, "y"))
        told = [await socket.event(), await socket.event()]
        assert sorted(event["event"] for event in told if event) == ["operation_ack", "role_changed"]
        assert [event["data"]["code"] for event in told if event and "code" in event["data"]] == ["FORBIDDEN"]

        await ada.call("DELETE", f"api/specs/{spec_id}/collaborators/user:bob")
        assert await asyncio.wait_for(socket.closed(), 5) == 4403
        assert await bob.refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")
        assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "xtext"
