"""Frames of a user who sends much wait for their turns; those of others do not."""

from __future__ import annotations

import asyncio

from jupyter_speccollab.handlers.socket.frame_turns import BURST, REMEMBERED, SHARE, FrameTurns


async def test_one_that_waits_is_served_in_each_iteration_in_order() -> None:
    turns = FrameTurns()
    served: list[int] = []
    for number in range(50):
        turns.wait(lambda number=number: served.append(number))  # type: ignore[misc]
    for iteration in range(1, 51):
        await asyncio.sleep(0)
        assert served == list(range(iteration))


async def test_one_that_fails_does_not_stop_the_others() -> None:
    turns = FrameTurns()
    served: list[str] = []
    failed: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: failed.append(context["exception"]))
    turns.wait(lambda: served.remove("nothing"))
    turns.wait(lambda: served.append("next"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert served == ["next"]
    assert len(failed) == 1


async def test_one_that_waits_again_comes_behind_the_others() -> None:
    turns = FrameTurns()
    served: list[str] = []

    def again(name: str) -> None:
        served.append(name)
        if len(served) < 6:
            turns.wait(lambda: again(name))

    turns.wait(lambda: again("a"))
    turns.wait(lambda: again("b"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert served[:6] == ["a", "b", "a", "b", "a", "b"]


def test_a_user_has_a_share_of_the_time_and_others_owe_nothing() -> None:
    now = 100.0
    turns = FrameTurns(lambda: now)
    assert turns.is_due("ada")
    turns.spend("ada", BURST / 2)
    assert turns.is_due("ada")
    turns.spend("ada", BURST)
    assert not turns.is_due("ada")
    assert turns.is_due("bob")
    now += BURST / 2 / SHARE + 0.001
    assert turns.is_due("ada")
    turns.spend("ada", 0.001)
    assert not turns.is_due("ada")


def test_nothing_is_kept_of_users_without_a_debt() -> None:
    now = 0.0
    turns = FrameTurns(lambda: now)
    for number in range(10 * REMEMBERED):
        turns.spend(f"user{number}", 0.001)
        now += 0.01
    assert len(turns._paid_at) <= REMEMBERED
