"""A full disk: edits are refused, kept by the client, and committed when there is space again."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_speccollab.client import SpecClient
from tests.backends.small_disk import fill
from tests.handlers.logins import insert
from tests.serving import JupyterServer


@pytest.fixture
def server(tmp_path: Path, small_disk: Path) -> Iterator[JupyterServer]:
    options = {
        "SpecCollabApp.operations_per_minute": 1_000_000,
        "SpecCollabApp.database_path": small_disk / "specs.sqlite3",
    }
    with JupyterServer(tmp_path, options=options) as server:
        yield server


async def test_a_full_disk_loses_nothing_and_acknowledges_nothing(
    server: JupyterServer, small_disk: Path
) -> None:
    ada = server.login("ada", "Ada")
    spec_id = await ada.new_spec("Begins.\n")
    writer = await SpecClient(server.url, spec=spec_id, headers=server.headers("bob", "Bob")).connect()
    await writer.insert(0, "⟨first⟩")
    await writer.synchronised(10)
    ballast = fill(small_disk)
    socket = await ada.joined(spec_id)
    committed, refused = 0, None
    while refused is None:  # reserved space may still hold some edits
        operation_id = await socket.edit(insert(0, f"⟨{committed}⟩" + "x" * 4_000))
        answer = await socket.answer()
        if answer["success"]:
            committed, socket.version = committed + 1, answer["version"]
        else:
            refused = answer
    assert refused["code"] == "STORE_UNAVAILABLE"
    written = 0
    while await is_committed(writer, f"⟨kept {written}⟩" + "y" * 4_000):  # so may the log, after a checkpoint
        written += 1
    before = await ada.call("GET", f"api/specs/{spec_id}/document")
    assert f"⟨kept {written}⟩" not in before["content"]
    assert f"⟨{committed}⟩" not in before["content"]
    os.remove(ballast)
    await writer.synchronised(30)
    version = socket.version
    await socket.edit(insert(0, f"⟨{committed}⟩" + "x" * 4_000), version=version, operationId=operation_id)
    while not (answer := await socket.answer())["success"]:
        assert answer["code"] == "STORE_UNAVAILABLE"
    document = await ada.call("GET", f"api/specs/{spec_id}/document")
    kept = (f"⟨kept {number}⟩" for number in range(written + 1))
    marks = ["⟨first⟩", *kept, *(f"⟨{number}⟩" for number in range(committed + 1))]
    assert Counter(document["content"].count(mark) for mark in marks) == {1: len(marks)}
    server.kill()
    await asyncio.to_thread(server.start)
    again = await ada.call("GET", f"api/specs/{spec_id}/document")
    assert again["contentHash"] == document["contentHash"]
    await writer.close()


async def is_committed(writer: SpecClient, text: str) -> bool:
    """Insert a text; whether it is committed within a few seconds."""
    await writer.insert(0, text)
    try:
        await asyncio.wait_for(writer.synchronised(60), 3)
    except TimeoutError:
        return False
    return True
