"""The WebSocket protocol of a spec's socket: Tornado's, but for the reading of frames."""

from __future__ import annotations

import asyncio
from typing import Final, cast

from tornado.iostream import IOStream
from tornado.websocket import WebSocketProtocol13

from jupyter_speccollab.handlers.socket.connection import SocketConnection
from jupyter_speccollab.handlers.socket.frames import BrokenFrame, Frames

IN_A_ROW: Final = 10
"""How many frames of one connection are taken before others have their turn."""


class SocketProtocol(WebSocketProtocol13):
    """Shakes hands, answers pings and closes as Tornado does; takes frames as soon as they come.

    Tornado reads a frame in three or four steps, each of which waits for a turn of the event loop or asks the
    system in vain; that was a third of all that an operation costs (``docs/adr/0013-frames-as-they-come.md``).
    Laws: a message whose handler has something to wait for is followed by the next when that is done; whatever
    came whole before the connection was lost is taken.
    """

    def __init__(self, stock: WebSocketProtocol13) -> None:
        super().__init__(stock.handler, False, stock.params)
        self._frames = Frames(stock.params.max_message_size)
        self._connection = SocketConnection()
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_busy = False

    async def take_connection(self) -> SocketConnection:
        """Take the connection over from Tornado's stream. Where it is gone already, the line is closed."""
        self._frames.feed(await self._connection.take_over(self.stream))
        self.stream = cast(IOStream, self._connection)
        return self._connection

    async def _receive_frame_loop(self) -> None:
        """Tornado's name for all that comes after the handshake."""
        self._connection.on_data = self._received
        self._connection.on_lost = self._lost
        self._act()
        try:
            await self._over
        finally:
            self.handler.on_ws_connection_close(self.close_code, self.close_reason)

    def _received(self, data: bytes) -> None:
        self._frames.feed(data)
        self._act()

    def _lost(self) -> None:
        if not self._is_busy:
            self._end()

    def _go_on(self, _: object = None) -> None:
        self._is_busy = False
        self._act()

    def _act(self) -> None:
        """Act on the frames that are here, one after the other."""
        for _ in range(IN_A_ROW):
            frame = self._next()
            if frame is None:
                if self._connection.closed():
                    self._end()
                else:
                    self._connection.resume()
                return
            work = self._handle_message(*frame)
            if work is not None:
                self._wait()
                work.add_done_callback(self._go_on)
                return
        self._wait()
        asyncio.get_running_loop().call_soon(self._go_on)

    def _wait(self) -> None:
        self._is_busy = True
        self._connection.pause()

    def _next(self) -> tuple[int, bytes] | None:
        """The next frame that is here, if the client may still say anything."""
        if self.client_terminated:
            return None
        try:
            return self._frames.next()
        except BrokenFrame as broken:
            self.close(broken.code, broken.reason)
            self._abort()
            return None

    def _end(self) -> None:
        if not self._over.done():
            if not self.client_terminated:
                self._abort()
            self._over.set_result(None)
