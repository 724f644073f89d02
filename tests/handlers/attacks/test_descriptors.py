"""Attacks on the file descriptors of a server: it has 400, and must keep some for those who are inside."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.handlers.logins import Login, Socket, insert
from tests.serving import JupyterServer

if sys.platform == "win32":
    pytest.skip("has no limit of descriptors", allow_module_level=True)

import resource

LIMIT = 400


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    server = JupyterServer(tmp_path, options={"ServerApp.min_open_files_limit": LIMIT})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, hard))
    try:
        server.launch()  # it inherits the limit
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4_096, hard)), hard))
    try:
        server.wait()
        yield server
    finally:
        server.stop()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def first_event(login: Login, spec_id: str, kept: list[Socket]) -> str:
    """What a new WebSocket is sent: ``connect``, or the code of an error."""
    opened = await login.socket(spec_id)
    kept.append(opened)
    event = await opened.event()
    assert event is not None
    return str(event["data"]["code"] if event["event"] == "error" else event["event"])


async def open_many(login: Login, spec_id: str, count: int, kept: list[Socket]) -> Counter[str]:
    found: Counter[str] = Counter()
    for _ in range(0, count, 30):
        found.update(await asyncio.gather(*(first_event(login, spec_id, kept) for _ in range(30))))
    return found


class Inside:
    """Somebody who is at work, and somebody who comes to it."""

    def __init__(self, server: JupyterServer) -> None:
        self.server = server
        self.ada = server.login("ada", "Ada")

    async def begin(self) -> Inside:
        self.spec_id = await self.ada.new_spec("text")
        self.tab = await self.ada.joined(self.spec_id)
        return self

    async def goes_on(self) -> None:
        """Edits are committed."""
        await self.tab.commits(insert(0, "x"))

    async def lets_others_in(self) -> None:
        """Requests of people without an open connection are answered."""
        eve = self.server.login("eve", "Eve")
        assert await eve.call("GET", f"api/specs/{self.spec_id}")
        await eve.call("PUT", f"api/specs/{self.spec_id}/document", {"content": "y", "version": 1})

    def log(self) -> str:
        return self.server.log.read_text(encoding="utf-8", errors="replace")


async def test_sockets_that_never_join(server: JupyterServer) -> None:
    inside, kept = await Inside(server).begin(), []
    found = await open_many(server.login("mallory", "Mallory"), inside.spec_id, 300, kept)
    assert found == {"connect": 50, "TOO_MANY_SESSIONS": 250}
    await inside.goes_on()
    await inside.lets_others_in()
    for number in range(6):  # people who conspire reach the limit of the server
        found += await open_many(server.login(f"m{number}", "M"), inside.spec_id, 60, kept)
    assert found["connect"] == 400 - 128 - 1
    await inside.goes_on()
    await inside.lets_others_in()
    assert inside.log().count("refused until") <= 8  # once for each of them, and once for the server
    assert "Too many open files" not in inside.log()
    for each in kept:
        each.close()


async def test_sockets_of_strangers(server: JupyterServer) -> None:
    inside, kept = await Inside(server).begin(), []
    stranger = Login(server.address, {})
    assert await open_many(stranger, inside.spec_id, 600, kept) == {"UNAUTHENTICATED": 600}
    await inside.goes_on()
    await inside.lets_others_in()
    assert "Too many open files" not in inside.log()


async def test_sockets_of_strangers_who_do_not_answer_the_close(server: JupyterServer) -> None:
    """Tornado waits five seconds for the answer, and a refused socket keeps its descriptor for that long."""
    inside = await Inside(server).begin()
    request = (
        f"GET /ws/specs/{inside.spec_id} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    silent = []
    for _ in range(600):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        silent.append(writer)
        writer.write(request.encode())
        assert b" 101 " in await asyncio.wait_for(reader.readline(), 20)
    await inside.goes_on()
    await inside.lets_others_in()
    assert "refused until" not in inside.log()
    assert "Too many open files" not in inside.log()
    for writer in silent:
        writer.transport.abort()


@pytest.mark.parametrize(
    "said",
    ["", "GET / HTTP/1.1\r\nHost: ", "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"],
    ids=["nothing", "half a header", "half a body"],
)
async def test_connections_without_a_whole_request_keep_nobody_out(server: JupyterServer, said: str) -> None:
    """They are closed for those that come later, and the log stays short."""
    inside = await Inside(server).begin()
    with ExitStack() as silent:
        for _ in range(600):
            each = silent.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            with suppress(ConnectionError):
                each.sendall(said.encode())
        await inside.goes_on()
        await asyncio.sleep(1)
        await inside.goes_on()
        await inside.lets_others_in()
    assert inside.log().count("are closed for new ones") == 1
    assert "refused until" not in inside.log()
    assert "Too many open files" not in inside.log()
    await inside.goes_on()


async def test_connections_that_are_kept_open_after_an_answer_keep_nobody_out(server: JupyterServer) -> None:
    inside = await Inside(server).begin()
    request = f"GET /login HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    with ExitStack() as kept:
        for _ in range(600):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            kept.callback(writer.close)  # also keeps the writer, which would close itself
            writer.write(request.encode())
            assert b"HTTP/1.1" in await asyncio.wait_for(reader.readline(), 20)
        await inside.goes_on()
        await inside.lets_others_in()
    assert "refused until" not in inside.log()
