"""Workers: computations in other processes, one of each user at a time."""

from __future__ import annotations

import asyncio
import operator
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from jupyter_speccollab.errors import RateLimited
from jupyter_speccollab.service.worker import WorkerEnded
from jupyter_speccollab.service.workers import SHORT, WAITING, Workers
from jupyter_speccollab.text import apply
from tests.bus.values import eventually

LONG = SHORT + 1
PATIENCE = 60.0


def hold(directory: str, name: str) -> int:
    """Say that this computation runs, by a file that holds its process; end when there is one that says so."""
    place = Path(directory)
    (place / f"{name}.new").write_text(str(os.getpid()))
    (place / f"{name}.new").rename(place / name)
    while not (place / f"{name}.end").exists():
        time.sleep(0.01)
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: str) -> str:
    """End the process, unless it was done before."""
    if not Path(mark).exists():
        Path(mark).touch()
        die()
    return "alive"


def fail() -> None:
    raise ValueError("as it should")


async def running(directory: Path, name: str) -> int:
    """The process of a computation, as soon as it runs."""
    await eventually((directory / name).exists, PATIENCE)
    return int((directory / name).read_text())


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """Where computations say that they run; they end with the test, whatever its outcome."""
    yield tmp_path
    for name in "abcdef":
        (tmp_path / f"{name}.end").touch()


async def held(workers: Workers, user_id: str, here: Path, name: str) -> int:
    async with workers.turn(user_id):
        return await workers.run(LONG, hold, str(here), name)


async def test_short_work_stays_in_this_process_and_long_work_does_not() -> None:
    workers = Workers()
    assert await workers.run(SHORT, os.getpid) == os.getpid()
    assert await workers.run(LONG, os.getpid) != os.getpid()


async def test_an_error_comes_back_and_the_process_goes_on() -> None:
    workers = Workers()
    process = await workers.run(LONG, os.getpid)
    with pytest.raises(ValueError, match="as it should"):
        await workers.run(LONG, fail)
    assert await workers.run(LONG, os.getpid) == process


async def test_a_process_that_dies_is_replaced_once(tmp_path: Path) -> None:
    workers = Workers()
    assert await workers.run(LONG, die_once, str(tmp_path / "died")) == "alive"
    with pytest.raises(WorkerEnded):
        await workers.run(LONG, die)
    assert await workers.run(LONG, os.getpid) != os.getpid()


def test_processes_outlive_the_request_that_started_the_first_of_them(here: Path) -> None:
    """In a loop that runs for ever, as a server's does."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        workers = Workers()

        def ask(user_id: str, name: str) -> Future[int]:
            return asyncio.run_coroutine_threadsafe(held(workers, user_id, here, name), loop)

        first = ask("ada", "a")
        second = ask("bob", "b")
        (here / "a.end").touch()
        process = first.result(PATIENCE)
        (here / "b.end").touch()
        assert second.result(PATIENCE) != process
        (here / "c.end").touch()
        assert ask("ada", "c").result(PATIENCE) in (process, second.result())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.mark.parametrize("length", [10, 20_000])
async def test_a_difference_is_the_same_wherever_it_is_computed(length: int) -> None:
    workers = Workers()
    old = "".join(f"line {number} 😀\n" for number in range(length))
    new = "".join(f"line {number * 3 // 2} é\n" for number in range(length))
    assert apply(await workers.diff(old, new), old) == new


async def test_one_computation_of_a_user_runs_at_a_time(here: Path) -> None:
    workers = Workers()
    first, second = [asyncio.create_task(held(workers, "ada", here, name)) for name in "ab"]
    process = await running(here, "a")
    other = asyncio.create_task(held(workers, "bob", here, "c"))
    await running(here, "c")  # a process was free, and only the turn kept the second from it
    assert not (here / "b").exists()
    (here / "a.end").touch()
    assert await first == process
    await running(here, "b")
    for name in "bc":
        (here / f"{name}.end").touch()
    await asyncio.gather(second, other)


async def test_computations_of_two_users_run_side_by_side(here: Path) -> None:
    workers = Workers()
    both = [
        asyncio.create_task(held(workers, user, here, name)) for user, name in (("ada", "a"), ("bob", "b"))
    ]
    processes = {await running(here, "a"), await running(here, "b")}
    assert len(processes) == 2
    for name in "ab":
        (here / f"{name}.end").touch()
    assert set(await asyncio.gather(*both)) == processes


async def test_a_cancelled_computation_ends_at_once_with_its_process(here: Path) -> None:
    workers = Workers()
    task = asyncio.create_task(held(workers, "ada", here, "a"))
    waiting = asyncio.create_task(held(workers, "ada", here, "b"))
    process = await running(here, "a")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await eventually(lambda: process not in children(), PATIENCE)
    await running(here, "b")  # the turn was given on
    (here / "b.end").touch()
    assert await waiting != process


async def test_a_computation_cancelled_while_its_process_starts_leaves_none_behind(here: Path) -> None:
    workers = Workers()
    before = children()
    for pause in (0.0, 0.02, 0.05):  # it takes longer to start one
        task = asyncio.create_task(held(workers, "ada", here, "a"))
        await asyncio.sleep(pause)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    process = await workers.run(LONG, os.getpid)
    await eventually(lambda: children() <= before | {process}, PATIENCE)


def children() -> set[int]:
    """The processes that this process has started and that run."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            process, _, rest = status.read_text().partition(" (")
            state, parent = rest.rpartition(") ")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                found.add(int(process))
    return found


async def test_too_many_that_wait_are_refused(here: Path) -> None:
    workers = Workers()
    tasks = [asyncio.create_task(held(workers, "ada", here, "a")) for _ in range(WAITING)]
    await running(here, "a")
    with pytest.raises(RateLimited):
        await held(workers, "ada", here, "a")
    other = asyncio.create_task(held(workers, "bob", here, "b"))
    await running(here, "b")
    for name in "ab":
        (here / f"{name}.end").touch()
    await asyncio.gather(*tasks, other)


@pytest.mark.parametrize("break_", ["", "\n"])
async def test_a_small_change_of_a_long_line_is_compared_in_a_process(break_: str) -> None:
    workers = Workers()
    old = f"ab c {break_}" * 100_000
    new = old[:250_000] + "x" + old[250_000:]
    assert apply(await workers.diff(old, new), old) == new
    assert bool(workers._idle) == (not break_)  # only a long line takes time
    await workers.close()


class Pickled:
    """Notes the thread in which it is pickled."""

    threads: ClassVar[list[int]] = []

    def __reduce__(self) -> tuple[type[int], tuple[()]]:
        self.threads.append(threading.get_ident())
        return int, ()


def lengths(*values: object) -> list[int]:
    return [len(value) if isinstance(value, str) else -1 for value in values]


async def test_what_is_computed_with_is_pickled_in_a_thread_and_arrives_whole() -> None:
    workers = Workers()
    texts = ["😀" * 65_536, "😀" * 65_537, "a\ud800" * 100_000]
    assert await workers.run(LONG, lengths, Pickled(), *texts) == [-1, *map(len, texts)]
    assert await workers.run(LONG, operator.concat, texts[1], texts[2]) == texts[1] + texts[2]
    assert Pickled.threads
    assert threading.get_ident() not in Pickled.threads
    await workers.close()
