"""The contract of revoked tokens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from jupyter_speccollab.store.base import Store
from tests.store.values import moment


async def test_other_servers_see_the_latest_revocation(
    store: Store, connect: Callable[[], Awaitable[Store]]
) -> None:
    await store.revoke("jti:1", moment(1))
    await store.revoke("user:ada", moment(1))
    await store.revoke("user:ada", moment(5))
    other = await connect()
    found = {"jti:1": moment(1), "user:ada": moment(5)}
    assert await other.revoked(["jti:1", "user:ada", "jti:2", "user:%"]) == found
    assert await store.revoked([]) == {}
