"""Long texts: those of one user wait for each other while somebody else types."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.long_texts import LONG, LONGEST, RATE, LongTexts
from jupyter_speccollab.service.rate_limiter import RateLimiter
from jupyter_speccollab.service.specs.document_text import Save
from jupyter_speccollab.service.specs.specs import NewSpec
from tests.service import faults
from tests.service.faults import Serve

ADA, BOB = User("jupyter:ada", "ada", "Ada"), User("jupyter:bob", "bob", "Bob")
TOLERANCE = 1e-6


class Server:
    """A server with a clock of its own, on which somebody types at each step of it, or nobody does."""

    def __init__(self, types: User | None = BOB) -> None:
        self.now = 1_000.0
        self.edits = RateLimiter(1_000_000)
        self.types = types
        self.texts = LongTexts(self.edits, lambda: self.now, self.sleep)
        self.type()

    def type(self) -> None:
        if self.types is not None:
            self.edits.take(self.types.user_id, self.now)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.type()
        await asyncio.sleep(0)

    async def stored(self, user: User, *lengths: int) -> list[float]:
        """When texts of these lengths are stored that come at the same time, in seconds from then on."""
        begun, times = self.now, list[float]()

        async def store(length: int) -> None:
            await self.texts.turn(user, length)
            times.append(self.now - begun)

        await asyncio.gather(*map(store, lengths))
        return times


async def test_the_first_is_stored_at_once_and_the_next_when_its_time_has_come() -> None:
    assert await Server().stored(ADA, 2 * RATE, RATE, RATE) == [0.0, 2.0, 3.0]


async def test_nothing_waits_while_nobody_else_types() -> None:
    assert await Server(types=None).stored(ADA, 9 * RATE, 9 * RATE) == [0.0, 0.0]
    assert await Server(types=ADA).stored(ADA, 9 * RATE, 9 * RATE) == [0.0, 0.0]


async def test_what_waits_is_stored_soon_after_the_others_have_stopped() -> None:
    server = Server()
    server.types = None
    (first, second) = await server.stored(ADA, 9 * RATE, RATE)
    assert first == 0.0
    assert second < LONGEST / 2


async def test_short_texts_and_those_of_others_wait_for_nothing() -> None:
    server = Server()
    assert await server.stored(ADA, 9 * RATE) == [0.0]
    assert await server.stored(ADA, LONG - 1) == [0.0]
    server.types = ADA
    assert await server.stored(BOB, RATE) == [0.0]


async def test_a_text_waits_no_longer_than_a_bound() -> None:
    assert await Server().stored(ADA, 1_000 * RATE, RATE, RATE) == [0.0, LONGEST, LONGEST + 1.0]


async def test_who_stops_waiting_holds_nobody_up() -> None:
    server = Server()
    await server.texts.turn(ADA, 9 * RATE)
    left = asyncio.create_task(server.texts.turn(ADA, RATE))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    assert await server.stored(BOB, RATE) == [0.0]
    (waited,) = await server.stored(ADA, RATE)
    assert waited <= LONGEST


async def test_saves_new_specs_labels_and_restores_take_their_turns(serve: Serve) -> None:
    text = "x" * LONG
    server = await serve(text)
    asked: list[int] = []

    class Asked(LongTexts):
        async def turn(self, user: User, length: int) -> None:
            asked.append(length)

    services, spec_id, ada = server.services, server.spec_id, faults.ADA
    services.documents.long_texts = Asked(RateLimiter(0), lambda: 0.0)
    await services.contents.save(ada, spec_id, Save(text + "y", 1))
    await services.contents.save(ada, spec_id, Save("short", 2))
    await services.revisions.restore(ada, spec_id, 2)
    await services.revisions.label(ada, spec_id, "long again")
    await services.specs.create(ada, NewSpec("Another", text + "zz"))
    assert asked == [LONG + 1, 5, LONG + 1, LONG + 1, LONG + 2]


@given(st.lists(st.integers(LONG, 10 * RATE), min_size=2, max_size=8))
def test_a_user_stores_so_much_a_second_in_order(lengths: list[int]) -> None:
    times = asyncio.run(Server().stored(ADA, *lengths))
    assert times == sorted(times)
    for length, (before, after) in zip(lengths, pairwise(times), strict=False):
        assert after - before >= min(length / RATE, LONGEST) - TOLERANCE
