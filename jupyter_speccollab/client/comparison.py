"""Comparisons of long texts in threads, so that the event loop goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from jupyter_speccollab.client.sync.meanwhile import ROUNDS, SHORT, Meanwhile
from jupyter_speccollab.text import Operation, diff, differing_length, transform


class Comparisons:
    """The comparisons that are going on. Each is told of every change of the text that it began with.

    A thread, and not a process: a new process would import the user's script again, and run it a second time if
    it has no ``if __name__ == "__main__"``.
    """

    def __init__(self) -> None:
        self._running: set[Meanwhile] = set()

    def note_change(self, change: Operation) -> None:
        """The text was changed."""
        for meanwhile in self._running:
            meanwhile.add(change)

    async def diff(self, before: str, after: str) -> Operation:
        """The operation that turns ``before`` into ``after``, over what ``before`` has become until then.

        ``before`` is the text at the time of the call. What was noted meanwhile stays; of two inserts at one
        place, that of ``after`` comes first. Law (``test_comparison.py``): no change is lost, whenever it comes.
        """
        if differing_length(before, after) <= SHORT:
            return diff(before, after)
        return await self._in_thread(partial(diff, before, after))

    async def computed(self, edit: Callable[[], Operation], text: str) -> Operation:
        """The operation that ``edit`` computes from ``text``, over what ``text`` has become until then."""
        return edit() if len(text) <= SHORT else await self._in_thread(edit)

    async def _in_thread(self, edit: Callable[[], Operation]) -> Operation:
        meanwhile = Meanwhile()
        self._running.add(meanwhile)
        try:
            operation = await asyncio.to_thread(edit)
            for _ in range(ROUNDS):
                if (changes := meanwhile.take()) is None:
                    return operation
                operation = await asyncio.to_thread(transform, operation, changes, "left")
        finally:
            self._running.discard(meanwhile)
        changes = meanwhile.take()
        return operation if changes is None else transform(operation, changes, "left")
