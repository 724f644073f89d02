"""A connection: one WebSocket to one spec."""

from __future__ import annotations

from asyncio import Future
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
"""Between two signs of life; a connection without an answer for that long is given up."""

ABNORMAL: Final = 1006

Event = tuple[str, dict[str, Any]]


class Transport:
    """Carries frames; joining, sending again and coming back are others' business."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket

    @classmethod
    async def open(cls, server: Server, spec_id: str) -> Transport:
        """Raises `OSError` where the server can't be reached, `SpecCollabError` where it speaks something else."""
        try:
            socket = await websocket_connect(
                server.socket_request(spec_id),
                max_message_size=MESSAGE_BYTES,
                compression_options=None,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
            )
        except HTTPClientError as error:
            if error.code >= 500:
                raise ConnectionError(f"The server at {server.url} answers with HTTP {error.code}.") from None
            raise handshake_error(error.code, server.url) from None
        except WebSocketError:
            raise handshake_error(200, server.url) from None
        # Else an edit that is typed while another's acknowledgement is under way waits for 40 ms.
        with suppress(OSError):
            assert socket.protocol is not None
            socket.protocol.set_nodelay(True)
        return cls(socket)

    def send(self, frame: bytes) -> None:
        """Send, unless the connection has closed: whoever sent it hears of that by the end of `events`."""
        with suppress(WebSocketClosedError):
            self._socket.write_message(frame).add_done_callback(_forget)

    async def events(self) -> AsyncIterator[Event]:
        """What the server says, until the connection is closed."""
        while (content := await self._socket.read_message()) is not None:
            said = msgspec.json.decode(content)
            for event in said if isinstance(said, list) else (said,):
                yield event["event"], event["data"]

    @property
    def close_code(self) -> int:
        return self._socket.close_code or ABNORMAL

    def close(self) -> None:
        """Say goodbye."""
        self._socket.close(1000)


def _forget(written: Future[None]) -> None:
    """A frame that was lost with its connection is no error: it is sent again on the next."""
    if not written.cancelled():
        written.exception()
