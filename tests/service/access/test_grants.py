"""The access list of an open document: the roles, and when the list is read again."""

from __future__ import annotations

from jupyter_speccollab.bus.memory import MemoryBus, MemoryHub
from jupyter_speccollab.bus.news import ACCESS, Changed
from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.access.roles import Access
from tests.service.faults import ADA, BOB, Serve, Serving


async def shared_with_bob(serve: Serve, role: Role) -> Serving:
    server = await serve("text", default_role=Role.NONE)
    await server.services.collaborators.give(ADA, server.spec_id, "user:bob", role)
    return server


async def test_a_change_is_reported_once_and_gives_other_roles(serve: Serve) -> None:
    server = await shared_with_bob(serve, Role.VIEWER)
    reported: list[int] = []
    old = await server.memory.access(server.spec_id)
    grants = Grants(
        server.memory, Access(server.memory, Role.NONE), old, lambda: reported.append(grants.version)
    )
    await grants.read()
    assert (grants.version, reported) == (old.version, [])
    assert [grants.role_of(caller) for caller in (ADA, BOB)] == [Role.OWNER, Role.VIEWER]
    await server.services.collaborators.give(ADA, server.spec_id, "user:bob", Role.ADMIN)
    assert grants.role_of(BOB) is Role.VIEWER
    await grants.read()
    await grants.read()
    assert reported == [old.version + 1]
    assert grants.role_of(BOB) is Role.ADMIN


async def test_the_default_role_counts_for_whoever_is_not_named(serve: Serve) -> None:
    server = await serve()
    access_list = AccessList(server.spec_id, 3, {ADA.user.user_id: Role.OWNER})
    grants = Grants(server.memory, Access(server.memory, Role.VIEWER), access_list, lambda: None)
    assert grants.role_of(BOB) is Role.VIEWER


async def test_a_change_of_roles_is_published_once_with_its_version(serve: Serve) -> None:
    server = await shared_with_bob(serve, Role.VIEWER)
    hub = MemoryHub()
    server.services.documents.bus = here = MemoryBus(hub)
    elsewhere = MemoryBus(hub)
    await here.open()
    await elsewhere.open()
    news: list[object] = []
    await elsewhere.subscribe(server.spec_id, news.append)
    news.clear()
    await server.services.collaborators.give(ADA, server.spec_id, "user:bob", Role.ADMIN)
    version = (await server.memory.access(server.spec_id)).version
    await server.content()
    assert news == [Changed(ACCESS, version)]
