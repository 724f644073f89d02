"""Moments between two servers that the simulation comes upon seldom, each by itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import RateLimited
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.queued import Accepted, Outcome, QueuedSubmission
from jupyter_speccollab.service.specs.specs import NewSpec, Specs
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Operation

from .server import SPEC_ID
from .world import user_named

ADA = user_named("ada")


def submission(number: int, content: str) -> Submission:
    """An insert at the start of the first version."""
    return Submission(str(UUID(int=number)), ADA, 1, Operation.of(content), fingerprint=str(number))


async def two_servers() -> tuple[Documents, Documents]:
    """Two servers on one store, which holds a spec at version 1."""
    store = MemoryStore()
    access = Access(store, Role.OWNER)
    one, other = (Documents(store, Limits(), access, lambda: datetime.now(UTC)) for _ in range(2))
    await one.save_user(ADA)
    await Specs(one, access).create(Caller(ADA), NewSpec("Races", "text", spec_id=SPEC_ID))
    await other.ready()
    return one, other


async def outcomes(documents: Documents, *entries: tuple[Submission, RateLimited | None]) -> list[Outcome]:
    """What becomes of submissions that come in at one moment."""
    async with documents.use(SPEC_ID) as live:
        told: list[asyncio.Future[Outcome]] = [asyncio.get_running_loop().create_future() for _ in entries]
        for (made, refusal), future in zip(entries, told, strict=True):
            live.committer.submit(QueuedSubmission(made, Caller(ADA), future.set_result, refusal))
        return await asyncio.gather(*told)


async def test_a_repeat_from_another_server_does_not_spoil_the_group_that_it_comes_in() -> None:
    """To answer it the document moves on; what was staged with it has to be staged anew."""
    here, there = await two_servers()
    try:
        async with here.use(SPEC_ID):  # it is open, at version 1, when the other server commits
            assert await outcomes(there, (submission(1, "a"), None)) == [Accepted(2)]
            told = await outcomes(
                here, (submission(2, "b"), None), (submission(1, "a"), RateLimited("Wait."))
            )
        assert told == [Accepted(3), Accepted(2, repeat=True)]
    finally:
        await here.close()
        await there.close()
