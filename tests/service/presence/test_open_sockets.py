"""The open WebSockets of a user on two servers that share a bus."""

from __future__ import annotations

import pytest

from jupyter_speccollab.bus.memory import MemoryBus, MemoryHub
from jupyter_speccollab.errors import ServerFull, TooManySessions
from jupyter_speccollab.service.presence.connection_count import ConnectionCount
from jupyter_speccollab.service.sessions.open_sockets import (
    JOIN_WITHIN,
    TAKE_OVER_WITHIN,
    OpenSocket,
    OpenSockets,
)
from tests.store.values import ADA, BOB, SPEC

LIMIT = 4


async def two_servers() -> tuple[OpenSockets, OpenSockets]:
    hub = MemoryHub()
    buses = [MemoryBus(hub) for _ in range(2)]
    for bus in buses:
        await bus.open()
    one, other = (OpenSockets(100, LIMIT, ConnectionCount(bus)) for bus in buses)
    return one, other


async def opened(sockets: OpenSockets) -> OpenSocket:
    socket = sockets.open()
    await socket.admit(ADA)
    return socket


async def test_sockets_that_have_not_joined_count_on_both() -> None:
    one, other = await two_servers()
    there = [await opened(one) for _ in range(3)]
    here = await opened(other)
    for sockets in (one, other):
        with pytest.raises(TooManySessions):
            await opened(sockets)
    await other.open().admit(BOB)
    there[0].close()
    again = await opened(other)
    for socket in (here, again, *there):
        socket.close()
        socket.close()  # the second time changes nothing
    assert one.connections.count(ADA.user_id) == other.connections.count(ADA.user_id) == 0


async def test_a_session_is_counted_in_place_of_its_socket() -> None:
    one, other = await two_servers()
    for number in range(LIMIT):
        socket = await opened(one)
        one.connections.opened(ADA.user_id, f"session {number}", SPEC)
        socket.joined()
    assert one.connections.count(ADA.user_id) == LIMIT
    for sockets in (one, other) * 2:  # each may take over one of the sessions, on whichever server
        assert await sockets.check_user(ADA) == TAKE_OVER_WITHIN
        await opened(sockets)
    with pytest.raises(TooManySessions):
        await opened(other)
    one.connections.ended(ADA.user_id, "session 0")
    with pytest.raises(TooManySessions):
        await opened(one)


async def test_the_limit_of_a_server() -> None:
    sockets = OpenSockets(2, LIMIT, ConnectionCount(MemoryBus()))
    two = [sockets.open() for _ in range(2)]
    for socket in two:
        socket.check_server()
        assert await sockets.check_user(ADA) == JOIN_WITHIN
    for _ in range(3):
        late = sockets.open()
        with pytest.raises(ServerFull):
            late.check_server()
        late.refuse()
    assert (sockets.count, sockets.refused) == (2, 3)  # those that are refused take nobody's place
    two[0].close()
    sockets.open().check_server()
