"""The WebSocket protocol of a spec's socket: Tornado's protocol with a faster way to read frames."""

from __future__ import annotations

import asyncio
import time
from typing import Final, cast

from tornado.iostream import IOStream
from tornado.websocket import WebSocketProtocol13

from jupyter_speccollab.handlers.socket.connection import SocketConnection
from jupyter_speccollab.handlers.socket.frame_turns import FrameTurns
from jupyter_speccollab.handlers.socket.frames import FrameParser, InvalidFrame

FRAMES_PER_ITERATION: Final = 10
"""How many frames of one connection are handled in one iteration of the event loop."""

SECONDS_PER_ITERATION: Final = 0.002
"""Seconds after which no further frame of one connection is handled in the same iteration."""


class SocketProtocol(WebSocketProtocol13):
    """Leaves the handshake, pings and the close to Tornado, and handles frames as soon as they arrive.

    Tornado reads a frame in three or four steps, and each waits for the event loop or makes a system call in vain.
    That was a third of the cost of an operation (``docs/adr/0013-frames-as-they-come.md``).

    Laws: if the handler of a message returns an awaitable, the next message is handled when that is done; every
    message that was received whole before the connection was lost is handled
    (``tests/handlers/socket/test_protocol.py``).
    """

    def __init__(self, stock: WebSocketProtocol13, turns: FrameTurns, user: str) -> None:
        """``user`` is whose connection this is, for ``turns``."""
        stock.params.ping_interval = stock.params.ping_timeout = 0  # Jupyter's handler sends pings by itself
        super().__init__(stock.handler, False, stock.params)
        self._turns = turns
        self._user = user
        self._frames = FrameParser(stock.params.max_message_size)
        self._connection = SocketConnection()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_busy = False

    async def take_over_connection(self) -> SocketConnection:
        """Take the socket over from Tornado's stream. The result is closed if the client has left already."""
        self._frames.feed(await self._connection.take_over(self.stream))
        self.stream = cast(IOStream, self._connection)
        return self._connection

    def drop(self) -> None:
        """End the connection now, without waiting for the client to answer the close."""
        self._abort()

    async def _receive_frame_loop(self) -> None:
        """Called by Tornado after the handshake; returns when the connection has ended."""
        self._connection.on_data = self._data_received
        self._connection.on_lost = self._connection_lost
        self._handle_frames()
        try:
            await self._ended
        finally:
            self.handler.on_ws_connection_close(self.close_code, self.close_reason)

    def _data_received(self, data: bytes) -> None:
        self._frames.feed(data)
        self._handle_frames()

    def _connection_lost(self) -> None:
        if not self._is_busy:
            self._end()

    def _continue(self, _: object = None) -> None:
        self._is_busy = False
        self._handle_frames()

    def _handle_frames(self) -> None:
        """Handle the frames that have arrived, one after the other, or wait for the turn to do so."""
        if self._turns.is_due(self._user):
            self._take_turn()
        else:
            self._suspend()
            self._turns.wait(self._take_turn)

    def _take_turn(self) -> None:
        self._is_busy = False
        begun = time.perf_counter()
        try:
            self._handle_some(begun + SECONDS_PER_ITERATION)
        finally:
            self._turns.spend(self._user, time.perf_counter() - begun)

    def _handle_some(self, until: float) -> None:
        """Handle at least one frame, and as many as one iteration of the event loop may hold."""
        for _ in range(FRAMES_PER_ITERATION):
            frame = self._next_frame()
            if frame is None:
                if self._connection.closed():
                    self._end()
                else:
                    self._connection.resume()
                return
            work = self._handle_message(*frame)
            if work is not None:
                self._suspend()
                work.add_done_callback(self._continue)
                return
            if time.perf_counter() > until:
                break
        self._suspend()
        asyncio.get_running_loop().call_soon(self._continue)

    def _suspend(self) -> None:
        self._is_busy = True
        self._connection.pause()

    def _next_frame(self) -> tuple[int, bytes] | None:
        """The next frame that has arrived whole; ``None`` also after the client's close frame."""
        if self.client_terminated:
            return None
        try:
            return self._frames.next()
        except InvalidFrame as error:
            self.close(error.code, error.reason)
            self._abort()
            return None

    def _end(self) -> None:
        if not self._ended.done():
            if not self.client_terminated:
                self._abort()
            self._ended.set_result(None)
