"""The contract of opening and closing a store."""

from __future__ import annotations

from jupyter_speccollab.store.base import SpecRecord, Store
from tests.store.conftest import Connect
from tests.store.values import SPEC


async def test_a_second_server_reads_what_the_first_wrote(
    store: Store, spec: SpecRecord, connect: Connect
) -> None:
    other = await connect()
    assert await other.spec(SPEC) == spec
    await other.close()
    assert await store.spec(SPEC) == spec


async def test_a_probe_changes_nothing(store: Store, spec: SpecRecord) -> None:
    await store.probe()
    assert await store.spec(SPEC) == spec
