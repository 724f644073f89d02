"""The transport: one WebSocket to one spec."""

from __future__ import annotations

from asyncio import CancelledError, Future, ensure_future, shield
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

import msgspec
from tornado.httpclient import HTTPClientError
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    WebSocketError,
    websocket_connect,
)

from jupyter_speccollab.client.server import MESSAGE_BYTES, Server, handshake_error

PING_SECONDS: Final = 20
"""Seconds between two pings. A connection that leaves one unanswered for as long is closed."""

ABNORMAL: Final = 1006
"""The close code of a connection that broke."""

Event = tuple[str, dict[str, Any]]


class Transport:
    """Carries frames. It knows nothing of joining, sending again or reconnecting."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket

    @classmethod
    async def open(cls, server: Server, spec_id: str) -> Transport:
        """Connect. Raises `OSError` if the server can't be reached, `SpecCollabError` if it refuses."""
        opening = ensure_future(
            websocket_connect(
                server.socket_request(spec_id),
                max_message_size=MESSAGE_BYTES,
                compression_options=None,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
            )
        )
        try:
            socket = await shield(opening)
        except CancelledError:
            opening.add_done_callback(_close)
            raise
        except HTTPClientError as error:
            if error.code >= 500:
                raise ConnectionError(f"The server at {server.url} answers with HTTP {error.code}.") from None
            raise handshake_error(error.code, server.url) from None
        except WebSocketError:
            raise handshake_error(200, server.url) from None
        # Without this an edit may wait 40 ms for the acknowledgement of the TCP segment before it.
        with suppress(OSError):
            assert socket.protocol is not None
            socket.protocol.set_nodelay(True)
        return cls(socket)

    def send(self, frame: bytes) -> None:
        """Send a frame. If the connection has closed, nothing happens: `events` ends then."""
        with suppress(WebSocketClosedError):
            self._socket.write_message(frame).add_done_callback(_forget)

    async def events(self) -> AsyncIterator[Event]:
        """The server's events, until the connection is closed."""
        while (content := await self._socket.read_message()) is not None:
            said = msgspec.json.decode(content)
            for event in said if isinstance(said, list) else (said,):
                yield event["event"], event["data"]

    @property
    def close_code(self) -> int:
        return self._socket.close_code or ABNORMAL

    def close(self) -> None:
        """Close the connection."""
        self._socket.close(1000)


def _forget(written: Future[None]) -> None:
    """Ignore the loss of a frame: it is sent again on the next connection."""
    if not written.cancelled():
        written.exception()


def _close(opening: Future[WebSocketClientConnection]) -> None:
    """Close a connection that was opened after its caller had given it up."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
