"""Quiet connections: those on which the server waits for a request."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from copy import copy
from typing import Final
from weakref import WeakKeyDictionary, WeakSet

from tornado.http1connection import HTTP1Connection, HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)

FIRST_REQUEST: Final = 30.0
"""Seconds after which a connection is closed on which the header of a first request has not arrived."""

BODY: Final = 30.0
"""Seconds that the body of a request may take before its connection counts as quiet like the others."""


class QuietConnections(HTTPServerConnectionDelegate):
    """Takes the place of a server's application, to which it hands on every request, and knows who sends none.

    A connection costs a descriptor and needs no login, and Tornado lets it wait for an hour. So the first request
    has to come within `FIRST_REQUEST`, and `close_one` makes room for others at once. A connection that is kept
    open after a request may wait as long as before, because proxies reuse such connections.
    """

    def __init__(self, server: HTTPServer) -> None:
        application = server.request_callback
        assert isinstance(application, HTTPServerConnectionDelegate)
        self._application = application
        self._first = copy(server.conn_params)
        self._first.header_timeout = FIRST_REQUEST
        self._waits: WeakKeyDictionary[HTTP1ServerConnection, float] = WeakKeyDictionary()
        """Since when the header of a request is waited for, longest first."""
        self._sends: WeakKeyDictionary[HTTP1ServerConnection, float] = WeakKeyDictionary()
        """Since when the body of a request is waited for, longest first."""
        self._known: WeakSet[HTTP1ServerConnection] = WeakSet()
        """Those that have sent a request before."""

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """Called by Tornado when it begins to wait for a request."""
        assert isinstance(server_conn, HTTP1ServerConnection)
        assert isinstance(request_conn, HTTP1Connection)
        if server_conn not in self._known:
            request_conn.params = self._first
        self._waits[server_conn] = time.monotonic()
        return _Request(self, server_conn, self._application.start_request(server_conn, request_conn))

    def close_one(self) -> bool:
        """Close the connection that has been quiet for longest; returns whether there was one.

        A body that arrives slowly may be a long one of an honest user, so its connection is among the last.
        """
        sending = next(iter(self._sends.items()), None)
        if sending is not None and time.monotonic() - sending[1] > BODY:
            orders = (self._sends, self._waits)
        else:
            orders = (self._waits, self._sends)
        for order in orders:
            for connection in list(order):
                del order[connection]
                if not connection.stream.closed():
                    connection.stream.close()
                    return True
        return False

    def header_came(self, connection: HTTP1ServerConnection) -> None:
        """The header of a request has arrived."""
        self._waits.pop(connection, None)
        self._sends[connection] = time.monotonic()

    def request_came(self, connection: HTTP1ServerConnection) -> None:
        """The whole request has arrived, or its connection is closed."""
        self._sends.pop(connection, None)
        self._known.add(connection)


class _Request(HTTPMessageDelegate):
    """Hands the parts of a request on to the application."""

    def __init__(
        self, quiet: QuietConnections, connection: HTTP1ServerConnection, delegate: HTTPMessageDelegate
    ) -> None:
        self._quiet = quiet
        self._connection = connection
        self._delegate = delegate

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        self._quiet.header_came(self._connection)
        return self._delegate.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._delegate.data_received(chunk)

    def finish(self) -> None:
        self._quiet.request_came(self._connection)
        self._delegate.finish()

    def on_connection_close(self) -> None:
        self._quiet.request_came(self._connection)
        self._delegate.on_connection_close()
