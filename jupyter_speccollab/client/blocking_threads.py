"""The comments and suggestions of a `BlockingSpec`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from jupyter_speccollab.client.thread_changes import ThreadChange, ThreadChanges
from jupyter_speccollab.client.threads import MessageId, Passage, ThreadId

if TYPE_CHECKING:
    from jupyter_speccollab.client.seen import Seen
    from jupyter_speccollab.client.spec import SpecClient

T = TypeVar("T")


class BlockingThreads(ABC):
    """The methods of `Threads`, which return when their work is done."""

    _client: SpecClient
    _seen: Seen

    def comment(self, passage: Passage, body: str) -> dict[str, Any]:
        """Comment on a passage; offsets count in the text that was read last. As `SpecClient.comment`."""
        return self._run(partial(self._open, self._client.comment, passage, body))

    def suggest(self, passage: Passage, replacement: str, body: str | None = None) -> dict[str, Any]:
        """Suggest another text for a passage; offsets as in `comment`. As `SpecClient.suggest`."""
        return self._run(partial(self._open, self._client.suggest, passage, replacement, body))

    def threads(self, state: Literal["open", "closed", "all"] = "open") -> list[dict[str, Any]]:
        """The comments and suggestions, newest change first; as `SpecClient.threads`."""
        return self._run(partial(self._client.threads, state))

    def thread(self, thread: ThreadId) -> dict[str, Any]:
        """One of them as it stands now."""
        return self._run(partial(self._client.thread, thread))

    def reply(self, thread: ThreadId, body: str) -> dict[str, Any]:
        """Answer; as `SpecClient.reply`."""
        return self._run(partial(self._client.reply, thread, body))

    def edit_message(self, message: MessageId, body: str) -> dict[str, Any]:
        """Change the text of a message of one's own; as `SpecClient.edit_message`."""
        return self._run(partial(self._client.edit_message, message, body))

    def delete_message(self, message: MessageId) -> dict[str, Any]:
        """Delete a message; as `SpecClient.delete_message`."""
        return self._run(partial(self._client.delete_message, message))

    def delete_thread(self, thread: ThreadId) -> None:
        """Delete what one began; as `SpecClient.delete_thread`."""
        self._run(partial(self._client.delete_thread, thread))

    def accept(self, thread: ThreadId) -> dict[str, Any]:
        """Accept a suggestion; as `SpecClient.accept`."""
        return self._run(partial(self._client.accept, thread))

    def reject(self, thread: ThreadId) -> dict[str, Any]:
        """Reject a suggestion."""
        return self._run(partial(self._client.reject, thread))

    def resolve(self, thread: ThreadId) -> dict[str, Any]:
        """Close a comment."""
        return self._run(partial(self._client.resolve, thread))

    def reopen(self, thread: ThreadId) -> dict[str, Any]:
        """Open a resolved comment or a rejected suggestion again."""
        return self._run(partial(self._client.reopen, thread))

    def watch_threads(self) -> Iterator[ThreadChange]:
        """The changes of comments and suggestions from now on; ends when the client is closed."""
        reader = self._run(self._watch)
        return iter(partial(self._next_of, reader), None)

    async def _watch(self) -> ThreadChanges:
        return self._client.watch_threads()

    async def _open(
        self, method: Callable[..., Coroutine[Any, Any, dict[str, Any]]], passage: Passage, *texts: str | None
    ) -> dict[str, Any]:
        if not isinstance(passage, str):
            passage = self._seen.position(passage[0]), self._seen.position(passage[1])
        return await method(passage, *texts)

    @abstractmethod
    def _run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine in the thread of the spec, and return its result."""

    @abstractmethod
    def _next_of(self, changes: AsyncIterator[T]) -> T | None:
        """The next of these changes; ``None`` after the last."""
