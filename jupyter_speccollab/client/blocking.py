"""`BlockingSpec`: `SpecClient` for programs without ``async``. Each call returns when its work is done."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures.thread  # noqa: F401 (see `_open_at_exit`)
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from time import monotonic
from traceback import format_exception_only
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from jupyter_speccollab.client.blocking_threads import BlockingThreads
from jupyter_speccollab.client.changes import Changes
from jupyter_speccollab.client.editing import checked_offset
from jupyter_speccollab.client.history import Since
from jupyter_speccollab.client.live_spec import CLOSED, CONNECT_FIRST
from jupyter_speccollab.client.loop_thread import IN_CALLBACK, LoopThread
from jupyter_speccollab.client.progress import Progress
from jupyter_speccollab.client.rows import Data
from jupyter_speccollab.client.seen import Seen
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.meanwhile import SHORT
from jupyter_speccollab.client.sync.refusal import Disconnected
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.text import (
    Operation,
    Text,
    check_content,
    diff,
    differing_length,
    from_wire,
    normalise_newlines,
)

if TYPE_CHECKING:
    from jupyter_speccollab.client.spec import SpecClient

T = TypeVar("T")


class BlockingSpec(BlockingThreads):
    """A live spec for a plain script, or the cells of a notebook::

        with SpecClient(spec="Churn model", name="Nightly report") as spec:
            spec.append_row({"run": 7, "AUC": 0.87}, under="Results")

    It has every method of `SpecClient`, with the same parameters, results and errors. A thread of its own keeps the
    spec up to date, so that it also works where an event loop runs already.

    Others go on typing between two calls. Offsets therefore count in the text as `content` was read last, and an
    edit is moved to where those letters stand by then; `set_content` keeps what others wrote since. All other
    methods look at the text as it is now.

    Leaving the context waits for the server as `SpecClient` does, also after an error or Ctrl+C. A second Ctrl+C
    ends the wait, and says what was not sent. A spec that is still open when the program ends is closed then.
    """

    def __init__(self, client: SpecClient) -> None:
        self._client = client
        self._seen = Seen()
        self._thread: LoopThread | None = None
        client.watch(self._seen)

    # connecting -------------------------------------------------------------------------------------------

    def connect(self) -> Self:
        """Join the spec; as `SpecClient.connect`."""
        if self._thread is None:
            self._thread = LoopThread(repr(self._client))
            _open_at_exit().add(self)
        try:
            self._run(self._connect)
        except BaseException:
            self._stop()
            raise
        return self

    def close(self) -> None:
        """Wait until the server has acknowledged every edit, and leave; as `SpecClient.close`."""
        if self._thread is None:
            return
        if self._thread.is_current:
            raise RuntimeError(IN_CALLBACK)
        try:
            self._run(self._client.close)
        except KeyboardInterrupt as interrupt:
            if self._client.unsent is not None:
                interrupt.add_note(self._client.kept)
            raise
        finally:
            self._stop()

    def __enter__(self) -> Self:
        return self.connect()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except Exception as failure:
            if error is None:
                raise
            error.add_note(f"Then the spec could not be closed: {failure}")

    def authenticate(self, token: str) -> None:
        """Replace the token; as `SpecClient.authenticate`."""
        self._run(partial(self._client.authenticate, token))

    # the document -----------------------------------------------------------------------------------------

    @property
    def spec_id(self) -> str:
        return self._client.spec_id

    @property
    def title(self) -> str:
        return self._client.title

    @property
    def content(self) -> str:
        """The text, including edits that are not sent yet. The offsets of later edits count in it."""
        if self._thread is None or self._thread.is_current:  # in a callback: that reads, but does not edit
            return self._client.content
        return str(self._run(self._look))

    @property
    def version(self) -> int:
        return self._client.version

    @property
    def role(self) -> str | None:
        return self._client.role

    @property
    def collaborators(self) -> list[dict[str, Any]]:
        return self._client.collaborators

    @property
    def is_connected(self) -> bool:
        return self._client.is_connected

    @property
    def state(self) -> str:
        return self._client.state

    @property
    def unsent(self) -> Operation | None:
        return self._client.unsent

    @property
    def progress(self) -> Progress:
        return self._client.progress

    # editing ----------------------------------------------------------------------------------------------

    def insert(self, offset: int, text: str) -> None:
        """Insert ``text`` at ``offset`` of the text that was read last; as `SpecClient.insert`."""
        self._edit(Operation.of(checked_offset(offset), normalise_newlines(text)))

    def append(self, text: str) -> None:
        """Insert ``text`` at the end, whatever others wrote there since."""
        self._edit(None, text)

    def delete(self, start: int, end: int) -> None:
        """Delete what stood from ``start`` to ``end`` when the text was read last."""
        self._edit(Operation.of(checked_offset(start), -max(0, end - start)))

    def replace(self, old: str, new: str, count: int = -1) -> int:
        """Replace ``old`` by ``new`` in the present text; as `SpecClient.replace`."""
        return self._now(partial(self._client.replace, old, new, count))

    def set_content(self, text: str) -> None:
        """Make ``text`` of the text that was read last, by the smallest edit; what others wrote since stays."""
        self._run(partial(self._set_content, text))

    def edit(self, operation: Operation | Iterable[Mapping[str, Any]]) -> None:
        """Apply an operation to the text that was read last; as `SpecClient.edit`."""
        self._edit(operation)

    def move_cursor(self, offset: int, anchor: int | None = None) -> None:
        """Show others a caret at ``offset`` of the text that was read last, with a selection from ``anchor``."""
        self._run(partial(self._move_cursor, offset, anchor))

    def section(self, heading: str) -> str:
        """What stands under a heading; as `SpecClient.section`."""
        return self._now(partial(self._client.section, heading))

    def append_under(self, heading: str | None, text: str, *, create: bool = False) -> None:
        """Add a text under a heading; as `SpecClient.append_under`."""
        self._now(partial(self._client.append_under, heading, text, create=create))

    def replace_section(self, heading: str, text: str) -> None:
        """Make ``text`` what stands under a heading; as `SpecClient.replace_section`."""
        self._now(partial(self._client.replace_section, heading, text))

    def append_table(self, data: Data, *, under: str | None = None, create: bool = False) -> None:
        """Add a table; as `SpecClient.append_table`."""
        self._now(partial(self._client.append_table, data, under=under, create=create))

    def append_row(
        self, row: Mapping[str, object] | Sequence[object], *, under: str | None = None, create: bool = False
    ) -> None:
        """Add a row to a table; as `SpecClient.append_row`."""
        self._now(partial(self._client.append_row, row, under=under, create=create))

    # waiting ----------------------------------------------------------------------------------------------

    def synchronised(self, timeout: float | None = None) -> None:
        """Wait until the server has committed every edit; as `SpecClient.synchronised`."""
        self._run(partial(self._client.synchronised, timeout))

    def wait_for(self, condition: Callable[[str], bool], timeout: float | None = None) -> str:
        """Wait until ``condition`` holds for the text; as `SpecClient.wait_for`. Counts as reading the text."""
        ends = None if timeout is None else monotonic() + timeout
        news = 0
        while True:
            text = self.content
            if condition(text):
                return text
            left = None if ends is None else max(0.0, ends - monotonic())
            news = self._run(partial(self._client.something_new, news, left))

    @overload
    def changes(self) -> Iterator[Change]: ...

    @overload
    def changes(self, since: Since, until: int | None = None) -> list[dict[str, Any]]: ...

    def changes(
        self, since: Since | None = None, until: int | None = None
    ) -> Iterator[Change] | list[dict[str, Any]]:
        """Other users' changes from now on, one after the other; ends when the client is closed.

        With ``since``, what was changed after that, by heading and requirement; as `SpecClient.changes`.
        """
        if since is not None:
            place: Since = since
            return self._run(lambda: self._client.changes(place, until))
        reader = self._run(self._changes)
        return iter(partial(self._next_of, reader), None)

    # history ----------------------------------------------------------------------------------------------

    def label(self, label: str) -> dict[str, Any]:
        """Name the present text in the history; as `SpecClient.label`."""
        return self._run(partial(self._client.label, label))

    def remove_label(self, version: int) -> None:
        """Take a label away; as `SpecClient.remove_label`."""
        self._run(partial(self._client.remove_label, version))

    def revisions(
        self, limit: int = 20, before: int | None = None, content: bool = False
    ) -> list[dict[str, Any]]:
        """The revisions, newest first; as `SpecClient.revisions`."""
        return self._run(partial(self._client.revisions, limit, before, content))

    def history(
        self,
        limit: int = 20,
        before: int | None = None,
        *,
        user: str | None = None,
        subject: str | None = None,
    ) -> list[dict[str, Any]]:
        """What was done, by sittings, newest first; as `SpecClient.history`."""
        return self._run(partial(self._client.history, limit, before, user=user, subject=subject))

    def at(self, version: int) -> dict[str, Any]:
        """The document at ``version``; as `SpecClient.at`."""
        return self._run(partial(self._client.at, version))

    def diff(self, version: int, against: int | None = None) -> dict[str, Any]:
        """What differs between two versions; as `SpecClient.diff`."""
        return self._run(partial(self._client.diff, version, against))

    def attribution(self, version: int | None = None) -> dict[str, Any]:
        """Who wrote each letter; as `SpecClient.attribution`."""
        return self._run(partial(self._client.attribution, version))

    def mark_read(self, version: int | None = None) -> int:
        """Say that one has read the spec; as `SpecClient.mark_read`."""
        return self._run(partial(self._client.mark_read, version))

    def move_to_trash(self) -> None:
        """Delete the spec, for everybody, and leave; as `SpecClient.move_to_trash`."""
        self._run(self._client.move_to_trash)
        self._stop()

    # in the thread ----------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        await self._client.connect()
        self._seen.read(self._client.text)

    async def _look(self) -> Text:
        return self._seen.read(self._client.text)

    async def _changes(self) -> Changes:
        return self._client.changes()

    async def _apply(self, operation: Operation | Iterable[Mapping[str, Any]] | None, last: str) -> None:
        """Apply an edit of the text that was read; ``None``: ``last`` at its end."""
        length = len(self._seen.text)
        if operation is None:
            edit = Operation.of(length, normalise_newlines(last))
        else:
            edit = operation if isinstance(operation, Operation) else from_wire(operation, length)
        self._seen.edited(edit, self._client.apply, is_last=operation is None)

    async def _set_content(self, text: str) -> None:
        before, after = self._seen.text, normalise_newlines(text)
        check_content(after)
        if differing_length(str(before), after) <= SHORT:
            edit = diff(str(before), after)
        else:
            edit = await asyncio.to_thread(diff, str(before), after)
        self._seen.edited(edit, self._client.apply)

    async def _move_cursor(self, offset: int, anchor: int | None) -> None:
        head = self._seen.position(checked_offset(offset))
        tail = None if anchor is None else self._seen.position(checked_offset(anchor))
        await self._client.move_cursor(head, tail)

    async def _then_look(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        result = await work()
        self._seen.read(self._client.text)
        return result

    # calling it -------------------------------------------------------------------------------------------

    def _edit(self, operation: Operation | Iterable[Mapping[str, Any]] | None, last: str = "") -> None:
        self._run(partial(self._apply, operation, last))

    def _now(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do what looks at the present text; the next offsets count in what it leaves."""
        return self._run(partial(self._then_look, work))

    def _next_of(self, changes: AsyncIterator[T]) -> T | None:
        async def step() -> T:
            return await anext(changes)

        if self._thread is None:
            return None
        with suppress(StopAsyncIteration):
            return self._run(step)
        return None

    def _run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if self._thread is None:
            raise Disconnected(CLOSED if self._client.spec_id else CONNECT_FIRST)
        return self._thread.call(work)

    def _stop(self) -> None:
        if self._thread is not None:
            thread, self._thread = self._thread, None
            _open_at_exit().discard(self)
            thread.stop()

    def __repr__(self) -> str:
        return f"<BlockingSpec of {self._client!r}>"


@cache
def _open_at_exit() -> set[BlockingSpec]:
    """The specs that are open. Those still open when the program ends are closed then.

    They are closed before Python ends the threads that look up host names: `atexit` would be too late for a client
    that has to connect again. ``concurrent.futures`` does the same, and has to be imported before.
    """
    specs: set[BlockingSpec] = set()
    register = getattr(threading, "_register_atexit", atexit.register)
    register(_close_all, specs)
    return specs


def _close_all(specs: set[BlockingSpec]) -> None:
    for spec in list(specs):
        try:
            spec.close()
        except (SpecCollabError, OSError, KeyboardInterrupt) as error:
            said = "".join(format_exception_only(error))
            sys.stderr.write(f"{spec.title!r} was still open when the program ended. {said}")
