"""The comments and suggestions of a live spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import uuid4

from jupyter_speccollab.client.history import History
from jupyter_speccollab.client.seen import Seen
from jupyter_speccollab.client.thread_changes import ThreadChanges

Passage = str | tuple[int, int]
"""A passage: its words, which must stand in the text once, or the offsets of its start and end."""

ThreadId = str | Mapping[str, Any]
"""A comment or suggestion: its id, or what a method of `Threads` has returned."""


MessageId = str | Mapping[str, Any]
"""A message: its id, or one of the ``messages`` of a thread."""


class Threads(History):
    """A live spec with its comments and suggestions, which are *threads*: dictionaries in the form of the protocol.

    Each has a ``threadId``, a ``kind``, a ``state``, an ``anchor`` (where its words stand), its ``quote``,
    ``messages``, and a suggestion its ``replacement``. Every method may raise the server's refusal: `Forbidden` for
    a role that does not allow it, `ThreadNotFound`, `ThreadClosed`, `SuggestionStale`, `ThreadLimit`,
    `RateLimited`.
    """

    async def comment(self, passage: Passage, body: str) -> dict[str, Any]:
        """Comment on a passage, as Markdown; returns the thread.

        Offsets count in `content` at the time of the call. What is not sent yet is sent first. ``@login`` and
        ``@"Name"`` mention people. Raises `LookupError` if the words stand nowhere, or several times.
        """
        return await self._open("comment", passage, body=body)

    async def suggest(self, passage: Passage, replacement: str, body: str | None = None) -> dict[str, Any]:
        """Suggest another text for a passage, and say why if you like; returns the thread.

        An empty ``replacement`` suggests a deletion, a passage of two equal offsets an insertion. Raises as
        `comment`.
        """
        return await self._open("suggestion", passage, body=body, replacement=replacement)

    async def threads(self, state: Literal["open", "closed", "all"] = "open") -> list[dict[str, Any]]:
        """The threads, newest change first. Their anchors are in the text of ``anchor["version"]``."""
        return list((await self._pages(state=state))["threads"])

    async def thread(self, thread: ThreadId) -> dict[str, Any]:
        """One thread as it stands now."""
        return dict(await self._call("GET", f"threads/{_id_of(thread)}"))

    async def reply(self, thread: ThreadId, body: str) -> dict[str, Any]:
        """Answer in a thread; a resolved comment opens again. Returns the thread."""
        message = {"messageId": str(uuid4()), "body": body}
        return dict(await self._call("POST", f"threads/{_id_of(thread)}/messages", message))

    async def edit_message(self, message: MessageId, body: str) -> dict[str, Any]:
        """Change the text of a message of one's own. Returns its thread. Raises `NotFound` if it was deleted."""
        path = f"messages/{_id_of(message, 'messageId')}"
        return dict(await self._call("PATCH", path, {"body": body}))

    async def delete_message(self, message: MessageId) -> dict[str, Any]:
        """Delete a message of one's own, or as an admin any; it keeps its place, empty. Returns its thread."""
        return dict(await self._call("DELETE", f"messages/{_id_of(message, 'messageId')}"))

    async def delete_thread(self, thread: ThreadId) -> None:
        """Delete what one began, while nobody else has answered, or as an admin any."""
        await self._call("DELETE", f"threads/{_id_of(thread)}")

    async def accept(self, thread: ThreadId) -> dict[str, Any]:
        """Accept a suggestion: its words come into the text as an edit of who suggested them.

        Raises `SuggestionStale` if others have changed the same words; ``details["present"]`` is what stands there.
        """
        return await self._set_state(thread, "accepted")

    async def reject(self, thread: ThreadId) -> dict[str, Any]:
        """Reject a suggestion."""
        return await self._set_state(thread, "rejected")

    async def resolve(self, thread: ThreadId) -> dict[str, Any]:
        """Close a comment."""
        return await self._set_state(thread, "resolved")

    async def reopen(self, thread: ThreadId) -> dict[str, Any]:
        """Open a resolved comment or a rejected suggestion again."""
        return await self._set_state(thread, "open")

    def watch_threads(self) -> ThreadChanges:
        """The changes of threads from now on, one's own included; ends when the client is closed."""
        session = self._joined()
        reader = ThreadChanges(session.threads_version, self._changed_threads, session.exchange.failure)
        self._thread_readers.add(reader)
        return reader

    # internals --------------------------------------------------------------------------------------------

    async def _open(self, kind: str, passage: Passage, **more: str | None) -> dict[str, Any]:
        start, end = await self._committed(passage)
        place = {"start": start, "end": end, "version": self.version}
        body = {name: text for name, text in more.items() if text is not None}
        return dict(
            await self._call("POST", "threads", {"threadId": str(uuid4()), "kind": kind, **place, **body})
        )

    async def _committed(self, passage: Passage) -> tuple[int, int]:
        """The offsets of a passage in the text of `version`, once the server has every edit."""
        if isinstance(passage, str):
            await self.synchronised()
            start = _found_once(self.content, passage)
            return start, start + len(passage)
        seen = Seen()
        seen.read(self.text)
        self.watch(seen)
        await self.synchronised()
        start, end = passage
        return seen.position(start), seen.position(end)

    async def _set_state(self, thread: ThreadId, state: str) -> dict[str, Any]:
        return dict(await self._call("PATCH", f"threads/{_id_of(thread)}", {"state": state}))

    async def _changed_threads(self, since: int) -> dict[str, Any]:
        return await self._pages(since=since)

    async def _pages(self, **query: object) -> dict[str, Any]:
        """All pages as one. A thread that is changed meanwhile counts as it was read last."""
        first = page = await self._call("GET", "threads", **query)
        threads = {thread["threadId"]: thread for thread in first["threads"]}
        deleted = dict.fromkeys(first["deleted"])
        while page["nextBefore"] is not None:
            page = await self._call("GET", "threads", before=page["nextBefore"], **query)
            threads.update({thread["threadId"]: thread for thread in page["threads"]})
            deleted.update(dict.fromkeys(page["deleted"]))
        return {**first, "threads": list(threads.values()), "deleted": list(deleted)}


def _id_of(named: ThreadId | MessageId, field: str = "threadId") -> str:
    return named if isinstance(named, str) else str(named[field])


def _found_once(content: str, words: str) -> int:
    """Where ``words`` stand. Raises `LookupError` if that is nowhere, or not a single place."""
    start = content.find(words) if words else -1
    if start < 0:
        raise LookupError(f"The text does not hold {words!r}.")
    if content.find(words, start + 1) >= 0:
        raise LookupError(f"The text holds {words!r} several times. Name more of it, or its offsets.")
    return start
