"""Long computations of all documents take turns, and leave the event loop to others in between."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from jupyter_speccollab.service.time_slice import PAUSE, BackgroundSlices


async def test_slices_run_one_at_a_time_in_order_with_a_pause_after_each() -> None:
    slices = BackgroundSlices()
    begun: list[tuple[str, float]] = []
    loop = asyncio.get_running_loop()

    async def compute(name: str) -> None:
        for _ in range(3):
            async with slices.next():
                begun.append((name, loop.time()))

    await asyncio.gather(*(compute(name) for name in "abc"))
    assert "".join(name for name, _ in begun) == "abcabcabc"
    assert all(later - at >= PAUSE / 2 for (_, at), (_, later) in pairwise(begun))


async def test_one_that_fails_leaves_the_turn_to_the_next() -> None:
    slices = BackgroundSlices()
    for _ in range(2):
        try:
            async with slices.next():
                raise ValueError
        except ValueError:
            continue
    async with asyncio.timeout(10), slices.next():
        pass
