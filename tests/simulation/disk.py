"""The disk: what is durable, and every server's own way to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.base import Commit, OutcomeUnknown, StoredThread, VersionTaken
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Text

from .network import Network
from .process import Process
from .trace import Trace

T = TypeVar("T")

COMMIT: Final = "commit"


def at_once(call: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits, as those of `MemoryStore`."""
    try:
        call.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    raise AssertionError("It waits after all.")


class Disk:
    """The store that outlives its servers, and a witness of every commit.

    ``log`` is kept beside the store, by what was really written: the store's own log must be equal to it.
    ``on_commit`` is called with each operation that has just become durable and that nobody was told of;
    ``writers`` are the servers that wrote, one for each operation and each change of threads; ``texts`` are those
    of its versions, as far as somebody asked.
    """

    def __init__(self, trace: Trace) -> None:
        self.on_commit: Callable[[CommittedOperation], object] = lambda operation: None
        self.memory = MemoryStore()
        self.log: list[CommittedOperation] = []
        self.writers: list[str] = []
        self.texts = [Text.of("")]
        self._trace = trace

    def commit(self, server: str, arguments: Sequence[Any], *, is_late: bool = False) -> None:
        """Carry out a `Store.commit` of ``server``; raises what that raises.

        ``is_late``: over a connection that the server has given up, so that it counts as another's commit.
        """
        try:
            at_once(self.memory.commit(*arguments))
        except VersionTaken:
            self._trace.note(server, "lost race", f"on v{arguments[1]}")
            raise
        for operation in arguments[3]:
            self.log.append(operation)
            self.writers.append("" if is_late else server)
            self._trace.note(server, COMMIT, f"v{operation.version}", operation.operation_id[:8])
            self.on_commit(operation)

    def threads_version(self, spec_id: str) -> int:
        """The number of the last change of threads."""
        return at_once(self.memory.spec(spec_id)).threads_version

    def holds(self, version: int, operation_id: str) -> bool:
        """Whether this operation is durable as this version."""
        return 0 < version <= len(self.log) and self.log[version - 1].operation_id == operation_id


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
        await self._travel()
        answer: asyncio.Future[None] = self._network.loop.create_future()
        self._network.later(self._time(), self._carry_out, arguments, answer)
        await answer

    async def write_thread(self, spec_id: str, base: int, thread: StoredThread) -> None:
        """As `Store.write_thread`."""
        await self._change(self._disk.memory.write_thread(spec_id, base, thread))

    async def delete_thread(self, spec_id: str, base: int, thread_id: str) -> None:
        """As `Store.delete_thread`."""
        await self._change(self._disk.memory.delete_thread(spec_id, base, thread_id))

    async def _change(self, change: Coroutine[Any, Any, None]) -> None:
        """Carry out a change of threads; where the answer is lost it counts as another server's."""
        try:
            await self._travel()
            at_once(change)
        finally:
            change.close()
        self._disk.writers.append(self._process.name)
        try:
            await self._travel()
        except StoreUnavailable:
            self._disk.writers.append("")
            raise OutcomeUnknown("The connection was lost during COMMIT.") from None

    def _carry_out(self, arguments: Sequence[Any], answer: asyncio.Future[None]) -> None:
        network = self._network
        error: Exception | None = None
        if network.happens(network.weather.unknown):
            self._trace.note(self._process.name, "unknown outcome", f"on v{arguments[1]}")
            error = OutcomeUnknown("The connection was lost during COMMIT.")
            fate = network.rng.choice(["done", "done", "never", "late"])
            if fate == "late":
                network.later(network.rng.expovariate(1.0), self._commit, arguments, True)
            elif fate == "done":
                self._commit(arguments)
        else:
            error = self._commit(arguments)
        network.later(self._time(), self._reply, answer, error)

    def _commit(self, arguments: Sequence[Any], is_late: bool = False) -> Exception | None:
        try:
            self._disk.commit(self._process.name, arguments, is_late=is_late)
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
