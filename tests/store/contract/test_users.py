"""The contract of users."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from jupyter_speccollab.store.base import RevisionKind, Store
from tests.store.values import ADA, BOB, NOBODY, SPEC, a_session, a_snapshot, a_spec, moment, some_operations


async def test_users_are_saved_and_found(store: Store) -> None:
    assert await store.users([ADA.user_id, BOB.user_id, NOBODY]) == {ADA.user_id: ADA, BOB.user_id: BOB}
    assert await store.users([]) == {}
    await store.save_user(ADA)
    changed = replace(ADA, name="Countess of Lovelace", color="")
    await store.save_user(changed)
    assert await store.users([ADA.user_id]) == {ADA.user_id: changed}


async def test_introducing_a_known_user_changes_nothing(store: Store) -> None:
    eve = replace(BOB, user_id=NOBODY, login="eve", name="eve")
    await store.introduce_user(eve)
    await store.introduce_user(replace(eve, name="Eve"))
    await store.introduce_user(replace(ADA, name="somebody else"))
    assert await store.users([NOBODY, ADA.user_id]) == {NOBODY: eve, ADA.user_id: ADA}


async def test_a_user_saved_by_two_servers_at_once_is_one(
    store: Store, connect: Callable[[], Awaitable[Store]]
) -> None:
    servers = [store, await connect()] * 3
    await asyncio.gather(*(server.save_user(BOB) for server in servers))
    await asyncio.gather(*(server.save_user(ADA) for server in servers))
    assert await store.users([ADA.user_id, BOB.user_id]) == {ADA.user_id: ADA, BOB.user_id: BOB}


async def test_a_changed_name_is_returned_everywhere(store: Store) -> None:
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.commit(SPEC, 0, 1, some_operations(1, 1))
    await store.save_snapshot(SPEC, a_snapshot(1, "1 ", RevisionKind.AUTO))
    await store.add_sessions([a_session(at=1)])
    await store.save_user(replace(ADA, name="Countess"))
    assert (await store.spec(SPEC)).modified_by_name == "Countess"
    assert (await store.spec(SPEC)).modified_at == moment(1)
    assert (await store.operations(SPEC, 0))[0].user_name == "Countess"
    assert [revision.created_by_name for revision in await store.revisions(SPEC)] == ["Countess"] * 2
    assert (await store.sessions([SPEC]))[0].user_name == "Countess"


async def test_users_are_found_by_login_in_any_case_and_normal_form(store: Store) -> None:
    zoe = [
        replace(ADA, user_id=NOBODY[:-1] + str(number), login=login)
        for number, login in enumerate(["Zo\u00eb", "zoe\u0308", "ZO\u00cb"])
    ]
    for user in [*zoe, replace(BOB, user_id=NOBODY[:-1] + "8", login="zo\u00eb", issuer="another")]:
        await store.save_user(user)
    assert await store.users_called(ADA.issuer, "zO\u00cb") == sorted(zoe, key=lambda user: user.login)
    assert await store.users_called(ADA.issuer, ADA.login.upper()) == [ADA]
    assert await store.users_called(ADA.issuer, "zo") == []
