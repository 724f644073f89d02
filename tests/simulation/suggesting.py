"""Suggesting: what people do with suggestions in a run. Often two accept one at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import msgspec

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.service.threads.new_thread import NewThread
from jupyter_speccollab.store.base import ThreadKind, ThreadState

from .attempt import Attempt
from .client import Client
from .commenting import TRIES, persist
from .passage import Passage
from .polling import Lost, request
from .rewording import meddle
from .server import SPEC_ID, Server
from .world import World

FOR_NOW: Final = frozenset({"STORE_UNAVAILABLE", "VERSION_CONFLICT", "RATE_LIMITED"})
"""Refusals after which people try again."""

MEDDLING: Final = 0.4
"""How often somebody edits a passage at the moment at which it is accepted."""


async def suggest(world: World, client: Client) -> None:
    """Suggest other words for a passage of the text that the server has acknowledged."""
    replica, rng = client.exchange.replica, world.rng
    assert replica is not None
    thread_id = str(uuid4())
    start = rng.randint(0, len(replica.committed))
    end = min(len(replica.committed), start + rng.choice([0, 4, 12, 40, 40, 80]))
    quote = replica.committed[start:end]
    replacement = _reworded(world, quote, f"suggestion {thread_id[:8]}")
    if replacement == quote:
        return
    passage = Passage(replica.version, start, end, quote, client.user.user_id, replacement)
    world.passages[thread_id] = passage
    world.trace.note(client.name, "suggests", f"for {start} to {end} of v{replica.version}", thread_id[:8])
    body = rng.choice([None, "Better so."])
    new = NewThread(thread_id, ThreadKind.SUGGESTION, start, end, replica.version, body, replacement)
    caller = Caller(client.user)
    await persist(world, client, lambda server: lambda: server.threads.open(caller, SPEC_ID, new))


def _reworded(world: World, quote: str, owner: str) -> str:
    """Other words for these: new ones, some more, some less, or changes at two places."""
    rng, marks = world.rng, world.marks
    one, other = sorted(rng.randint(0, len(quote)) for _ in range(2))
    match rng.choices(["new", "more", "less", "nothing", "two places"], [1, 4, 2, 1, 2])[0]:
        case "new":
            words = marks.text(owner)
        case "more":
            words = quote[:one] + marks.text(owner) + quote[one:]
        case "less":
            words = quote[:one] + quote[min(other, one + 3) :]
        case "nothing":
            words = ""
        case _:
            words = (
                quote[:one] + marks.text(owner) + quote[one + 1 : other] + marks.text(owner) + quote[other:]
            )
    marks.gone(owner)  # nobody has to accept it
    return words


async def decide(world: World, client: Client) -> None:
    """Accept an open suggestion that the client knows of, often with others at the same moment; or reject it."""
    rng = world.rng
    held = client.threads.held
    suggestions = sorted(key for key, thread in held.items() if thread.kind == ThreadKind.SUGGESTION)
    if not suggestions:
        return
    undecided = [key for key in suggestions if held[key].state == ThreadState.OPEN]
    thread_id = rng.choice(undecided or suggestions)
    kind = rng.choices(["accept", "together", "reject", "open"], [3, 4, 1, 1])[0]
    world.trace.note(client.name, kind, thread_id[:8])
    if kind in ("reject", "open"):
        state = ThreadState.REJECTED if kind == "reject" else ThreadState.OPEN
        caller = Caller(client.user)
        await persist(
            world, client, lambda server: lambda: server.threads.set_state(caller, SPEC_ID, thread_id, state)
        )
        return
    people = [client]
    if kind == "together":
        editors = [one for one in world.living if one.role >= Role.CONTRIBUTOR]
        people += rng.choices(editors or people, k=rng.choice([1, 2]))
    if rng.random() < MEDDLING:
        meddle(world, thread_id)
    await asyncio.gather(*(_accept(world, one, thread_id) for one in people))


async def _accept(world: World, client: Client, thread_id: str) -> None:
    """Accept a suggestion, by any server, and again until it is decided; every request is kept."""
    await asyncio.sleep(world.rng.choice([0.0, 0.0, 0.01, 0.1]))
    for _ in range(TRIES):
        attempt = await _attempt(world, client, world.rng.choice(world.servers), thread_id)
        world.attempts.append(attempt)
        world.trace.note(client.name, "is told", thread_id[:8], attempt.code or attempt.thread is not None)
        if attempt.thread is not None or attempt.code not in {None, *FOR_NOW}:
            return
        await asyncio.sleep(1.0)


async def _attempt(world: World, client: Client, server: Server, thread_id: str) -> Attempt:
    caller, sent = Caller(client.user), world.now

    async def act() -> Any:
        await server.admit(client.user, SPEC_ID)
        return await server.threads.set_state(caller, SPEC_ID, thread_id, ThreadState.ACCEPTED)

    code: str | None = None
    details: Mapping[str, Any] | None = None
    thread: Mapping[str, Any] | None = None
    try:
        thread = msgspec.json.decode(msgspec.json.encode(await request(server, act)))
    except Lost:
        pass
    except SpecCollabError as error:
        code, details = error.code, error.details
    return Attempt(thread_id, client.user.user_id, sent, world.now, code, details, thread)
