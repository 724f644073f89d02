"""A store that fails at chosen moments, and clients that need no server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.service.presence.session import Event
from jupyter_speccollab.service.services import Services, build
from jupyter_speccollab.service.sessions.conversation import Conversation
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.base import Commit, Store
from jupyter_speccollab.store.memory import MemoryStore

Act = Callable[[], Awaitable[Any]]
Fault = Callable[[Act], Awaitable[Any]]
"""Receives a call to the store. It may carry the call out or not, and raise, wait or do something else."""

PATIENCE = 10.0


class FaultyStore:
    """A store with faults. Each fault applies to one call of its method, in the order in which they were added."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.outages = store.outages
        self.faults: dict[str, list[Fault]] = {}
        self.calls: list[tuple[str, int]] = []
        """The name and size of every commit, in order."""

    def fail(self, name: str, *faults: Fault) -> None:
        """Let the next calls of the method ``name`` meet ``faults``, one each."""
        self.faults.setdefault(name, []).extend(faults)

    @asynccontextmanager
    async def exclusive(self, spec_id: str) -> AsyncIterator[Commit]:
        """As `Store.exclusive`, with the same faults for its commits."""
        yield self.commit

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if not callable(method):
            return method

        async def call(*arguments: Any, **named: Any) -> Any:
            if name == "commit":
                operations: Sequence[CommittedOperation] = arguments[3]
                self.calls.append((name, len(operations)))

            async def act() -> Any:
                return await method(*arguments, **named)

            waiting = self.faults.get(name)
            return await (waiting.pop(0)(act) if waiting else act())

        return call


def raising(error: Exception) -> Fault:
    """A fault that raises ``error`` without carrying out the call."""

    async def fault(act: Act) -> Any:
        raise error

    return fault


def done_but(error: Exception) -> Fault:
    """A fault that carries out the call, and then raises ``error``."""

    async def fault(act: Act) -> Any:
        await act()
        raise error

    return fault


def after(first: Callable[[], Awaitable[Any]]) -> Fault:
    """A fault that awaits ``first`` before the call."""

    async def fault(act: Act) -> Any:
        await first()
        return await act()

    return fault


def held(gate: asyncio.Event) -> Fault:
    """A fault that waits for ``gate`` before the call."""
    return after(gate.wait)


class MemoryOutbox:
    """An outbox that collects the events that were sent."""

    def __init__(self) -> None:
        self.batch = False
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: int | None = None

    def send(self, event: Event) -> None:
        if self.closed is None:
            self.events.put_nowait(json.loads(event.payload))

    def when_clear(self, act: Callable[[], None]) -> None:
        act()

    def close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.closed = code


class Client:
    """A client without a connection: a conversation and its outbox."""

    def __init__(self, services: Services, spec_id: str, caller: Caller) -> None:
        self.spec_id = spec_id
        self.outbox = MemoryOutbox()
        self.conversation = Conversation(services.documents, spec_id, caller, self.outbox)
        self.welcome: dict[str, Any] = {}

    async def say(self, event: str, **data: Any) -> None:
        work = self.conversation.take(json.dumps({"event": event, "data": data}))
        if work is not None:
            await work

    async def join(self, **data: Any) -> Client:
        await self.say("join_session", specId=self.spec_id, **data)
        self.welcome = await self.expect("session_joined")
        return self

    async def edit(self, version: int, *components: Any, operation_id: str | None = None) -> str:
        operation_id = operation_id or str(uuid4())
        await self.say("operation", operationId=operation_id, version=version, operations=list(components))
        return operation_id

    async def event(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.outbox.events.get(), PATIENCE)

    async def expect(self, name: str) -> dict[str, Any]:
        """The data of the next event, which must have this name."""
        event = await self.event()
        assert event["event"] == name, event
        return dict(event["data"])

    async def until(self, name: str) -> dict[str, Any]:
        """The data of the next event of this name; skips other events."""
        while (event := await self.event())["event"] != name:
            pass
        return dict(event["data"])

    def unread(self) -> list[dict[str, Any]]:
        return [self.outbox.events.get_nowait() for _ in range(self.outbox.events.qsize())]


def somebody(login: str) -> Caller:
    return Caller(User(user_id_of("test", login), login, login.capitalize(), issuer="test"))


ADA, BOB = somebody("ada"), somebody("bob")


class Serving:
    """The services of one server over a `FaultyStore`, with one spec."""

    def __init__(
        self, store: MemoryStore, spec_id: str = "", default_role: Role = Role.OWNER, **limits: int
    ) -> None:
        self.memory = store
        self.store = FaultyStore(store)
        self.default_role = default_role
        self.services = build(
            self.store, Limits(**{"operations_per_minute": 100_000, **limits}), default_role, "test"
        )
        self.spec_id = spec_id
        self._others: list[Serving] = []

    async def start(self, content: str = "text") -> Serving:
        for caller in (ADA, BOB):
            await self.services.documents.save_user(caller.user)
        if not self.spec_id:
            entry = await self.services.specs.create(ADA, NewSpec("Spec", content))
            self.spec_id = entry["specId"]
        return self

    async def another(self) -> Serving:
        """A second server on the same store."""
        self._others.append(Serving(self.memory, self.spec_id, self.default_role))
        return await self._others[-1].start()

    async def close(self) -> None:
        """Stop this server and the others on its store."""
        for server in (self, *self._others):
            await server.services.documents.close()

    async def client(self, caller: Caller = ADA, **data: Any) -> Client:
        return await Client(self.services, self.spec_id, caller).join(**data)

    async def content(self) -> str:
        return str((await self.services.contents.read(ADA, self.spec_id))["content"])

    async def stored(self) -> tuple[int, list[str]]:
        """The version of the spec in the store, and the operation ids in its log."""
        log = await self.memory.operations(self.spec_id, after=0)
        return (await self.memory.spec(self.spec_id)).version, [operation.operation_id for operation in log]


Serve = Callable[..., Awaitable[Serving]]
"""Starts services with a spec that has this content, and with these limits."""
