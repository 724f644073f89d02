"""`SpecClient`: a spec that a script, a notebook or an agent reads and writes, live."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
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
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.refusal import Disconnected, error_of
from jupyter_speccollab.client.sync.replica import Replica
from jupyter_speccollab.client.title import TitleWatch
from jupyter_speccollab.text import (
    Builder,
    Operation,
    check_content,
    from_wire,
    normalise_newlines,
)


class SpecClient:
    """A live spec in Python::

        async with SpecClient(spec="Churn model") as spec:          # in a notebook: finds its own server
            await spec.append("| AUC | 0.87 |\\n")

        async with SpecClient("http://localhost:8888/", token="...", spec=spec_id) as spec:
            async for change in spec.changes():
                print(change.version, change.user_name, len(spec.content))

    ``spec`` is a specId, or the title of exactly one spec; with ``create``, a spec is created if none has that
    title. ``token`` (Jupyter's, the hub's, or a JWT) or the ``headers`` and ``cookies`` of a login identify the
    user.

    An edit appears in `content` at once, and is sent as soon as the program awaits something. Edits made while
    the server's answer is pending are sent together. Offsets count code points from 0 in `content` at the time
    of the call: between reading `content` and ``await spec.insert(...)`` nothing can change it unless something
    else is awaited. Carriage returns become newlines.

    A lost connection is opened again, and no edit made meanwhile is lost. Leaving the context waits until the
    server has acknowledged every edit, however long that takes while it goes on answering: by default it takes
    100 operations a minute, each of 10,000 characters of JSON, so a text of a million characters takes about
    a minute. `progress` says how much is left; ``on_progress``, if given, is called with it each time it changes.
    Only after ``patience`` seconds without an answer leaving raises `Disconnected`. Edits that were not sent stay
    in `unsent` and in `content`, and ``await spec.connect()`` goes on with them.

    Every method may raise the `SpecCollabError` that ended the session: `Unauthenticated`, `Forbidden`,
    `SpecNotFound`, `TooManySessions`, `SpecFull`. An edit raises `Forbidden` if the role does not allow editing.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        spec: str,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        create: bool = False,
        patience: float = PATIENCE,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> None:
        self.spec_id = ""
        self._wanted = spec
        self._create = create
        self._patience = patience
        if url is None:
            url, found = discover(os.environ)
            token = token or found
        self._server = Server(url, token, headers, cookies)
        self._session: Session | None = None
        self._titles = TitleWatch(self._server, self._news)
        self._readers: WeakSet[Changes] = WeakSet()
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
            self._session = Session(self._server, self.spec_id, self._news, self._changed)
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
        return str(self._replica().text)

    @property
    def version(self) -> int:
        """The last version received from the server: the number of operations in the text."""
        return self._replica().version

    @property
    def role(self) -> str | None:
        """``viewer``, ``contributor``, ``admin`` or ``owner``; ``None`` after it was revoked."""
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
    def unsent(self) -> Operation | None:
        """The edits that the server has not acknowledged, as one operation; ``None`` if there are none."""
        return self._replica().pending.unsent

    @property
    def progress(self) -> Progress:
        """How much the server has still to acknowledge: characters, and about how many operations."""
        return Progress.of(self._replica().pending, self._joined().exchange.size_limit)

    # editing ----------------------------------------------------------------------------------------------

    async def insert(self, offset: int, text: str) -> None:
        """Insert ``text`` at ``offset``. Raises `InvalidOperation` beyond the end."""
        await self.edit(Operation.of(_offset(offset), normalise_newlines(text)))

    async def append(self, text: str) -> None:
        """Insert ``text`` at the end."""
        await self.insert(len(self._replica().text), text)

    async def delete(self, start: int, end: int) -> None:
        """Delete the text from ``start`` to ``end``."""
        await self.edit(Operation.of(_offset(start), -max(0, end - start)))

    async def replace(self, old: str, new: str, count: int = -1) -> int:
        """Replace ``old`` by ``new``, as ``str.replace`` does; returns the number of replacements."""
        if not old:
            raise ValueError("The text to replace must not be empty.")
        places = [match.start() for match in re.finditer(re.escape(old), self.content)]
        builder, done = Builder(), 0
        places = places if count < 0 else places[:count]
        for place in places:
            builder.retain(place - done)
            builder.insert(normalise_newlines(new))
            builder.delete(len(old))
            done = place + len(old)
        await self.edit(builder.build())
        return len(places)

    async def set_content(self, text: str) -> None:
        """Change the text to ``text`` by the smallest edit that a diff finds. Others' concurrent edits stay.

        Long texts are compared in a thread, so that the event loop goes on meanwhile. What anybody, this client
        included, changes between the call and the end of the comparison stays too.
        """
        session = self._joined()
        self._require_editable(session)
        after = normalise_newlines(text)
        check_content(after)
        await self.edit(await self._comparisons.diff(self.content, after))

    async def edit(self, operation: Operation | Iterable[Mapping[str, Any]]) -> None:
        """Apply an operation to `content`: an `Operation`, or a list of the protocol's components.

        Raises `InvalidOperation` if it does not fit, `InvalidContent`, and `Forbidden` for a viewer.
        """
        replica, session = self._replica(), self._joined()
        if not isinstance(operation, Operation):
            operation = from_wire(operation, len(replica.text))
        _check_inserts(operation)
        self._require_editable(session)
        if not operation.is_empty:
            session.exchange.edit(operation)
            self._comparisons.note_change(operation)
            session.pump()
        await asyncio.sleep(0)

    async def move_cursor(self, offset: int, anchor: int | None = None) -> None:
        """Show others a caret at ``offset``, with a selection from ``anchor``. Edits move the caret too."""
        session, length = self._joined(), len(self._replica().text)
        head = min(_offset(offset), length)
        session.exchange.cursor = (head, head if anchor is None else min(_offset(anchor), length))
        session.pump()
        await asyncio.sleep(0)

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
        self._readers.add(reader)
        return reader

    # history ----------------------------------------------------------------------------------------------

    async def label(self, label: str) -> dict[str, Any]:
        """Name the present text, own edits included, in the history; returns its revision."""
        await self.synchronised()
        return dict(await self._server.call("POST", f"/{self.spec_id}/revisions", {"label": label}))

    async def revisions(
        self, limit: int = 20, before: int | None = None, content: bool = False
    ) -> list[dict[str, Any]]:
        """The history, newest first. For the next page pass the oldest version of this one as ``before``."""
        query: dict[str, Any] = {"limit": limit, "content": "true" if content else "false"}
        if before is not None:
            query["before"] = before
        return list((await self._server.call("GET", f"/{self.spec_id}/revisions", **query))["revisions"])

    async def at(self, version: int) -> dict[str, Any]:
        """The document at ``version``: its ``content``, ``modifiedBy`` and more."""
        return dict(await self._server.call("GET", f"/{self.spec_id}/revisions/{version}"))

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
                session.exchange.failure.add_note(self._kept)
                raise session.exchange.failure
            since = session.silence.since
            gives_up = None if since is None else max(since, began) + self._patience
            if gives_up is not None and loop.time() >= gives_up:
                raise Disconnected(f"The server did not answer for {self._patience:g} seconds. {self._kept}")
            with suppress(TimeoutError):
                async with asyncio.timeout_at(gives_up):
                    await self._changes.next()

    @property
    def _kept(self) -> str:
        """What the server has, what it has not, and how to go on."""
        replica = self._replica()
        return (
            f"The server has version {replica.version} with {len(replica.committed):,} characters. Not sent are "
            f"{self.progress}; they are kept in `unsent` and `content`. `await spec.connect()` goes on with them."
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

    def _require_editable(self, session: Session) -> None:
        self._require_open(session)
        if session.role not in WRITERS:
            raise error_of("FORBIDDEN")

    def _require_open(self, session: Session) -> None:
        if session.exchange.failure is not None:
            raise session.exchange.failure
        if self._closed:
            raise Disconnected("This client was closed.")

    def _joined(self) -> Session:
        if self._session is None:
            raise Disconnected("Connect first: async with SpecClient(...) as spec.")
        return self._session

    def _replica(self) -> Replica:
        replica = self._joined().exchange.replica
        if replica is None:
            raise Disconnected("Connect first: async with SpecClient(...) as spec.")
        return replica

    def __repr__(self) -> str:
        if self._session is None or self._session.exchange.replica is None:
            return f"<SpecClient of {self._wanted!r}, not connected>"
        state = "connected" if self._session.is_connected else "not connected"
        return f"<SpecClient of {self.title!r} at version {self.version}, {state}>"


def _offset(offset: int) -> int:
    if offset < 0:
        raise ValueError("Offsets count from the start of the text, 0 and up.")
    return offset


def _check_inserts(operation: Operation) -> None:
    for component in operation.components:
        if isinstance(component, str):
            check_content(component)
