"""Who can be mentioned: those who may see the spec."""

from __future__ import annotations

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.errors import Unauthenticated
from jupyter_speccollab.service.access.tokens import GroupsOf
from jupyter_speccollab.service.threads.mentionable import Mentionable
from tests.service.faults import ADA, BOB, Serve, Serving, raising

ISSUER = "test"


async def known(server: Serving, login: str, name: str) -> str:
    """Let somebody have been here; returns the userId."""
    user = User(user_id_of(ISSUER, login), login, name, initials=name[0], issuer=ISSUER)
    await server.memory.save_user(user)
    return user.user_id


async def share(server: Serving, principal: str, role: Role | None = Role.VIEWER) -> None:
    granted = await server.memory.access(server.spec_id)
    now = server.services.documents.clock()
    await server.memory.change_access(granted, principal, role, ADA.user.user_id, now)


async def mentions(
    server: Serving, body: str, around: tuple[str, ...] = (), groups: GroupsOf | None = None
) -> tuple[str, ...]:
    access = server.services.access
    return await Mentionable(server.store, access, ISSUER, groups).mentions(server.spec_id, body, around)


@pytest.mark.parametrize("default", [Role.NONE, Role.VIEWER])
async def test_who_may_not_see_it_is_not_mentioned(serve: Serve, default: Role) -> None:
    server = await serve(default_role=default)
    eve = await known(server, "eve", "Eve")
    body = "@ada, @bob, @eve and @nobody"
    expected = [ADA.user.user_id] if default is Role.NONE else [ADA.user.user_id, BOB.user.user_id, eve]
    assert list(await mentions(server, body)) == expected
    await share(server, eve)
    assert eve in await mentions(server, body)


async def test_names_are_of_those_near_the_spec(serve: Serve) -> None:
    server = await serve(default_role=Role.VIEWER)
    eve, other = await known(server, "eve", "Eve"), await known(server, "eva", "Eve")
    assert await mentions(server, '@"Eve"') == ()
    assert await mentions(server, '@"Eve"', around=(eve,)) == (eve,)
    await share(server, other)
    assert set(await mentions(server, '@"Eve"', around=(eve,))) == {eve, other}


class TestGroups:
    async def test_members_by_what_the_hub_says(self, serve: Serve) -> None:
        server = await serve(default_role=Role.NONE)
        eve, mallory = await known(server, "eve", "Eve"), await known(server, "mallory", "Mallory")
        await share(server, "group:team")

        async def groups(login: str) -> frozenset[str]:
            if login == "gone":
                raise Unauthenticated("gone")
            return frozenset({"team"} if login == "eve" else {"others"})

        await known(server, "gone", "Gone")
        assert await mentions(server, "@eve @mallory @gone", groups=groups) == (eve,)
        assert await mentions(server, "@mallory", around=(mallory,), groups=groups) == ()

    async def test_without_a_hub_those_who_are_here(self, serve: Serve) -> None:
        server = await serve(default_role=Role.NONE)
        eve = await known(server, "eve", "Eve")
        assert await mentions(server, "@eve", around=(eve,)) == ()
        await share(server, "group:team")
        assert await mentions(server, "@eve") == ()
        assert await mentions(server, "@eve", around=(eve,)) == (eve,)


async def test_only_those_who_are_named_are_looked_up_in_groups(serve: Serve) -> None:
    server = await serve(default_role=Role.NONE)
    eve, mallory = await known(server, "eve", "Eve"), await known(server, "mallory", "Mallory")
    await share(server, "group:team")
    asked: list[str] = []

    async def groups(login: str) -> frozenset[str]:
        asked.append(login)
        return frozenset({"team"})

    assert await mentions(server, '@"Eve"', around=(eve, mallory), groups=groups) == (eve,)
    assert asked == ["eve"]


async def test_a_login_of_another_issuer_is_another_user(serve: Serve) -> None:
    server = await serve(default_role=Role.VIEWER)
    elsewhere = User(user_id_of("elsewhere", "eve"), "eve", "Eve", issuer="elsewhere")
    await server.memory.save_user(elsewhere)
    assert await mentions(server, "@eve", around=(elsewhere.user_id,)) == ()
    assert await mentions(server, '@"Eve"', around=(elsewhere.user_id,)) == (elsewhere.user_id,)


async def test_a_message_without_a_mention_reads_nothing(serve: Serve) -> None:
    server = await serve()
    server.store.fail("users", raising(AssertionError()))
    server.store.fail("access", raising(AssertionError()))
    assert await mentions(server, "no at sign") == ()
