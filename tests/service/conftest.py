"""Services without an HTTP server, stopped after each test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.memory import MemoryStore
from tests.service.faults import Serve, Serving


@pytest.fixture
def serve(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Serve]:
    """Start services over a `FaultyStore`, with one spec."""
    started: list[Serving] = []

    async def start(content: str = "text", default_role: Role = Role.OWNER, **limits: int) -> Serving:
        started.append(Serving(MemoryStore(), default_role=default_role, **limits))
        return await started[-1].start(content)

    yield start
    for server in started:
        jp_asyncio_loop.run_until_complete(server.close())
