"""An accepted suggestion: its letters belong to who suggested, and the version to who accepted it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec import json

from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.service.history.sittings import Asked
from jupyter_speccollab.store.base import ThreadState
from jupyter_speccollab.text import Operation
from tests.service.faults import ADA, BOB, Serve, Serving, somebody
from tests.service.history.compacted import LATER
from tests.service.history.test_attribution import runs
from tests.store.values import a_thread, an_operation

GRACE = somebody("grace")


async def accepted(serve: Serve) -> Serving:
    """Version 1 is Ada's text "text"; with version 2 Bob accepts Grace's suggestion to begin it with "new "."""
    server = await serve("text")
    await server.services.documents.save_user(GRACE.user)
    await accept(server, 2, "new ", GRACE.user)
    return server


async def accept(server: Serving, version: int, added: str, author: User) -> None:
    """Commit the acceptance of ``author``'s suggestion by Bob, as another server does."""
    store, spec_id = server.memory, server.spec_id
    spec = await store.spec(spec_id)
    thread = a_thread(version, changed=spec.threads_version + 1, by=author, replacement=added, quote="")
    await store.write_thread(spec_id, spec.threads_version, thread)
    done = replace(
        thread,
        changed=thread.changed + 1,
        state=ThreadState.ACCEPTED,
        accepted_version=version,
        resolved_by=BOB.user.user_id,
        resolved_at=spec.modified_at,
    )
    made = an_operation(
        version, by=BOB.user, operation=Operation.of(added), base="text", suggested_by=author, thread=version
    )
    await store.accept_suggestion(spec_id, thread.changed, done, spec.access_version, made)


async def hunks(server: Serving, version: int) -> Any:
    answer = await server.services.revisions.diff(ADA, server.spec_id, version, version - 1)
    return json.decode(answer["hunks"])


async def test_its_letters_are_written_by_who_suggested(serve: Serve) -> None:
    server = await accepted(serve)
    told = await runs(server, 2)
    assert [(length, version, who) for length, version, who, _ in told] == [
        (4, 2, GRACE.user.user_id),
        (4, 1, ADA.user.user_id),
    ]


@pytest.mark.parametrize("is_folded", [False, True])
async def test_hunks_and_changes_name_who_suggested(serve: Serve, is_folded: bool) -> None:
    server = await accepted(serve)
    if is_folded:
        await folded(server)
        server = await server.another()
    (hunk,) = await hunks(server, 2)
    assert [person["userId"] for person in hunk["authors"]] == [GRACE.user.user_id]
    changes = await server.services.changes.between(ADA, server.spec_id, 1, 2)
    (entry,) = json.decode(changes["entries"])
    assert [person["userId"] for person in entry["people"]] == [GRACE.user.user_id]
    assert (await runs(server, 2))[0][2] == GRACE.user.user_id


async def folded(server: Serving) -> None:
    compaction = Compaction(server.memory, LATER)
    plan = await compaction.plan(server.spec_id)
    assert plan is not None
    assert await compaction.carry_out(plan)


async def test_sittings_name_both_and_the_version_is_of_who_accepted(serve: Serve) -> None:
    server = await accepted(serve)
    page = await server.services.history.page(ADA, server.spec_id, Asked())
    people = {person["userId"]: person["operations"] for row in page["sittings"] for person in row["people"]}
    assert people == {ADA.user.user_id: 1, BOB.user.user_id: 1, GRACE.user.user_id: 1}
    spec = await server.memory.spec(server.spec_id)
    assert spec.modified_by == BOB.user.user_id
    read = await server.services.revisions.at(ADA, server.spec_id, 2)
    assert read["modifiedBy"] == BOB.user.user_id
    unread = await server.memory.read_states(GRACE.user.user_id, [server.spec_id])
    assert unread[server.spec_id].unread == 2, "it is new to who suggested it: Bob made the version"


async def test_the_log_names_who_suggested(serve: Serve) -> None:
    server = await accepted(serve)
    page = await server.services.operation_pages.page(ADA, server.spec_id, 0, 10)
    assert [person["userId"] for person in page["people"]] == [ADA.user.user_id, GRACE.user.user_id]


async def test_ones_own_suggestion_is_ones_own_edit(serve: Serve) -> None:
    server = await serve("text")
    await accept(server, 2, "new ", BOB.user)
    page = await server.services.history.page(ADA, server.spec_id, Asked())
    people = {person["userId"]: person["operations"] for row in page["sittings"] for person in row["people"]}
    assert people == {ADA.user.user_id: 1, BOB.user.user_id: 1}
