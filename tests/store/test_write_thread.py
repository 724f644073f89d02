"""The order of calls in the thread that writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from jupyter_speccollab.store.write_thread import IN_A_ROW, WriteThread


@pytest.fixture
def thread() -> Iterator[WriteThread]:
    thread = WriteThread("test")
    yield thread
    thread.shutdown()


@pytest.fixture
def release(thread: WriteThread) -> threading.Event:
    """The thread is busy until this is set."""
    event = threading.Event()
    thread.submit(event.wait)
    return event


def test_urgent_calls_go_first_and_both_kinds_keep_their_order(
    thread: WriteThread, release: threading.Event
) -> None:
    done: list[str] = []
    for name in "ab":
        thread.submit(lambda name=name: done.append(name))  # type: ignore[misc]
    for name in "AB":
        thread.submit_urgent(lambda name=name: done.append(name))  # type: ignore[misc]
    release.set()
    thread.submit(lambda: None).result()
    assert "".join(done) == "ABab"


def test_other_calls_have_their_turn_beside_any_number_of_urgent_ones(
    thread: WriteThread, release: threading.Event
) -> None:
    done: list[int] = []
    other = thread.submit(lambda: len(done))
    for number in range(5 * IN_A_ROW):
        thread.submit_urgent(lambda number=number: done.append(number))  # type: ignore[misc]
    release.set()
    assert other.result() == IN_A_ROW
    thread.submit(lambda: None).result()
    assert done == list(range(5 * IN_A_ROW))


def test_a_call_that_is_cancelled_before_it_begins_does_not_run(
    thread: WriteThread, release: threading.Event
) -> None:
    done: list[str] = []
    cancelled = thread.submit(lambda: done.append("cancelled"))
    assert cancelled.cancel()
    release.set()
    thread.submit(lambda: done.append("next")).result()
    assert done == ["next"]


def test_an_error_goes_to_the_caller(thread: WriteThread) -> None:
    def fail() -> None:
        raise KeyError("key")

    with pytest.raises(KeyError):
        thread.submit(fail).result()
    assert thread.submit(lambda: 1).result() == 1


def test_after_the_shutdown_nothing_is_taken() -> None:
    thread = WriteThread("test")
    thread.shutdown()
    with pytest.raises(RuntimeError):
        thread.submit(lambda: None)
    with pytest.raises(RuntimeError):
        thread.submit_urgent(lambda: None)
