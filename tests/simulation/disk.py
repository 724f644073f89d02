"""The disk: what is durable, and every server's own way to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, Protocol, TypeVar

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.base import Commit, OutcomeUnknown, StoredThread, ThreadsChanged, VersionTaken
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Text

from .network import Network
from .process import Process
from .trace import Trace

T = TypeVar("T")

COMMIT: Final = "commit"
ACCEPT: Final = "accept"
LOST: Final = "lost race"


class Write(Protocol):
    """A write of `Disk`: by this server, with the arguments that the store's has."""

    __name__: str

    def __call__(self, server: str, *arguments: Any, is_late: bool = False) -> None: ...


def at_once(call: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits, as those of `MemoryStore`."""
    try:
        call.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    raise AssertionError("It waits after all.")


class Disk:
    """The store that outlives its servers, and a witness of every write.

    ``log`` is kept beside the store, by what was really written: the store's own log must be equal to it. So is
    ``threads``: each thread as every change of it was written, and ``deleted``: the ``threadsVersion`` at which a
    thread was. ``on_commit`` is called with each operation that has just become durable and that nobody was told
    of; ``writers`` are the servers that wrote, one for each operation and each change of threads; ``texts`` are
    those of its versions, as far as somebody asked.

    The writes raise what the store's raise. ``is_late``: over a connection that the server has given up, so that it
    counts as another's write.
    """

    def __init__(self, trace: Trace) -> None:
        self.on_commit: Callable[[CommittedOperation], object] = lambda operation: None
        self.memory = MemoryStore()
        self.log: list[CommittedOperation] = []
        self.threads: dict[str, list[StoredThread]] = {}
        self.deleted: dict[str, int] = {}
        self.writers: list[str] = []
        self.texts = [Text.of("")]
        self._trace = trace

    def commit(self, server: str, *arguments: Any, is_late: bool = False) -> None:
        """Carry out a `Store.commit` of ``server``."""
        with self._racing(server):
            at_once(self.memory.commit(*arguments))
        self._committed("" if is_late else server, arguments[3])

    def accept_suggestion(self, server: str, *arguments: Any, is_late: bool = False) -> None:
        """Carry out a `Store.accept_suggestion` of ``server``."""
        with self._racing(server):
            at_once(self.memory.accept_suggestion(*arguments))
        _, _, thread, _, operation = arguments
        self._changed("" if is_late else server, thread)
        self._trace.note(server, ACCEPT, thread.thread_id[:8], f"v{operation.version}")
        self._committed("" if is_late else server, [operation])

    def write_thread(self, server: str, *arguments: Any, is_late: bool = False) -> None:
        """Carry out a `Store.write_thread` of ``server``."""
        with self._racing(server):
            at_once(self.memory.write_thread(*arguments))
        self._changed("" if is_late else server, arguments[2])

    def delete_thread(self, server: str, *arguments: Any, is_late: bool = False) -> None:
        """Carry out a `Store.delete_thread` of ``server``."""
        spec_id, base, thread_id, *_ = arguments
        with self._racing(server):
            at_once(self.memory.delete_thread(*arguments))
        if self.threads_version(spec_id) > base:
            self.deleted[thread_id] = base + 1
        self.writers.append("" if is_late else server)

    def threads_version(self, spec_id: str) -> int:
        """The number of the last change of threads."""
        return at_once(self.memory.spec(spec_id)).threads_version

    def holds(self, version: int, operation_id: str) -> bool:
        """Whether this operation is durable as this version."""
        return 0 < version <= len(self.log) and self.log[version - 1].operation_id == operation_id

    @contextmanager
    def _racing(self, server: str) -> Iterator[None]:
        try:
            yield
        except (VersionTaken, ThreadsChanged) as lost:
            self._trace.note(server, LOST if isinstance(lost, VersionTaken) else "lost race for threads")
            raise

    def _committed(self, writer: str, operations: Sequence[CommittedOperation]) -> None:
        for operation in operations:
            self.log.append(operation)
            self.writers.append(writer)
            self._trace.note(writer, COMMIT, f"v{operation.version}", operation.operation_id[:8])
            self.on_commit(operation)

    def _changed(self, writer: str, thread: StoredThread) -> None:
        written = self.threads.setdefault(thread.thread_id, [])
        if not written:
            self._trace.note(writer, thread.kind.value, thread.thread_id[:8])
        written.append(thread)
        self.writers.append(writer)


class DiskAccess:
    """One server's connection to the disk: a `Store` that is slow, away at times, and breaks during COMMIT.

    Every call travels there and back, so that what it returns may be out of date. A COMMIT that has left is
    carried out even if the server dies meanwhile.
    """

    def __init__(self, disk: Disk, network: Network, process: Process, trace: Trace) -> None:
        self.is_away = False
        self._disk = disk
        self._network = network
        self._process = process
        self._trace = trace
        self._seen = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._disk.memory, name)
        if not callable(method):
            return method

        async def call(*args: Any, **options: Any) -> Any:
            await self._travel()
            result = await method(*args, **options)
            await self._travel()
            return result

        return call

    async def open(self) -> None:
        """Connect."""
        await self._travel()

    async def close(self) -> None:
        """Nothing is held."""

    async def changed_elsewhere(self) -> bool:
        """Whether another server has written since the last call."""
        await self._travel()
        seen, self._seen = self._seen, len(self._disk.writers)
        return any(writer != self._process.name for writer in self._disk.writers[seen:])

    @asynccontextmanager
    async def exclusive(self, spec_id: str) -> AsyncIterator[Commit]:
        """As `Store.exclusive`, of a store that can't keep others out."""
        await self._travel()
        yield self.commit

    async def commit(self, *arguments: Any) -> None:
        """As `Store.commit`; `OutcomeUnknown` comes with any of the outcomes, also one that is yet to come."""
        await self._durably(self._disk.commit, arguments)

    async def accept_suggestion(self, *arguments: Any) -> None:
        """As `Store.accept_suggestion`, with the outcomes of `commit`."""
        await self._durably(self._disk.accept_suggestion, arguments)

    async def write_thread(self, *arguments: Any) -> None:
        """As `Store.write_thread`, with the outcomes of `commit`."""
        await self._durably(self._disk.write_thread, arguments, asks=False)

    async def delete_thread(self, *arguments: Any) -> None:
        """As `Store.delete_thread`, with the outcomes of `commit`."""
        await self._durably(self._disk.delete_thread, arguments, asks=False)

    async def _durably(self, write: Write, arguments: Sequence[Any], *, asks: bool = True) -> None:
        """Carry out a write. ``asks``: the server asks for an unknown outcome before it does anything else.

        If it does not, then what was written counts as another server's.
        """
        await self._travel()
        answer: asyncio.Future[None] = self._network.loop.create_future()
        self._network.later(self._time(), self._carry_out, write, arguments, answer, asks)
        await answer

    def _carry_out(
        self, write: Write, arguments: Sequence[Any], answer: asyncio.Future[None], asks: bool
    ) -> None:
        network = self._network
        error: Exception | None = None
        if network.happens(network.weather.unknown):
            self._trace.note(self._process.name, "unknown outcome", write.__name__)
            error = OutcomeUnknown("The connection was lost during COMMIT.")
            fate = network.rng.choice(["done", "done", "never", "late"])
            if fate == "late":
                network.later(network.rng.expovariate(1.0), self._write, write, arguments, True)
            elif fate == "done":
                self._write(write, arguments, not asks)
        else:
            error = self._write(write, arguments)
        network.later(self._time(), self._reply, answer, error)

    def _write(self, write: Write, arguments: Sequence[Any], is_late: bool = False) -> Exception | None:
        try:
            write(self._process.name, *arguments, is_late=is_late)
        except Exception as error:
            return error
        return None

    def _reply(self, answer: asyncio.Future[None], error: Exception | None) -> None:
        if not self._process.alive or answer.done():
            return
        if error is None:
            answer.set_result(None)
        else:
            answer.set_exception(error)

    async def _travel(self) -> None:
        await asyncio.sleep(self._time())
        if self.is_away or self._network.happens(self._network.weather.refused):
            raise StoreUnavailable("The database can't be reached. Try again.")

    def _time(self) -> float:
        network = self._network
        held_up = network.rng.expovariate(0.5) if network.happens(network.weather.store_stall) else 0.0
        return network.weather.store_time * network.rng.uniform(0.2, 2.0) + held_up
