"""The trash as a service: what a deletion ends, who may restore, and how much is done at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jupyter_speccollab.bus.memory import MemoryBus, MemoryHub
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import Forbidden, SpecNotFound, StoreUnavailable
from jupyter_speccollab.service.access.audit import Audit
from jupyter_speccollab.service.services import build
from jupyter_speccollab.service.specs import trash
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.memory import MemoryStore
from tests.service.faults import ADA, BOB, Client, FaultyStore, Serve, raising


class Clock:
    """A time of day that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Server:
    """Services whose clock the test sets, over a store that can fail."""

    def __init__(self, *, days: int = 30, role: Role = Role.NONE) -> None:
        self.audited: list[tuple[str, dict[str, Any]]] = []
        self.store = FaultyStore(MemoryStore())
        audit = Audit(lambda name, data: self.audited.append((name, data)))
        self.services = build(self.store, Limits(), role, "test", audit=audit, trash_days=days)
        self.trash = self.services.trash
        self.clock = self.services.documents.clock = Clock()

    async def spec(self, title: str = "Spec") -> str:
        for caller in (ADA, BOB):
            await self.services.documents.save_user(caller.user)
        return str((await self.services.specs.create(ADA, NewSpec(title, "text")))["specId"])

    async def share(self, spec_id: str, role: Role) -> None:
        await self.services.collaborators.give(ADA, spec_id, BOB.user.user_id, role)

    async def trashed(self, caller: Caller = ADA) -> list[str]:
        page = await self.trash.page(caller, "", None, 50)
        return [entry["title"] for entry in page["specs"]]


Start = Callable[..., Server]


@pytest.fixture
def start(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Start]:
    """Makes servers that are closed after the test."""
    made: list[Server] = []

    def one(**options: Any) -> Server:
        made.append(Server(**options))
        return made[-1]

    yield one
    for server in made:
        jp_asyncio_loop.run_until_complete(server.services.documents.close())


async def test_a_deletion_ends_sessions_and_can_be_undone_with_the_text(start: Start) -> None:
    server = start()
    spec_id = await server.spec()
    client = await Client(server.services, spec_id, ADA).join()
    await server.trash.delete(ADA, spec_id)
    await client.until("document_deleted")
    for call in (server.services.specs.get, server.services.contents.read):
        with pytest.raises(SpecNotFound):
            await call(ADA, spec_id)
    (entry,) = (await server.trash.page(ADA, "", None, 50))["specs"]
    assert entry["deletedAt"] == "2026-11-29T12:00:00.000Z"
    assert entry["endsAt"] == "2026-12-29T12:00:00.000Z"
    assert (entry["deletedByName"], entry["role"]) == ("Ada", "owner")
    back = await server.trash.undelete(ADA, spec_id)
    assert (back["title"], back["version"]) == ("Spec", 1)
    assert (await Client(server.services, spec_id, ADA).join()).welcome["content"] == "text"
    assert await server.trash.undelete(ADA, spec_id) == await server.services.specs.get(ADA, spec_id)
    names = [name for name, _ in server.audited if name.startswith("spec-")]
    assert names == ["spec-created", "spec-deleted", "spec-undeleted"]


async def test_whoever_typed_at_that_moment_keeps_it(serve: Serve) -> None:
    """The edit is refused, not lost: its client shows it."""
    server = await serve()
    client = await server.client()
    await server.memory.trash_spec(server.spec_id, ADA.user.user_id, datetime.now(UTC))
    await client.edit(1, {"type": "insert", "position": 0, "content": "late"})
    await client.until("document_deleted")
    await server.memory.undelete_spec(server.spec_id)
    assert await server.content() == "text"


async def test_another_server_ends_its_sessions_too() -> None:
    store, hub = MemoryStore(), MemoryHub()
    one, other = (build(store, Limits(), Role.OWNER, "test", bus=MemoryBus(hub)) for _ in range(2))
    for server in (one, other):
        await server.documents.save_user(ADA.user)
    spec_id = (await one.specs.create(ADA, NewSpec("Spec", "text")))["specId"]
    there = await Client(other, spec_id, ADA).join()
    await one.trash.delete(ADA, spec_id)
    await there.until("document_deleted")
    await one.trash.undelete(ADA, spec_id)
    assert (await Client(other, spec_id, ADA).join()).welcome["content"] == "text"
    for server in (one, other):
        await server.documents.close()


async def test_only_owners_see_restore_and_end_what_is_in_the_trash(start: Start) -> None:
    server = start()
    spec_id = await server.spec()
    for role, error in ((Role.NONE, SpecNotFound), (Role.VIEWER, Forbidden), (Role.ADMIN, Forbidden)):
        if role is not Role.NONE:
            await server.share(spec_id, role)
        with pytest.raises(error):
            await server.trash.delete(BOB, spec_id)
        await server.trash.delete(ADA, spec_id)
        with pytest.raises(error):
            await server.trash.undelete(BOB, spec_id)
        with pytest.raises(error):
            await server.trash.delete(BOB, spec_id, permanently=True)
        with pytest.raises(SpecNotFound):
            await server.trash.delete(ADA, spec_id)
        assert (await server.trashed(BOB), await server.trashed(ADA)) == ([], ["Spec"])
        await server.trash.undelete(ADA, spec_id)
    await server.share(spec_id, Role.OWNER)
    await server.trash.delete(BOB, spec_id)
    assert await server.trashed(BOB) == await server.trashed(ADA) == ["Spec"]
    await server.trash.delete(ADA, spec_id, permanently=True)
    assert await server.trashed(BOB) == []
    with pytest.raises(SpecNotFound):
        await server.trash.undelete(BOB, spec_id)


async def test_where_everybody_is_owner_a_lower_role_of_ones_own_counts(start: Start) -> None:
    server = start(role=Role.OWNER)
    spec_id = await server.spec()
    await server.trash.delete(BOB, spec_id)
    assert await server.trashed(BOB) == await server.trashed(ADA) == ["Spec"]
    await server.trash.undelete(BOB, spec_id)
    await server.share(spec_id, Role.VIEWER)
    await server.trash.delete(ADA, spec_id)
    assert (await server.trashed(BOB), await server.trashed(ADA)) == ([], ["Spec"])


async def test_without_a_trash_a_deletion_is_for_good(start: Start) -> None:
    server = start(days=0)
    spec_id = await server.spec()
    await server.trash.delete(ADA, spec_id)
    with pytest.raises(SpecNotFound):
        await server.trash.undelete(ADA, spec_id)
    assert server.services.documents.quotas.total.specs == 0
    assert server.audited[-1][1]["permanently"] is True


async def test_time_ends_what_is_in_the_trash_one_spec_a_transaction(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    specs = [await server.spec(f"Spec {number}") for number in range(2 * trash.AT_ONCE + 1)]
    for spec_id in specs:
        await server.trash.delete(ADA, spec_id)
    server.clock.now += timedelta(days=30) - timedelta(seconds=1)
    assert await server.trash.sweep() == 0
    await server.trash.undelete(ADA, specs[0])
    server.clock.now += timedelta(seconds=1)
    others: list[float] = []

    async def pause(seconds: float) -> None:
        others.append(seconds)

    monkeypatch.setattr("jupyter_speccollab.service.specs.trash.asyncio.sleep", pause)
    assert await server.trash.sweep() == len(specs) - 1
    assert others == [trash.PAUSE] * (len(specs) - 1)  # somebody else's turn after each
    assert await server.trashed() == []
    assert (await server.services.specs.get(ADA, specs[0]))["title"] == "Spec 0"
    expired = [data["specId"] for name, data in server.audited if name == "spec-expired"]
    assert sorted(expired) == sorted(specs[1:])


async def test_a_sweep_that_fails_is_repeated(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start(days=0)
    spec_id = await server.spec()
    await server.store.trash_spec(spec_id, ADA.user.user_id, server.clock.now)
    server.store.fail("expired", raising(StoreUnavailable("away")), raising(RuntimeError("odd")))
    monkeypatch.setattr(trash, "RETRY", 0.001)
    monkeypatch.setattr(trash, "PAUSE", 0)
    server.trash.start()
    async with asyncio.timeout(10):
        while (await server.store.trash_usage()).specs:  # noqa: ASYNC110 (the store tells nobody)
            await asyncio.sleep(0.005)
    await server.trash.close()
