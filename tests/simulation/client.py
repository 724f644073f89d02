"""A simulated client: the real `Session` and `Exchange`, and a user who edits with them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any, Final
from unittest.mock import patch

from jupyter_speccollab.client import session as session_module
from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.text import Operation

from .drafts import DraftingSession
from .marks import Marks
from .server import SPEC_ID
from .threads import ClientThreads, watching

Open = Callable[["Client"], Awaitable[Any]]
ReadThreads = Callable[["Client", int], Awaitable[Mapping[str, Any] | None]]
"""Asks a client's server for the threads that were changed after a ``threadsVersion``; ``None``: it was lost."""

AGAIN: Final = 1.0
"""Seconds after which a client asks again for threads."""


class _Address:
    """Stands in for the client's `Server`. The world opens its connections."""

    def __init__(self, client: Client, open_connection: Open) -> None:
        self._client = client
        self._open = open_connection

    async def connect(self) -> Any:
        return await self._open(self._client)


class Connections:
    """Stands in for `jupyter_speccollab.client.transport.Transport`."""

    @staticmethod
    async def open(server: _Address, spec_id: str) -> Any:
        """Raises `ConnectionError` if no server can be reached."""
        return await server.connect()


class Client:
    """One page of one user.

    ``shown`` is called with the client's name, its text and what drafts would insert, whenever these may have
    changed. ``log`` returns the committed operations, from version 1. ``kept`` is how many of them the client keeps
    itself. ``is_living`` is true until the client leaves or crashes. The edits of a living client must arrive.
    """

    def __init__(
        self,
        name: str,
        user: User,
        role: Role,
        marks: Marks,
        open_connection: Open,
        log: Callable[[], list[CommittedOperation]],
        shown: Callable[[str, str], object],
        read_threads: ReadThreads,
        kept: int,
        *,
        polls: bool = False,
        exchange: type[Exchange] = Exchange,
        session_id: str | None = None,
    ) -> None:
        self.name = name
        self.user = user
        self.role = role
        self.polls = polls
        self.is_living = True
        self._marks = marks
        self._address = _Address(self, open_connection)
        self._exchange = exchange
        self._log = log
        self._shown = shown
        self._read_threads = read_threads
        self._kept = kept
        self.session = self._new_session(session_id)

    def _new_session(self, session_id: str | None) -> DraftingSession:
        address: Any = self._address
        self._asking: asyncio.Task[None] | None = None
        threads = ClientThreads(lambda since: self._ask(threads, since), self._kept)
        with patch.object(session_module, "Exchange", watching(self._exchange, threads)):
            session = DraftingSession(address, SPEC_ID, self._news, lambda change: None)
        session.log, session.clock = self._log, asyncio.get_running_loop().time
        session.threads = threads
        session._session_id = session_id
        session.joined.add_done_callback(lambda joined: joined.cancelled() or joined.exception())
        return session

    def _news(self) -> None:
        if hasattr(self, "session"):
            self.session.draft()
            self.threads.reached(self.version)
            self._shown(self.name, self.text + "".join(draft.inserted for draft in self.session.drafts))

    @property
    def exchange(self) -> Exchange:
        return self.session.exchange

    @property
    def threads(self) -> ClientThreads:
        """The comments that the client knows of."""
        return self.session.threads

    def _ask(self, threads: ClientThreads, since: int) -> None:
        """Ask for the threads that were changed; one question at a time."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._question(threads, since))

    async def _question(self, threads: ClientThreads, since: int) -> None:
        while self.is_living:
            answer = await self._read_threads(self, since)
            if answer is not None:
                self._asking = None
                threads.answered(since, answer)
                threads.reached(self.version)
                return
            await asyncio.sleep(AGAIN)

    @property
    def session_id(self) -> str | None:
        """The session that the client would resume."""
        return self.session._session_id

    @property
    def text(self) -> str:
        """The shown text; empty before the first join."""
        return "" if self.exchange.replica is None else str(self.exchange.replica.text)

    @property
    def version(self) -> int:
        """The client's version; -1 before the first join."""
        return -1 if self.exchange.replica is None else self.exchange.replica.version

    @property
    def is_settled(self) -> bool:
        """Whether the client is connected and the server has all of its edits."""
        return self.session.is_connected and self.exchange.is_synchronised

    def again_if_refused(self) -> None:
        """Load the page again if it could not join."""
        joined = self.session.joined
        if joined.done() and joined.exception() is not None:
            self.session = self._new_session(None)

    # editing ----------------------------------------------------------------------------------------------

    def insert(self, offset: int, text: str) -> None:
        """Type ``text``."""
        self._edit(Operation.of(offset, text))

    def delete(self, start: int, end: int) -> None:
        """Delete the text from ``start`` to ``end``."""
        self._marks.removed(self.text[start:end], self.name)
        self._edit(Operation.of(start, start - end))

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace the text from ``start`` to ``end`` by ``text``."""
        self._marks.removed(self.text[start:end], self.name)
        self._edit(Operation.of(start, text, start - end))

    def move(self, offset: int, anchor: int) -> None:
        """Move the cursor."""
        self.exchange.cursor = (offset, anchor)
        self.session.pump()

    def place(self, rng: Random) -> int:
        """An offset for the next edit, often one where others edit too."""
        length = len(self.text)
        return rng.choice([0, length, length // 2, length // 2, rng.randint(0, length)])

    def _edit(self, operation: Operation) -> None:
        if not operation.is_empty:
            self.exchange.edit(operation)
            self.session.pump()

    # going ------------------------------------------------------------------------------------------------

    async def leave(self) -> None:
        """Leave with a message to the server."""
        self._end()
        await self.session.close()

    def crash(self) -> None:
        """The page is closed or its computer sleeps, without a message to the server."""
        self._end()
        self.session._link.close()
        if self.session._task is not None:
            self.session._task.cancel()
        if self.session._timer is not None:
            self.session._timer.cancel()
        self.exchange.disconnected()

    def _end(self) -> None:
        self.is_living = False
        if not self.exchange.is_synchronised:
            self._marks.gone(self.name)
