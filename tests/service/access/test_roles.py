"""Changes of roles during editing, on the same server and on another."""

from __future__ import annotations

import asyncio
import json

import pytest

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import Forbidden, LastOwner, SpecNotFound
from jupyter_speccollab.service.specs.document_text import Save
from tests.service.faults import ADA, BOB, Serve, Serving, after, held, somebody


async def give(server: Serving, named: str, role: Role, caller: Caller = ADA) -> None:
    await server.services.collaborators.give(caller, server.spec_id, named, role)


async def private(serve: Serve, role: Role) -> tuple[Serving, Serving]:
    """Two servers with one spec that Ada shares only with Bob, who has this role."""
    server = await serve("text", default_role=Role.NONE)
    await give(server, "user:bob", role)
    return server, await server.another()


async def test_a_role_taken_away_holds_for_what_is_under_way(serve: Serve) -> None:
    """Another server makes Bob a viewer while his edit is being committed with Ada's. Only Ada's is committed."""
    server, other = await private(serve, Role.CONTRIBUTOR)
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    server.store.fail("commit", held(gate := asyncio.Event()))
    await two.edit(1, {"type": "insert", "position": 0, "content": "b"})
    await one.edit(1, {"type": "insert", "position": 0, "content": "a"})
    await asyncio.sleep(0.01)
    await give(other, "user:bob", Role.VIEWER)
    gate.set()
    assert (await two.expect("role_changed")) == {"role": "viewer"}
    refused = await two.until("operation_ack")
    assert (refused["success"], refused["code"]) == (False, "FORBIDDEN")
    assert (await one.until("operation_ack"))["success"] is True
    assert await server.content() == "atext"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER])
async def test_who_may_not_edit_has_a_cursor_but_no_edit_is_taken(serve: Serve, role: Role) -> None:
    server, _ = await private(serve, role)
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    assert two.welcome["role"] == role.label
    await two.edit(1, {"type": "insert", "position": 0, "content": "b"})
    refused = await two.until("operation_ack")
    assert (refused["success"], refused["code"]) == (False, "FORBIDDEN")
    with pytest.raises(Forbidden):
        await server.services.contents.save(BOB, server.spec_id, Save("newer", 1))
    await two.say("cursor_update", cursor={"line": 0, "column": 2}, version=1)
    assert (await one.until("remote_cursor"))["userId"] == BOB.user.user_id
    assert await server.content() == "text"


async def test_a_contributor_who_becomes_a_commenter_edits_no_more(serve: Serve) -> None:
    server, other = await private(serve, Role.CONTRIBUTOR)
    two = await server.client(BOB)
    server.store.fail("commit", after(lambda: give(other, "user:bob", Role.COMMENTER)))
    await two.edit(1, {"type": "insert", "position": 0, "content": "b"})
    assert (await two.until("role_changed")) == {"role": "commenter"}
    refused = await two.until("operation_ack")
    assert (refused["success"], refused["code"]) == (False, "FORBIDDEN")
    assert await server.content() == "text"


async def test_losing_all_access_closes_the_session_and_refuses_its_pending_edits(serve: Serve) -> None:
    server, other = await private(serve, Role.CONTRIBUTOR)
    two = await server.client(BOB)
    server.store.fail(
        "commit", after(lambda: other.services.collaborators.remove(ADA, server.spec_id, "user:bob"))
    )
    await two.edit(1, {"type": "insert", "position": 0, "content": "b"})
    assert (await two.until("role_changed")) == {"role": None}
    assert two.outbox.closed == 4403
    assert await server.content() == "text"
    with pytest.raises(SpecNotFound):
        await server.client(BOB)


async def test_a_pending_save_and_restore_are_refused_too(serve: Serve) -> None:
    server, other = await private(serve, Role.ADMIN)
    contents, revisions = server.services.contents, server.services.revisions
    await contents.save(BOB, server.spec_id, Save("newer", 1))

    async def lower() -> None:
        await give(other, "user:bob", Role.VIEWER)

    server.store.fail("commit", after(lower))
    with pytest.raises(Forbidden):
        await contents.save(BOB, server.spec_id, Save("newest", 2))
    await give(other, "user:bob", Role.ADMIN)

    async def lower_a_little() -> None:
        await give(other, "user:bob", Role.CONTRIBUTOR)

    server.store.fail("commit", after(lower_a_little))
    with pytest.raises(Forbidden):
        await revisions.restore(BOB, server.spec_id, 1)
    assert await server.content() == "newer"
    await contents.save(BOB, server.spec_id, Save("newest", 2))


async def test_a_role_given_on_another_server_holds_for_the_next_edit(serve: Serve) -> None:
    server, other = await private(serve, Role.VIEWER)
    two = await server.client(BOB)
    await give(other, "user:bob", Role.CONTRIBUTOR)
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    live.committer.request_catch_up()  # as happens every second, and with each news
    assert (await two.expect("role_changed")) == {"role": "contributor"}
    await two.edit(1, {"type": "insert", "position": 0, "content": "b"})
    assert (await two.expect("operation_ack"))["success"] is True


async def test_a_change_of_role_reaches_other_tabs_and_resumed_sessions(serve: Serve) -> None:
    server, _ = await private(serve, Role.CONTRIBUTOR)
    one, two, lost = [await server.client(BOB) for _ in range(3)]
    lost.conversation.lost()
    await give(server, "user:bob", Role.VIEWER)
    for client in (one, two):
        assert (await client.until("role_changed")) == {"role": "viewer"}
    again = await server.client(BOB, sessionId=lost.welcome["sessionId"])
    assert (again.welcome["sessionId"], again.welcome["role"]) == (lost.welcome["sessionId"], "viewer")
    lost.conversation.lost()
    again.conversation.lost()
    ada = await server.client()
    await server.services.collaborators.remove(ADA, server.spec_id, "user:bob")
    assert (one.outbox.closed, two.outbox.closed) == (4403, 4403)
    assert [row["userName"] for row in (await ada.until("user_left"))["activeUsers"]] == ["Ada"]


async def test_members_have_the_role_of_their_group(serve: Serve) -> None:
    server, _ = await private(serve, Role.VIEWER)
    eve = somebody("eve")
    member = Caller(eve.user, frozenset({"team"}))
    await server.services.documents.save_user(eve.user)
    await give(server, "group:team", Role.CONTRIBUTOR)
    assert (await server.client(member)).welcome["role"] == "contributor"
    with pytest.raises(SpecNotFound):
        await server.client(eve)
    await give(server, "user:eve", Role.VIEWER)
    assert (await server.client(member)).welcome["role"] == "viewer"


async def test_two_owners_who_leave_at_once_leave_one_owner(serve: Serve) -> None:
    server, other = await private(serve, Role.OWNER)
    gone = await asyncio.gather(
        server.services.collaborators.remove(ADA, server.spec_id, "user:ada"),
        other.services.collaborators.remove(BOB, server.spec_id, "user:bob"),
        return_exceptions=True,
    )
    assert sorted(type(outcome) for outcome in gone if outcome) == [LastOwner]
    assert len((await server.memory.access(server.spec_id)).owners) == 1


async def test_an_owner_who_is_demoted_meanwhile_can_not_make_owners(serve: Serve) -> None:
    """The permission is checked on the access list to which the change is applied."""
    server, other = await private(serve, Role.OWNER)

    async def lower() -> None:
        await give(other, "user:bob", Role.ADMIN)

    server.store.fail("change_access", after(lower))
    with pytest.raises(Forbidden):
        await give(server, "user:eve", Role.OWNER, BOB)
    entries = (await server.memory.access(server.spec_id)).entries
    assert sorted(entries.values()) == [Role.ADMIN, Role.OWNER]


async def test_narrowed_credentials_hold_for_the_session(serve: Serve) -> None:
    server, _ = await private(serve, Role.ADMIN)
    two = await server.client(BOB)
    two.conversation.renew(Caller(BOB.user, most=Role.VIEWER))
    assert (await two.expect("role_changed")) == {"role": "viewer"}
    await two.edit(1, {"type": "insert", "position": 0, "content": "b"})
    assert (await two.expect("operation_ack"))["code"] == "FORBIDDEN"
    two.conversation.renew(BOB)
    assert (await two.expect("role_changed")) == {"role": "admin"}
    assert json.dumps(two.unread()) == "[]"
