"""A role that changes while a call is under way: what counts is the role at the moment of the write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import Forbidden, SpecNotFound
from jupyter_speccollab.service.threads.new_thread import NewThread
from jupyter_speccollab.store.base import SpecMissing, StoredThread, ThreadKind, ThreadState
from tests.service.faults import ADA, BOB, Serve, Serving, after
from tests.service.threads.calls import accept, comment, suggest
from tests.service.threads.test_mentionable import share

BOB_ID = BOB.user.user_id


@dataclass(frozen=True)
class Threads:
    """A spec with a comment and a suggestion of Bob's."""

    server: Serving
    comment: str
    suggestion: str

    async def state(self, thread_id: str, state: ThreadState) -> Any:
        return await self.server.services.threads.set_state(BOB, self.server.spec_id, thread_id, state)

    async def stands(self) -> tuple[int, list[StoredThread], str]:
        """What the store has: the number of changes, the threads, and the text."""
        memory, spec_id = self.server.memory, self.server.spec_id
        number = (await memory.spec(spec_id)).threads_version
        return number, list(await memory.threads(spec_id)), await self.server.content()


async def open_one(threads: Threads) -> Any:
    new = NewThread(str(uuid4()), ThreadKind.COMMENT, 0, 3, 1, "Why?")
    return await threads.server.services.threads.open(BOB, threads.server.spec_id, new)


async def reply(threads: Threads) -> Any:
    messages, spec_id = threads.server.services.messages, threads.server.spec_id
    return await messages.add(BOB, spec_id, threads.comment, str(uuid4()), "Because.")


async def edit(threads: Threads) -> Any:
    messages, spec_id = threads.server.services.messages, threads.server.spec_id
    return await messages.edit(BOB, spec_id, threads.comment, "Why then?")


async def empty(threads: Threads) -> Any:
    messages, spec_id = threads.server.services.messages, threads.server.spec_id
    return await messages.delete(BOB, spec_id, threads.comment)


async def resolve(threads: Threads) -> Any:
    return await threads.state(threads.comment, ThreadState.RESOLVED)


async def reject(threads: Threads) -> Any:
    return await threads.state(threads.suggestion, ThreadState.REJECTED)


async def delete(threads: Threads) -> Any:
    return await threads.server.services.threads.delete(BOB, threads.server.spec_id, threads.comment)


async def accept_it(threads: Threads) -> Any:
    return await accept(threads.server, threads.suggestion, BOB)


Call = Callable[[Threads], Awaitable[Any]]
CALLS: list[tuple[Call, str]] = [
    (open_one, "write_thread"),
    (reply, "write_thread"),
    (edit, "write_thread"),
    (empty, "write_thread"),
    (resolve, "write_thread"),
    (reject, "write_thread"),
    (delete, "delete_thread"),
    (accept_it, "accept_suggestion"),
]
"""Each call of Bob's, and the call to the store by which it writes."""

every_call = pytest.mark.parametrize(("call", "write"), CALLS, ids=lambda each: getattr(each, "__name__", ""))


async def begun(serve: Serve, default: Role = Role.OWNER, mine: Role = Role.CONTRIBUTOR) -> Threads:
    server = await serve("The quick fox", default_role=default)
    await share(server, BOB_ID, mine)
    return Threads(server, await comment(server, 4, 9), await suggest(server, 4, 9, "slow"))


@every_call
@pytest.mark.parametrize(("left", "refusal"), [(Role.VIEWER, Forbidden), (None, SpecNotFound)])
async def test_a_role_taken_away_before_the_write_refuses_it(
    serve: Serve, call: Call, write: str, left: Role | None, refusal: type[Exception]
) -> None:
    """Another server takes it away, of which this one has not heard."""
    threads = await begun(serve, Role.NONE)
    before = await threads.stands()
    threads.server.store.fail(write, after(lambda: share(threads.server, BOB_ID, left)))
    with pytest.raises(refusal):
        await call(threads)
    assert await threads.stands() == before


@every_call
async def test_another_change_of_the_access_list_delays_nothing(serve: Serve, call: Call, write: str) -> None:
    threads = await begun(serve)
    number, _, _ = await threads.stands()
    threads.server.store.fail(write, after(lambda: share(threads.server, "group:team")))
    await call(threads)
    assert (await threads.stands())[0] == number + 1


@every_call
async def test_a_role_that_another_server_has_just_given_counts(serve: Serve, call: Call, write: str) -> None:
    threads = await begun(serve)
    await share(threads.server, BOB_ID, Role.VIEWER)
    await threads.server.services.documents.access_changed(threads.server.spec_id, 0)
    with pytest.raises(Forbidden):
        await call(threads)
    await share(threads.server, BOB_ID, Role.CONTRIBUTOR)
    number, _, _ = await threads.stands()
    await call(threads)
    assert (await threads.stands())[0] == number + 1


@every_call
async def test_nothing_is_written_to_a_spec_that_is_thrown_away_meanwhile(
    serve: Serve, call: Call, write: str
) -> None:
    threads = await begun(serve)
    before = await threads.stands()
    memory, spec_id = threads.server.memory, threads.server.spec_id
    now = threads.server.services.documents.clock()
    threads.server.store.fail(write, after(lambda: memory.trash_spec(spec_id, ADA.user.user_id, now)))
    with pytest.raises((SpecMissing, SpecNotFound)):
        await call(threads)
    await memory.undelete_spec(spec_id)
    assert await threads.stands() == before
