"""Turns: how much of one kind of work a user may have under way."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_speccollab.errors import RateLimited
from jupyter_speccollab.service.turns import Turns


class Work:
    """Pieces of work that each wait until they are told to end."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.running: list[str] = []
        self.end = asyncio.Semaphore(0)

    async def __call__(self, user_id: str, name: str) -> None:
        async with self.turns.turn(user_id):
            self.running.append(name)
            try:
                await self.end.acquire()
            finally:
                self.running.remove(name)

    def start(self, user_id: str, name: str) -> asyncio.Task[None]:
        return asyncio.create_task(self(user_id, name))


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_so_many_of_a_user_run_and_the_next_wait_in_order() -> None:
    work = Work(Turns(2, 9, "too many"))
    tasks = [work.start("ada", f"a{number}") for number in range(4)]
    await settled()
    assert work.running == ["a0", "a1"]
    work.end.release()
    await settled()
    assert work.running == ["a1", "a2"]
    for _ in range(3):
        work.end.release()
    await asyncio.gather(*tasks)


async def test_users_do_not_wait_for_each_other() -> None:
    work = Work(Turns(1, 9, "too many"))
    tasks = [work.start(user, f"{user}{number}") for user in ("ada", "bob") for number in range(2)]
    await settled()
    assert work.running == ["ada0", "bob0"]
    for _ in range(4):
        work.end.release()
    await asyncio.gather(*tasks)


async def test_one_too_many_is_refused_and_another_user_is_not() -> None:
    work = Work(Turns(1, 3, "Wait for them."))
    tasks = [work.start("ada", str(number)) for number in range(3)]
    await settled()
    with pytest.raises(RateLimited, match=r"Wait for them\.") as caught:
        await work("ada", "one more")
    assert caught.value.details["retryAfterMs"] > 0
    tasks.append(work.start("bob", "bob"))
    await settled()
    assert "bob" in work.running
    for _ in range(4):
        work.end.release()
    await asyncio.gather(*tasks)
    tasks = [work.start("ada", "again")]
    await settled()
    assert work.running == ["again"]
    work.end.release()
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("leaves", [0, 1, 2])
async def test_whoever_leaves_gives_the_turn_on_and_nothing_is_kept(leaves: int) -> None:
    turns = Turns(1, 9, "too many")
    work = Work(turns)
    tasks = [work.start("ada", str(number)) for number in range(3)]
    await settled()
    tasks.pop(leaves).cancel()
    await settled()
    assert work.running == ["1" if leaves == 0 else "0"]
    work.end.release()
    work.end.release()
    await asyncio.gather(*tasks)
    assert not turns._free
    assert not turns._present
