"""The contract of noticing other servers on the same database."""

from __future__ import annotations

import pytest

from jupyter_speccollab.store.base import Store
from tests.store.conftest import Connect
from tests.store.values import SPEC, some_operations


@pytest.mark.usefixtures("spec")
async def test_a_commit_of_another_server_is_noticed(store: Store, connect: Connect) -> None:
    other = await connect()
    await store.changed_elsewhere()
    await other.commit(SPEC, 0, 1, some_operations(1, 1))
    if other is not store:  # a store in memory has no other process
        assert await store.changed_elsewhere()
