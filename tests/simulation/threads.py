"""Threads in a run: what one client knows of the comments of the spec, with anchors that it moves by itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.client.sync.replica import Received, Replica
from jupyter_speccollab.text import from_wire, to_stored
from jupyter_speccollab.text.anchor import Anchor, Components, moved


@dataclass(frozen=True, slots=True)
class HeldThread:
    """A thread, its ``anchor`` in the text of ``version``, and the ``threadsVersion`` of its last change."""

    thread_id: str
    kind: str
    state: str
    accepted_version: int | None
    quote: str
    messages: int
    changed: int
    anchor: Anchor
    version: int

    @classmethod
    def of(cls, thread: Mapping[str, Any]) -> HeldThread:
        """The thread as the server tells it."""
        told = thread["anchor"]
        return cls(
            thread["threadId"],
            thread["kind"],
            thread["state"],
            thread.get("acceptedVersion"),
            thread["quote"],
            len(thread["messages"]),
            thread["changed"],
            Anchor(told["start"], told["end"], told.get("letters")),
            told["version"],
        )

    def after(self, version: int, components: Components) -> HeldThread:
        """The thread after the operation that made the next ``version``."""
        return replace(self, anchor=moved(self.anchor, components, self.quote), version=version)


class ClientThreads:
    """The threads that a client was told of.

    An anchor stands at the version at which it was told, and is moved over what the client receives after that.
    ``ask`` asks the server for what was changed after a ``threadsVersion``; the answer goes to `answered`. ``kept``
    is how many operations the client keeps, for anchors of an earlier version than its own.
    """

    def __init__(self, ask: Callable[[int], object], kept: int) -> None:
        self.held: dict[str, HeldThread] = {}
        self.version = 0
        self._ask = ask
        self._due = 0
        self._gone: set[str] = set()
        self._steps: deque[tuple[int, Components]] = deque(maxlen=kept)

    def committed(self, version: int, components: Components) -> None:
        """The client has received the next operation, or an acknowledgement of its own."""
        if self._steps and self._steps[-1][0] != version - 1:
            self._steps.clear()
        self._steps.append((version, components))

    def joined(self, version: int) -> None:
        """A session was joined; ``version`` is the server's ``threadsVersion``."""
        self._due = max(self._due, version)
        self._ask_if_behind()

    def told(self, data: Mapping[str, Any]) -> None:
        """Take a ``threads_changed``; ask after a gap, and where it does not say what changed."""
        number = data["threadsVersion"]
        if number == self.version + 1 and (data["threads"] or data["deleted"]):
            self._take(data)
            self.version = number
        self._due = max(self._due, number)
        self._ask_if_behind()

    def answered(self, since: int, data: Mapping[str, Any]) -> None:
        """Take the answer to a question; it may be older than what was told meanwhile.

        Where everything has to be asked for by now, an answer since a later version is not enough.
        """
        self._take(data)
        if since <= self.version:
            self.version = max(self.version, data["threadsVersion"])
        self._ask_if_behind()

    def _ask_if_behind(self) -> None:
        if self.version < self._due:
            self._ask(self.version)

    def _take(self, data: Mapping[str, Any]) -> None:
        for thread in map(HeldThread.of, data["threads"]):
            known = self.held.get(thread.thread_id)
            is_new = known is None or known.changed < thread.changed
            if is_new and thread.thread_id not in self._gone:
                self.held[thread.thread_id] = thread
        for thread_id in data["deleted"]:
            self._gone.add(thread_id)
            self.held.pop(thread_id, None)

    def reached(self, version: int) -> None:
        """Bring the anchors on to ``version``, at which the client's text is.

        One of a later version waits for it. Where the client does not have the operations since one of an earlier
        version, as after a text that came as a whole, it asks for everything.
        """
        for thread in list(self.held.values()):
            for step, components in self._since(thread.version):
                thread = thread.after(step, components)  # noqa: PLW2901 (the same thread, one version later)
            self.held[thread.thread_id] = thread
        if any(thread.version < version for thread in self.held.values()):
            self.held, self.version = {}, 0
            self._ask(0)

    def _since(self, version: int) -> list[tuple[int, Components]]:
        """The operations after this version, if all of them are kept."""
        first = self._steps[0][0] if self._steps else version + 1
        return list(islice(self._steps, version + 1 - first, None)) if first <= version + 1 else []


def watching(exchange: type[Exchange], threads: ClientThreads) -> type[Exchange]:
    """The same kind of exchange, which tells ``threads`` of each operation that it takes as committed."""

    class Watching(exchange):  # type: ignore[misc, valid-type]
        def _settle(self, received: Received, entry: Mapping[str, Any], now: float) -> None:
            before = self.replica
            if before is not None and received.outcome in ("applied", "acknowledged"):
                threads.committed(received.replica.version, _components(before, received, entry))
            super()._settle(received, entry, now)

    return Watching


def _components(before: Replica, received: Received, entry: Mapping[str, Any]) -> Components:
    """The operation in its stored form, of which the client has the letters in its text."""
    if received.outcome == "acknowledged":
        assert before.pending.outstanding is not None
        operation = before.pending.outstanding.operation
    else:
        operation = from_wire(entry["operations"], len(before.committed))
    return to_stored(operation, before.committed)
