"""A live spec: joined, kept connected, read and waited for. `Editing` adds the edits."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Protocol, Self
from weakref import WeakSet

from jupyter_speccollab.client.changes import Changes
from jupyter_speccollab.client.comparison import Comparisons
from jupyter_speccollab.client.credentials import token_of
from jupyter_speccollab.client.discovery import discover
from jupyter_speccollab.client.find_spec import find
from jupyter_speccollab.client.news import News
from jupyter_speccollab.client.progress import Progress
from jupyter_speccollab.client.server import Server
from jupyter_speccollab.client.session import WRITERS, Session
from jupyter_speccollab.client.silence import PATIENCE
from jupyter_speccollab.client.state_text import state_text
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.refusal import Disconnected, error_of
from jupyter_speccollab.client.sync.replica import Replica
from jupyter_speccollab.client.thread_changes import ThreadChanges
from jupyter_speccollab.client.title import TitleWatch
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.text import Operation, Text

CLOSED: Final = "This client was closed."
CONNECT_FIRST: Final = "Connect first: `with SpecClient(...) as spec`, or `async with` in a coroutine."


class Reader(Protocol):
    """Is told of others' changes as long as the client is open."""

    def put(self, change: Change) -> None:
        """Others have changed the text."""

    def end(self, failure: SpecCollabError | None) -> None:
        """No further change will come."""


class LiveSpec:
    """Joins a spec, keeps it connected, and tells its state. The parameters are those of `SpecClient`."""

    def __init__(
        self,
        url: str | None = None,
        *,
        spec: str,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        name: str | None = None,
        create: bool = False,
        patience: float = PATIENCE,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> None:
        self.spec_id = ""
        self._wanted = spec
        self._name = name
        self._create = create
        self._patience = patience
        if url is None:
            url, found = discover(os.environ)
            token = token or found
        self._server = Server(url, token, headers, cookies)
        self._session: Session | None = None
        self._titles = TitleWatch(self._server, self._news)
        self._readers: WeakSet[Reader] = WeakSet()
        self._thread_readers: WeakSet[ThreadChanges] = WeakSet()
        self._changes = News()
        self._comparisons = Comparisons()
        self._on_progress = on_progress
        self._told = Progress()
        self._closed = False

    # connecting -------------------------------------------------------------------------------------------

    async def connect(self) -> Self:
        """Join the spec. ``async with`` calls this. Raises `OSError` if the server can't be reached.

        After `close`, or after an error that ended the session, this joins again and sends what is `unsent`. An
        edit that the server had taken before is not made twice.
        """
        if self._session is not None and self._session.exchange.replica is not None:
            if self._closed or self._session.exchange.failure is not None:
                self._session.resume()
        else:
            entry = await find(self._server, self._wanted, self._create)
            self.spec_id = entry["specId"]
            self._session = Session(
                self._server, self.spec_id, self._news, self._changed, self._name, self._threads_news
            )
            self._session.title = entry["title"]
        self._closed = False
        try:
            await asyncio.shield(self._session.joined)
        except BaseException:
            self._closed = True
            await self._session.close()
            raise
        return self

    async def close(self) -> None:
        """Wait until the server has acknowledged every edit, and leave.

        Waits as long as the server goes on answering. Raises `Disconnected` after ``patience`` seconds without an
        answer, and the error that ended the session if edits were left. Both say what is kept.
        """
        if self._session is None or self._closed:
            return
        try:
            await self._sent(self._session)
        finally:
            self._closed = True
            self._titles.close()
            await self._session.close()
            self._news()

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.close()
        except Exception as failure:
            if error is None:
                raise
            error.add_note(f"Then the spec could not be closed: {failure}")

    async def authenticate(self, token: str) -> None:
        """Replace the token by a fresh one of the same user, before the present one expires.

        Raises the server's refusal; the present token then stays in use.
        """
        await self._joined().authenticate(token_of(token))

    # the document -----------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The title, also after somebody has changed it; empty before the first connection."""
        return "" if self._session is None else self._session.title

    @property
    def content(self) -> str:
        """The text, including edits that are not sent yet."""
        return str(self.text)

    @property
    def text(self) -> Text:
        """The text, as a value that can be edited fast."""
        return self._replica().text

    @property
    def version(self) -> int:
        """The last version received from the server: the number of operations in the text."""
        return self._replica().version

    @property
    def role(self) -> str | None:
        """``viewer``, ``commenter``, ``contributor``, ``admin`` or ``owner``; ``None`` after it was revoked."""
        return self._joined().role

    @property
    def collaborators(self) -> list[dict[str, Any]]:
        """The users present, this one included: ``userId, userName, color, avatarUrl, cursor, joinedAt``."""
        return self._joined().people.rows

    @property
    def is_connected(self) -> bool:
        """Whether the client is connected and joined at present."""
        return self._joined().is_connected

    @property
    def state(self) -> str:
        """The state in the words of JupyterLab, such as "Saved" or "Offline since 14:02 · edits kept here"."""
        session = self._joined()
        return state_text(
            lost_since=session.lost_since,
            is_ended=self._closed or session.exchange.failure is not None,
            is_writable=session.role in WRITERS,
            is_synchronised=session.exchange.is_synchronised,
        )

    @property
    def unsent(self) -> Operation | None:
        """The edits that the server has not acknowledged, as one operation; ``None`` if there are none."""
        return self._replica().pending.unsent

    @property
    def progress(self) -> Progress:
        """How much the server has still to acknowledge: characters, and about how many operations."""
        return Progress.of(self._replica().pending, self._joined().exchange.size_limit)

    # waiting ----------------------------------------------------------------------------------------------

    async def synchronised(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 (as the others)
        """Wait until the server has committed every edit. Raises `TimeoutError` after ``timeout`` seconds."""
        exchange = self._joined().exchange
        await self._until(lambda: exchange.is_synchronised, timeout)

    async def wait_for(
        self,
        condition: Callable[[str], bool],
        timeout: float | None = None,  # noqa: ASYNC109 (as the others)
    ) -> str:
        """Wait until ``condition`` holds for the text; returns the text. Raises `TimeoutError`."""
        await self._until(lambda: condition(self.content), timeout)
        return self.content

    def changes(self) -> Changes:
        """Other users' changes from now on; ends when the client is closed."""
        reader = Changes(self._joined().exchange.failure)
        self.watch(reader)
        return reader

    def watch(self, reader: Reader) -> None:
        """Tell a reader of others' changes from now on, as long as somebody else refers to it."""
        self._readers.add(reader)

    async def something_new(self, since: int, timeout: float | None = None) -> int:  # noqa: ASYNC109
        """Wait until something is new, in the text or about the people; return a number that stands for it.

        At first ``since`` is 0, and then what was returned last.
        """
        await self._until(lambda: self._changes.count > since, timeout)
        return self._changes.count

    # internals --------------------------------------------------------------------------------------------

    async def _until(self, condition: Callable[[], bool], timeout: float | None) -> None:  # noqa: ASYNC109
        session = self._joined()
        async with asyncio.timeout(timeout):
            while not condition():
                self._require_open(session)
                await self._changes.next()

    async def _sent(self, session: Session) -> None:
        """Wait until the server has every edit. Raises `Disconnected` when it has been silent for too long."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not session.exchange.is_synchronised:
            if session.exchange.failure is not None:
                session.exchange.failure.add_note(self.kept)
                raise session.exchange.failure
            since = session.silence.since
            gives_up = None if since is None else max(since, began) + self._patience
            if gives_up is not None and loop.time() >= gives_up:
                raise Disconnected(f"The server did not answer for {self._patience:g} seconds. {self.kept}")
            with suppress(TimeoutError):
                async with asyncio.timeout_at(gives_up):
                    await self._changes.next()

    @property
    def kept(self) -> str:
        """What the server has, what it has not, and how to go on."""
        replica = self._replica()
        return (
            f"The server has version {replica.version} with {len(replica.committed):,} characters. Not sent are "
            f"{self.progress}; they are kept in `unsent` and `content`. `connect()` goes on with them."
        )

    def _news(self) -> None:
        self._changes.tell()
        self._tell_progress()
        if self._session is not None and not self._closed:
            self._titles.look(self._session, self.spec_id)
        failure = self._session.exchange.failure if self._session is not None else None
        if self._closed or failure is not None:
            for reader in self._readers:
                reader.end(failure)
            for threads in self._thread_readers:
                threads.end(failure)

    def _tell_progress(self) -> None:
        if self._on_progress is None or self._session is None or self._session.exchange.replica is None:
            return
        if (progress := self.progress) != self._told:
            self._told = progress
            asyncio.get_running_loop().call_soon(self._on_progress, progress)

    def _changed(self, change: Change) -> None:
        self._comparisons.note_change(change.operation)
        for reader in self._readers:
            reader.put(change)

    def _threads_news(self, event: str, data: dict[str, Any]) -> None:
        for reader in self._thread_readers:
            reader.receive(event, data)

    def _require_editable(self, session: Session) -> None:
        self._require_open(session)
        if session.role not in WRITERS:
            raise error_of("FORBIDDEN")

    def _require_open(self, session: Session) -> None:
        if session.exchange.failure is not None:
            raise session.exchange.failure
        if self._closed:
            raise Disconnected(CLOSED)

    def _joined(self) -> Session:
        if self._session is None:
            raise Disconnected(CONNECT_FIRST)
        return self._session

    def _replica(self) -> Replica:
        replica = self._joined().exchange.replica
        if replica is None:
            raise Disconnected(CONNECT_FIRST)
        return replica

    def __repr__(self) -> str:
        if self._session is None or self._session.exchange.replica is None:
            return f"<{type(self).__name__} of {self._wanted!r}, not connected>"
        return f"<{type(self).__name__} of {self.title!r} at version {self.version}: {self.state}>"
