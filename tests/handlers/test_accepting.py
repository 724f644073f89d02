"""Connections while file descriptors are short: closed or left to wait, and logged once."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from jupyter_speccollab.handlers import accepting, quiet_connections
from jupyter_speccollab.handlers.accepting import accept_within
from jupyter_speccollab.handlers.descriptors import connections_within, descriptor_limit, sockets_within

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no limit of descriptors")


class Hello(RequestHandler):
    def get(self) -> None:
        self.finish("hello")


@pytest.fixture(autouse=True)
def no_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shortage is over as soon as descriptors are free."""
    monkeypatch.setattr(accepting, "CALM", 0.0)


@pytest.fixture
def listening() -> Iterator[tuple[socket.socket, int]]:
    one, port = bind_unused_port()
    yield one, port
    one.close()


def serve(one: socket.socket, most: int) -> HTTPServer:
    server = HTTPServer(Application([("/", Hello)]))
    server.add_socket(one)
    accept_within(server, most)
    return server


async def is_served(port: int) -> bool:
    """Whether a request is answered; otherwise the connection is closed without an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return b"hello" in await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        return False
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def levels(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The levels of what was logged, without other loggers' messages below a warning."""
    return [
        record.levelname
        for record in caplog.records
        if record.name == accepting.__name__ or record.levelno >= logging.WARNING
    ]


def next_descriptors(count: int) -> list[int]:
    """The descriptors that the system gives out next: the lowest that are free, with others between them."""
    descriptors = [os.open(os.devnull, os.O_RDONLY) for _ in range(count)]
    for descriptor in descriptors:
        os.close(descriptor)
    return descriptors


def next_descriptor() -> int:
    return next_descriptors(1)[0]


async def test_the_last_descriptors_are_kept_for_the_server(
    listening: tuple[socket.socket, int], caplog: pytest.LogCaptureFixture
) -> None:
    one, port = listening
    most = next_descriptors(40)[-1] * 10 // 9  # so that many are free below nine tenths of it
    server = serve(one, most)
    try:
        with caplog.at_level(logging.INFO, accepting.__name__):
            assert await is_served(port)
            held = [next_descriptor()]
            while held[-1] < most:
                held.append(os.open(os.devnull, os.O_RDONLY))
            assert [await is_served(port) for _ in range(5)] == [False] * 5
            assert levels(caplog) == ["WARNING"]
            for descriptor in held[1:]:
                os.close(descriptor)
            assert await is_served(port)
            assert "5 were refused" in caplog.text
            assert levels(caplog) == ["WARNING", "INFO"]
    finally:
        server.stop()


async def test_no_descriptor_at_all_is_logged_once_and_ends(
    listening: tuple[socket.socket, int], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tornado alone logs a traceback in every iteration of the event loop."""
    monkeypatch.setattr(accepting, "PAUSE", 0.05)
    one, port = listening
    server = serve(one, most=100_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    client = socket.create_connection(("127.0.0.1", port))
    held: list[int] = []
    try:
        with caplog.at_level(logging.INFO):
            resource.setrlimit(resource.RLIMIT_NOFILE, (next_descriptors(4)[-1] + 1, hard))
            try:
                while True:
                    held.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                pass
            caplog.clear()
            await asyncio.sleep(0.3)
            assert levels(caplog) == ["WARNING"]
            for descriptor in held:
                os.close(descriptor)
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            loop = asyncio.get_running_loop()
            client.setblocking(False)
            assert b"200 OK" in await asyncio.wait_for(loop.sock_recv(client, 1_000), 20)
            assert levels(caplog) == ["WARNING", "INFO"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        client.close()
        server.stop()


async def test_a_first_request_has_to_come_in_time_and_a_second_one_need_not(
    listening: tuple[socket.socket, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet_connections, "FIRST_REQUEST", 0.5)
    one, port = listening
    server = serve(one, most=100_000)
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    try:
        used, user = await asyncio.open_connection("127.0.0.1", port)
        user.write(request)
        assert b"hello" in await asyncio.wait_for(used.readuntil(b"hello"), 20)
        for said in (b"", request[:-2]):
            silent, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            assert await asyncio.wait_for(silent.read(), 20) == b""
            writer.close()
        user.write(request)
        assert b"hello" in await asyncio.wait_for(used.readuntil(b"hello"), 20)
        user.close()
    finally:
        server.stop()


@pytest.mark.parametrize("limit", [64, 256, 400, 1_024, 4_096, 100_000])
def test_most_descriptors_are_for_connections_and_some_for_everything_else(limit: int) -> None:
    assert 0 < sockets_within(limit) < connections_within(limit) < limit
    assert limit - sockets_within(limit) >= min(128, limit // 2)


def test_the_limit_is_that_of_the_process() -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert descriptor_limit() == (min(soft, 100_000) if soft > 0 else 100_000)
