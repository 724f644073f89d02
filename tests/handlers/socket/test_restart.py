"""A server that stops, crashes and starts again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.handlers.auth.test_tokens import services_of
from tests.handlers.logins import Login, delete, insert
from tests.handlers.socket.refusals import is_reused
from tests.handlers.socket.test_resume import resumed
from tests.serving import JupyterServer


async def test_a_shutdown_closes_with_1001(ada: Login, jp_serverapp: Any) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    await one.commits(insert(0, "x"))
    await services_of(jp_serverapp).documents.close()
    assert await one.closed() == 1001


async def test_a_restart_loses_nothing_that_was_acked(tmp_path: Path) -> None:
    server = await asyncio.to_thread(JupyterServer(tmp_path).start)
    try:
        ada = server.login("ada", "Ada Lovelace")
        spec_id = await ada.new_spec("text")
        one = await ada.joined(spec_id)
        first = await one.commits(insert(4, "!"))
        await one.commits(insert(0, "# "))
        user_id = one.me["userId"]
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        back = await resumed(ada, one)
        assert back.me["userId"] == user_id
        assert back.welcome["epoch"] == one.welcome["epoch"]
        assert (back.welcome["version"], back.welcome["operations"]) == (3, [])
        again = await back.commits(insert(4, "!"), version=1, operationId=first["operationId"])
        assert again["version"] == 2
        await is_reused(back, first, insert(4, "?"), version=1)
        back.version = 3
        assert (await back.commits(delete(0, 2)))["version"] == 4
        await asyncio.to_thread(server.stop)
        assert await back.closed() == 1001
    finally:
        await asyncio.to_thread(server.kill)
