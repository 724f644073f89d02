"""A hundred thousand random frames and bodies: no failure of the server, no lost connection, no growth of memory.

``make soak`` sends `SPECCOLLAB_SOAK_FRAMES` (100,000) to a server process of its own. A test run sends a few
thousand of the same values; ``tests/handlers/fuzz`` has the values and the assertions.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.handlers.fuzz.test_frames import exchange, frames
from tests.handlers.fuzz.test_polling import batches, poll
from tests.handlers.fuzz.test_requests import ask, requests
from tests.handlers.fuzz.values import filled, many
from tests.handlers.fuzz.watcher import Watcher, works
from tests.handlers.logins import Login
from tests.serving import JupyterServer

OPTIONS = {
    "SpecCollabApp.operations_per_minute": 1_000_000,
    "SpecCollabApp.writes_per_minute": 1_000_000,
    "SpecCollabApp.document_length": 5_000,
}
ROUNDS = 10
A_ROUND = 40
"""Frames, or bodies, that one example holds."""

GROWTH = 40 * 1024
"""How many KiB the server's memory may have grown by after the first round: 100,000 leaks of 400 bytes."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    with JupyterServer(tmp_path, options=OPTIONS) as server:
        yield server


def resident(pid: int) -> int:
    """A process's resident memory, in KiB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) if found else 0


def storm(run: Callable[[Any], Any], ada: Login, watcher: Watcher, spec_id: str, examples: int) -> None:
    """``examples`` times frames to a WebSocket, and a tenth of that to the other addresses."""
    socket = run(ada.joined(spec_id))
    ids = st.lists(frames, min_size=A_ROUND, max_size=A_ROUND)

    @settings(many, max_examples=examples)
    @given(ids)
    def to_a_socket(texts: list[str]) -> None:
        run(exchange(socket, [filled(text, spec_id) for text in texts]))
        run(watcher.agrees())

    @settings(many, max_examples=max(1, examples // 10))
    @given(st.lists(requests, min_size=A_ROUND, max_size=A_ROUND), st.lists(batches, min_size=4, max_size=4))
    def to_addresses(asked: list[Any], bodies: list[str | bytes]) -> None:
        for one in asked:
            run(ask(ada, spec_id, *one))
        run(poll(ada, spec_id, bodies))
        run(watcher.agrees())

    to_a_socket()
    to_addresses()
    socket.close()


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_a_hundred_thousand_harm_nobody(
    server: JupyterServer, jp_asyncio_loop: asyncio.AbstractEventLoop, capsys: pytest.CaptureFixture[str]
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    ada, bob = server.login("ada", "Ada"), server.login("bob", "Bob")
    spec_id = run(ada.new_spec("# Title\n"))
    watcher = run(Watcher.of(bob, spec_id))
    total = int(os.environ.get("SPECCOLLAB_SOAK_FRAMES") or 100_000)
    examples = max(10, round(total / 1.1 / ROUNDS / A_ROUND))
    memory, began = [], time.monotonic()
    for number in range(ROUNDS):
        storm(run, ada, watcher, spec_id, examples)
        memory.append(resident(server.pid))
        with capsys.disabled():
            sent = round((number + 1) * examples * A_ROUND * 1.1)
            print(
                f"\nfuzz: {sent:,} frames and bodies in {time.monotonic() - began:.0f} s, {memory[-1] // 1024} MiB"
            )
    run(works(ada, bob, spec_id))
    log = server.log.read_text(errors="replace")
    assert "Traceback" not in log
    assert " failed" not in log
    assert memory[-1] - memory[0] < GROWTH, memory
