"""Stores of each kind, as in the contract suite of the store, and an archive to read."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_speccollab.store.memory import MemoryStore
from tests.archive.files import export
from tests.archive.histories import add_history
from tests.store.conftest import connect

__all__ = ["archive", "connect"]


@pytest.fixture
def archive(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Path:
    """An archive of the short history in `add_history`."""

    async def make() -> None:
        store = MemoryStore()
        await add_history(store)
        await export(store, path)

    path = tmp_path / "spec.jsonl.gz"
    jp_asyncio_loop.run_until_complete(make())
    return path
