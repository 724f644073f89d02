"""Commenting: what people do with threads in a run, by requests that may be lost and are repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.service.threads.new_thread import NewThread
from jupyter_speccollab.store.base import ThreadKind, ThreadState

from .client import Client
from .passage import Passage
from .polling import Act
from .server import SPEC_ID, Server
from .world import World, server_call

TRIES: Final = 3
"""How often a request is repeated that was not answered."""


async def comment(world: World, client: Client) -> None:
    """Comment on a passage of the text that the server has acknowledged."""
    replica = client.exchange.replica
    assert replica is not None
    length = len(replica.committed)
    if not length:
        return
    start = world.rng.randrange(length)
    end = min(length, start + world.rng.choice([1, 2, 3, 12, 12, 60]))
    new = NewThread(str(uuid4()), ThreadKind.COMMENT, start, end, replica.version, body="Is that so?")
    quote = replica.committed[start:end]
    world.passages[new.thread_id] = Passage(replica.version, start, end, quote, client.user.user_id)
    world.trace.note(client.name, "comments", f"on {start} to {end} of v{replica.version}", new.thread_id[:8])
    caller = Caller(client.user)
    await persist(world, client, lambda server: lambda: server.threads.open(caller, SPEC_ID, new))


async def reply(world: World, client: Client) -> None:
    """Answer a thread that the client knows of, or delete it; resolve a comment or open it again."""
    rng, caller = world.rng, Caller(client.user)
    if not client.threads.held:
        return
    thread_id = rng.choice(sorted(client.threads.held))
    is_comment = client.threads.held[thread_id].kind == ThreadKind.COMMENT
    weights = [4, 1, 2, 1] if is_comment else [4, 1, 0, 0]
    kind = rng.choices(["answer", "delete", "resolve", "open"], weights)[0]
    world.trace.note(client.name, kind, thread_id[:8])
    message_id = str(uuid4())

    def act(server: Server) -> Act:
        if kind == "answer":
            return lambda: server.messages.add(caller, SPEC_ID, thread_id, message_id, "It is.")
        if kind == "delete":
            return lambda: server.threads.delete(caller, SPEC_ID, thread_id)
        state = ThreadState.RESOLVED if kind == "resolve" else ThreadState.OPEN
        return lambda: server.threads.set_state(caller, SPEC_ID, thread_id, state)

    await persist(world, client, act)


async def persist(world: World, client: Client, act: Callable[[Server], Act]) -> None:
    """Ask any server until one has done it; a few times at most."""
    for _ in range(TRIES):
        server = world.rng.choice(world.servers)

        async def admitted(server: Server = server) -> bool:
            await server.admit(client.user, SPEC_ID)
            await act(server)()
            return True

        if await server_call(server, admitted):
            return
        await asyncio.sleep(1.0)
