"""The world of a run: the servers, the disk, the network, and everybody who takes part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import msgspec

from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.text import Text

from .attempt import Attempt, Moment
from .client import Client
from .disk import Disk, at_once
from .loop import VirtualLoop
from .marks import Marks
from .network import Network
from .passage import Passage
from .polling import Act, Lost, PollingConnection, request
from .server import ISSUER, SPEC_ID, Server, StoreOf
from .settings import Settings
from .sockets import SocketConnection, connect
from .stream import Stream
from .trace import Trace
from .verdict import Verdict
from .weather import CALM

Connection = SocketConnection | PollingConnection


class World:
    """Everything of one run; what happens in it is the scenario's business.

    ``on_sent`` is called with each client that has just sent an operation. ``passages`` are those on which threads
    were to be opened, by threadId; ``attempts`` are the requests to accept suggestions; ``told`` is what each
    server told at the end of the threads.
    """

    def __init__(self, loop: VirtualLoop, rng: Random, settings: Settings, store_of: StoreOf) -> None:
        self.loop = loop
        self.rng = rng
        self.settings = settings
        self.trace = Trace(loop.time)
        self.verdict = Verdict(self.trace)
        self.disk = Disk(self.trace)
        self.network = Network(loop, rng, CALM)
        self.marks = Marks(rng)
        self.on_sent: Callable[[Client], object] = lambda client: None
        self.clients: list[Client] = []
        self.passages: dict[str, Passage] = {}
        self.attempts: list[Attempt] = []
        self.told: dict[str, Mapping[str, Any]] = {}
        self.connections: dict[Client, tuple[Server, Connection]] = {}
        self.servers = [
            Server(name, self.disk, self.network, settings.limits, self.verdict, self.trace, store_of)
            for name in ("A", "B")[: settings.servers]
        ]

    @property
    def living(self) -> list[Client]:
        """The clients that are still there."""
        return [client for client in self.clients if client.is_living]

    @property
    def now(self) -> Moment:
        """What is durable at this time."""
        return Moment(self.loop.time(), len(self.disk.log), self.disk.threads_version(SPEC_ID))

    @property
    def texts(self) -> list[Text]:
        """The text of every version, from 0."""
        texts = self.disk.texts
        for committed in self.disk.log[len(texts) - 1 :]:
            texts.append(texts[-1].apply(committed.operation))
        return texts

    async def begin(self) -> None:
        """Start the servers and create the spec."""
        for server in self.servers:
            server.start()
        first = self.servers[0]
        assert first.process is not None
        author = user_named("nobody")
        await first.process.spawn(first.documents.save_user(author))
        new = NewSpec("Simulated", self.marks.text("nobody", 3), spec_id=SPEC_ID)
        await first.process.spawn(first.specs.create(Caller(author), new))
        self.disk.log += at_once(self.disk.memory.operations(SPEC_ID, 0))
        self.disk.writers += ["A"] * len(self.disk.log)

    def admit(
        self,
        user: str,
        *,
        polls: bool = False,
        exchange: type[Exchange] = Exchange,
        session_id: str | None = None,
    ) -> Client:
        """Somebody opens a page."""
        role = Role.VIEWER if user in self.settings.viewers else Role.CONTRIBUTOR
        client = Client(
            f"{user}{len(self.clients)}",
            user_named(user),
            role,
            self.marks,
            self._open,
            lambda: self.disk.log,
            self._shown,
            self.read_threads,
            self.settings.kept,
            polls=polls,
            exchange=exchange,
            session_id=session_id,
        )
        self.clients.append(client)
        self.trace.note(client.name, "opens", "polls" if polls else "socket")
        return client

    def cut(self, client: Client) -> None:
        """Break a client's connection, if it has one."""
        if client in self.connections:
            self.trace.note(client.name, "cut", self.connections[client][1].cut())

    def kill(self, server: Server) -> None:
        """A server dies, and its connections with it."""
        if server.is_up:
            server.kill()
            for on, connection in self.connections.values():
                if on is server:
                    connection.reset()

    def stop(self, server: Server) -> None:
        """A server is shut down."""
        process = server.process

        def stopped() -> None:
            if server.process is process:
                self.kill(server)

        server.stop(stopped)

    async def read_threads(self, client: Client, since: int) -> Mapping[str, Any] | None:
        """What a client's server tells of the threads that were changed; ``None`` if it does not answer."""
        if client not in self.connections:
            return None
        return await self.threads_of(self.connections[client][0], client.user, since)

    async def threads_of(self, server: Server, user: User, since: int) -> Mapping[str, Any] | None:
        """What a server tells of the threads that were changed after ``since``; ``None`` if it does not answer."""

        async def page() -> Any:
            await server.admit(user, SPEC_ID)
            return await server.reading.page(Caller(user), SPEC_ID, None, since, None, 200)

        answer = await server_call(server, page)
        return None if answer is None else msgspec.json.decode(msgspec.json.encode(answer))

    def _shown(self, client: str, text: str) -> None:
        doubled = self.marks.doubled(text)
        self.verdict.require(not doubled, f"{client} shows {doubled!a} twice")

    async def _open(self, client: Client) -> Any:
        await asyncio.sleep(self.network.delay())
        server = self._server_for(client)
        if not server.is_up or self.network.happens(self.network.weather.lost):
            raise ConnectionRefusedError
        stream = Stream(
            client.name,
            self.settings.backlog,
            self.disk,
            self.verdict,
            self.trace,
            lambda: self.on_sent(client),
        )
        self.trace.note(client.name, "connects", server.name)
        if client.polls:
            connection = PollingConnection(server, client.user, client.role, SPEC_ID, stream)
            self.connections[client] = server, connection
            return connection

        def opened(connection: SocketConnection) -> None:
            self.connections[client] = server, connection

        return connect(server, client.user, client.role, SPEC_ID, stream, opened)

    def _server_for(self, client: Client) -> Server:
        if self.settings.roams:
            return self.rng.choice(self.servers)
        return self.servers[self.clients.index(client) % len(self.servers)]


def user_named(name: str) -> User:
    """A user of this name."""
    return User(user_id_of(ISSUER, name), name, name.title())


async def server_call(server: Server, act: Act) -> Any:
    """The answer to an HTTP request; ``None`` where it was lost, or refused."""
    try:
        return await request(server, act)
    except (Lost, SpecCollabError):
        return None
