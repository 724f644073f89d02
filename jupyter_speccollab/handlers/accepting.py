"""Accepting connections while file descriptors are short."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop

from jupyter_speccollab.service.sessions.shortage import Shortage

from .quiet_connections import QuietConnections

AT_ONCE: Final = 2
"""How many connections are accepted in one iteration of the event loop.

Each brings a request, which takes about a millisecond. All edits would wait for hundreds of them at once.
"""

WAITING: Final = 1024
"""How many connections may wait in the system until they are accepted; it may allow fewer."""

PAUSE: Final = 0.5
"""Seconds without accepting after the system had no descriptor for a connection."""

CALM: Final = 30.0
"""Seconds without a refusal after which a shortage can be over.

A free descriptor alone does not say so, because each connection that ends frees one.
"""

OUT_OF_RESOURCES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

logger = logging.getLogger(__name__)

Handle = Callable[[socket.socket, Any], None]


class Acceptor:
    """Accepts the connections of a listening socket, and closes others if no descriptor is free.

    Tornado lets the error of ``accept`` through to the event loop. As the socket stays readable, the loop calls it
    again at once, and asyncio logs a traceback each time: hundreds of megabytes in a minute, while nothing else
    gets a turn. ``most``: a connection with this descriptor or a higher one is closed. The system gives out the
    lowest free one, so the descriptors from ``most`` on remain for files and the database. The connection that
    is closed is the one that has been ``quiet`` for longest, so that nobody keeps others out by connections that
    send nothing; if none is, it is the new one.
    Law: a shortage is logged once when it begins and once when it ends (``tests/handlers/test_accepting.py``).
    """

    def __init__(self, listening: socket.socket, handle: Handle, most: int, quiet: QuietConnections) -> None:
        self._listening = listening
        self._handle = handle
        self._most = most
        self._quiet = quiet
        self._shortage = Shortage(logger)
        self._crowd = Shortage(
            logger, "those that have sent nothing for longest are closed for new ones", "%d were closed"
        )
        self._short_at = 0.0
        self._loop = IOLoop.current()
        self._pause: object | None = None
        self._is_stopped = False
        listening.listen(WAITING)
        self._listen()

    def stop(self) -> None:
        """Accept no more connections."""
        self._is_stopped = True
        if self._pause is not None:
            self._loop.remove_timeout(self._pause)
        else:
            self._loop.remove_handler(self._listening)

    def _listen(self) -> None:
        self._pause = None
        self._loop.add_handler(self._listening, self._accept, IOLoop.READ)

    def _accept(self, _: object, events: int) -> None:
        for _count in range(AT_ONCE):
            if self._is_stopped:
                return
            try:
                connection, address = self._listening.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if error.errno not in OUT_OF_RESOURCES:
                    raise
                self._wait(error)
                return
            self._take(connection, address)

    def _take(self, connection: socket.socket, address: Any) -> None:
        if connection.fileno() >= self._most and self._quiet.close_one():
            self._short_at = time.monotonic()
            self._crowd.refuse(f"{self._most} file descriptors are in use, by connections above all")
            high, connection = connection, connection.dup()  # dup takes the descriptor that has become free
            high.close()
        if connection.fileno() >= self._most:
            connection.close()
            self._short_at = time.monotonic()
            self._shortage.refuse(
                f"{self._most} file descriptors are in use, as many as connections may take"
            )
            return
        if connection.fileno() < self._most * 0.9 and time.monotonic() - self._short_at >= CALM:
            self._shortage.end("file descriptors are free for connections")
            self._crowd.end("file descriptors are free for connections")
        self._handle(connection, address)

    def _wait(self, error: OSError) -> None:
        self._short_at = time.monotonic()
        self._shortage.refuse(f"no connection can be accepted ({error.strerror})")
        self._loop.remove_handler(self._listening)
        self._pause = self._loop.call_later(PAUSE, self._listen)


def accept_within(server: HTTPServer, most: int) -> None:
    """Let an `Acceptor` take the place of Tornado's handler for each listening socket of the server.

    Not on Windows, where the number of a descriptor says nothing about how many are in use.
    """
    if sys.platform == "win32":
        return
    quiet = QuietConnections(server)
    server.request_callback = quiet
    for descriptor, listening in server._sockets.items():
        server._handlers[descriptor]()
        server._handlers[descriptor] = Acceptor(listening, server._handle_connection, most, quiet).stop
