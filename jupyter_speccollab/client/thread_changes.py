"""An asynchronous iterator over changes of comments and suggestions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_speccollab.client.queued import Queued
from jupyter_speccollab.errors import SpecCollabError


@dataclass(frozen=True, slots=True)
class ThreadChange:
    """A comment or suggestion that was created or changed, as it stands now; ``None`` if it was deleted."""

    thread_id: str
    thread: dict[str, Any] | None


class ThreadChanges(Queued[ThreadChange]):
    """Iterates over changes of threads, whoever made them.

    Changes are numbered. Where numbers are missing, as after a lost connection, or a thread is too long to be told,
    the server is asked what has changed since: ``ask`` returns that, as the protocol's list of threads. A thread
    that was changed several times meanwhile comes once.
    """

    def __init__(
        self,
        known: int,
        ask: Callable[[int], Awaitable[Mapping[str, Any]]],
        failure: SpecCollabError | None = None,
    ) -> None:
        super().__init__(failure)
        self._known = known
        self._ask = ask
        self._is_behind = False

    def receive(self, event: str, data: Mapping[str, Any]) -> None:
        """Take ``threads_changed`` or ``session_joined``."""
        number = data.get("threadsVersion", 0)
        if number <= self._known:
            return
        is_next = event == "threads_changed" and number == self._known + 1
        if is_next and not self._is_behind and (data["threads"] or data["deleted"]):
            self._take(number, data)
        else:
            self._is_behind = True
        self._news.set()

    async def _more(self) -> None:
        if self._is_behind:
            await self._catch_up()
        else:
            await super()._more()

    async def _catch_up(self) -> None:
        self._is_behind = False
        try:
            missed = await self._ask(self._known)
        except BaseException:
            self._is_behind = True
            raise
        if missed["threadsVersion"] > self._known:
            self._take(missed["threadsVersion"], missed)

    def _take(self, number: int, data: Mapping[str, Any]) -> None:
        """Queue what was told up to ``number``; what is newer than that will be told again."""
        self._known = number
        threads = sorted(data["threads"], key=lambda thread: int(thread["changed"]))
        told = [thread for thread in threads if thread["changed"] <= number]
        self._waiting.extend(ThreadChange(thread["threadId"], thread) for thread in told)
        self._waiting.extend(ThreadChange(thread_id, None) for thread_id in data["deleted"])
