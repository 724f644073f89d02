"""Calls on threads without an HTTP server."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.service.threads.new_thread import NewThread
from jupyter_speccollab.store.base import ThreadKind, ThreadState
from tests.service.faults import ADA, BOB, Serving


async def comment(
    server: Serving, start: int, end: int, version: int = 1, caller: Caller = BOB, body: str = "Why?"
) -> str:
    """Comment on a range; returns the threadId."""
    new = NewThread(str(uuid4()), ThreadKind.COMMENT, start, end, version, body)
    await server.services.threads.open(caller, server.spec_id, new)
    return new.thread_id


async def suggest(
    server: Serving, start: int, end: int, replacement: str, version: int = 1, caller: Caller = BOB
) -> str:
    """Suggest a replacement; returns the threadId."""
    new = NewThread(str(uuid4()), ThreadKind.SUGGESTION, start, end, version, None, replacement)
    await server.services.threads.open(caller, server.spec_id, new)
    return new.thread_id


async def accept(server: Serving, thread_id: str, caller: Caller = ADA) -> dict[str, Any]:
    return await server.services.threads.set_state(caller, server.spec_id, thread_id, ThreadState.ACCEPTED)


async def resolve(server: Serving, thread_id: str, caller: Caller = ADA) -> dict[str, Any]:
    return await server.services.threads.set_state(caller, server.spec_id, thread_id, ThreadState.RESOLVED)


async def one(server: Serving, thread_id: str) -> dict[str, Any]:
    return await server.services.thread_reading.one(ADA, server.spec_id, thread_id)


def live_of(server: Serving) -> Any:
    """The open document of the server."""
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    return live
