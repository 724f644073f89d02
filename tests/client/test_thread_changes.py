"""Changes of threads, where numbers are missing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_speccollab.client.thread_changes import ThreadChanges
from jupyter_speccollab.errors import StoreUnavailable


def thread(name: str, changed: int) -> dict[str, Any]:
    return {"threadId": name, "changed": changed}


def event(number: int, *threads: dict[str, Any], deleted: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"threadsVersion": number, "threads": list(threads), "deleted": list(deleted)}


class Asked:
    """What the server says when it is asked."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers = list(answers)
        self.since: list[int] = []

    async def __call__(self, since: int) -> dict[str, Any]:
        self.since.append(since)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def taken(changes: ThreadChanges, count: int) -> list[str]:
    return [(await asyncio.wait_for(anext(changes), 5)).thread_id for _ in range(count)]


async def test_numbers_in_a_row_ask_nothing() -> None:
    asked = Asked()
    changes = ThreadChanges(3, asked)
    changes.receive("session_joined", {"threadsVersion": 3})
    changes.receive("threads_changed", event(3, thread("old", 3)))
    changes.receive("threads_changed", event(4, thread("a", 4)))
    changes.receive("threads_changed", event(5, deleted=("b",)))
    assert await taken(changes, 2) == ["a", "b"]
    assert asked.since == []


@pytest.mark.parametrize("number", [6, 4])
async def test_a_gap_is_asked_for(number: int) -> None:
    """So is a change that was told without its thread."""
    asked = Asked(event(6, thread("b", 6), thread("a", 4), thread("later", 7), deleted=("c",)))
    changes = ThreadChanges(3, asked)
    changes.receive("threads_changed", event(number))
    assert await taken(changes, 3) == ["a", "b", "c"]
    changes.receive("threads_changed", event(7, thread("later", 7)))
    assert await taken(changes, 1) == ["later"]
    assert asked.since == [3]


async def test_what_comes_while_it_asks_is_asked_for_again() -> None:
    asked = Asked(event(4, thread("a", 4)), event(6, thread("b", 6)))
    changes = ThreadChanges(3, asked)
    changes.receive("session_joined", {"threadsVersion": 5})
    changes.receive("threads_changed", event(6, thread("b", 6)))
    assert await taken(changes, 1) == ["a"]
    changes.receive("threads_changed", event(7, thread("c", 7)))
    assert await taken(changes, 1) == ["b"]
    assert asked.since == [3, 4]


async def test_a_question_that_fails_is_asked_again() -> None:
    asked = Asked(StoreUnavailable("away"), event(5, thread("a", 5)))
    changes = ThreadChanges(3, asked)
    changes.receive("threads_changed", event(5))
    with pytest.raises(StoreUnavailable):
        await anext(changes)
    assert await taken(changes, 1) == ["a"]


async def test_it_ends_with_the_client() -> None:
    changes = ThreadChanges(0, Asked())
    changes.receive("threads_changed", event(1, thread("a", 1)))
    changes.end(None)
    assert await taken(changes, 1) == ["a"]
    with pytest.raises(StopAsyncIteration):
        await anext(changes)
    with pytest.raises(StoreUnavailable):
        await anext(ThreadChanges(0, Asked(), StoreUnavailable("away")))
