"""The scenario: what people do, and what befalls them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.specs.document_text import DocumentText, Save

from .checks import check_replicas, presence_faults
from .client import Client
from .commenting import comment, reply
from .rewording import restore, reword, undo
from .server import SPEC_ID, Server
from .suggesting import decide, suggest
from .suggestion_checks import check_acceptances
from .weather import CALM, drawn
from .world import World, server_call, user_named

SETTLING: Final = 600.0
"""Seconds after which everybody must have come to rest, once nothing fails any more."""

FORGETTING: Final = 130.0
"""Seconds in which a server has forgotten whoever is gone: 60 until it notices, 15 more, a sweep of rows."""

RESTARTED: Final = 10.0
"""Seconds in which every server that was stopped or killed is up again."""

ALONE: Final = 130.0
"""Seconds in which a server has let a document go that nobody uses: it looks every 30, and polls end after 60."""

THREADS: Final = 0.5
"""How often somebody who edits also does something with a thread."""

ACTS: Final = ((comment, 3), (reply, 2), (suggest, 3), (decide, 6), (reword, 3), (undo, 1), (restore, 2))
"""What they do then, and how often."""

MOST: Final = 7
"""Clients that a run holds at the most."""


class Scenario:
    """Lets everybody act for a while, then heals everything and waits until all is quiet."""

    def __init__(self, world: World, exchange: type[Exchange] = Exchange) -> None:
        self.world = world
        self.rng = world.rng
        self.settings = world.settings
        self._first_exchange = exchange
        self._actors: list[asyncio.Task[None]] = []

    async def play(self) -> None:
        """The whole run up to the point where everything can be checked."""
        world = self.world
        await world.begin()
        world.network.weather = self.settings.weather
        world.disk.on_commit = self._after_commit
        world.on_sent = self._after_sending
        for number, user in enumerate(self.settings.users):
            exchange = self._first_exchange if number == 0 else Exchange
            self._admit(user, polls=number in self.settings.polls, exchange=exchange)
        await self._be_troubled()
        await asyncio.gather(*self._actors)
        await self._settle()

    async def all_leave(self) -> None:
        """Everybody leaves, and time passes."""
        for client in self.world.living:
            await client.leave()
        await asyncio.sleep(RESTARTED)
        for server in self.world.servers:
            server.ask()
        await asyncio.sleep(ALONE)

    @property
    def _is_over(self) -> bool:
        return self.world.loop.time() >= self.settings.duration or bool(self.world.verdict.failures)

    # people -----------------------------------------------------------------------------------------------

    def _admit(
        self,
        user: str,
        *,
        polls: bool = False,
        exchange: type[Exchange] = Exchange,
        session_id: str | None = None,
    ) -> None:
        client = self.world.admit(user, polls=polls, exchange=exchange, session_id=session_id)
        self._actors.append(asyncio.create_task(self._act(client)))

    async def _act(self, client: Client) -> None:
        rng = self.rng
        while client.is_living and not self._is_over:
            await asyncio.sleep(rng.expovariate(1 / self.settings.hurry))
            client.again_if_refused()
            if client.is_living and client.exchange.replica is not None:
                for _ in range(rng.choice([1, 1, 1, 4])):
                    self._do(client)
                    await asyncio.sleep(rng.choice([0.0, 0.01, 0.05]))

    def _do(self, client: Client) -> None:
        rng = self.rng
        text = client.text
        start = client.place(rng)
        end = min(len(text), start + rng.choice([1, 1, 3, 12]))
        kind = rng.choices(["insert", "delete", "replace", "paste", "move"], [8, 3, 2, 0.4, 1])[0]
        if client.role < Role.CONTRIBUTOR or not client.is_living:
            kind = "move"
        self.world.trace.note(client.name, kind, f"at {start} to {end} of {len(text)}, v{client.version}")
        if kind == "insert":
            client.insert(start, self.world.marks.text(client.name))
        elif kind == "delete":
            client.delete(start, end)
        elif kind == "replace":
            client.replace(start, end, self.world.marks.text(client.name))
        elif kind == "paste":
            client.insert(start, self.world.marks.text(client.name, rng.choice([20, 80])))
        else:
            client.move(start, rng.choice([start, end]))
        if client.role >= Role.CONTRIBUTOR and rng.random() < THREADS:
            act = rng.choices(*zip(*ACTS, strict=True))[0]
            self._actors.append(asyncio.create_task(act(self.world, client)))

    async def _save(self) -> None:
        """Somebody reads the document, and saves another text a while later, as often as it takes."""
        rng, world = self.rng, self.world
        name = f"put{len(world.clients)}x{rng.randrange(10_000)}"
        user, server = user_named(rng.choice(self.settings.users)), rng.choice(world.servers)
        caller = Caller(user)

        async def ask(server: Server, act: Callable[[DocumentText], Awaitable[Any]]) -> Any:
            async def admitted() -> Any:
                await server.admit(user, SPEC_ID)
                return await act(server.contents)

            return await server_call(server, admitted)

        read = await ask(server, lambda contents: contents.read(caller, SPEC_ID))
        if read is None:
            return
        content, version = read["content"], read["version"]
        await asyncio.sleep(rng.choice([0.0, 1.0, 4.0]))
        start = rng.randint(0, len(content))
        end = min(len(content), start + rng.choice([0, 0, 2, 20]))
        world.marks.removed(content[start:end], name)
        changed = content[:start] + world.marks.text(name) + content[end:]
        world.trace.note(name, "saves", f"onto v{version}")
        save = Save(changed, version)
        for _ in range(3):
            if (
                await ask(rng.choice(world.servers), lambda contents: contents.save(caller, SPEC_ID, save))
                is not None
            ):
                world.trace.note(name, "saved")
                return
            await asyncio.sleep(1.0)
        world.marks.gone(name)

    # troubles ---------------------------------------------------------------------------------------------

    async def _be_troubled(self) -> None:
        troubles: list[tuple[float, Callable[[], None]]] = [
            (8, self._cut),
            (2, self._kill),
            (1, self._stop),
            (1, self._lose_store),
            (1, self._change_weather),
            (1, self._crash),
            (1, self._leave),
            (2, self._come_late),
            (0.5, self._open_twice),
            (2, self._put),
        ]
        weights = [weight for weight, _ in troubles]
        while not self._is_over:
            left = self.settings.duration - self.world.loop.time()
            await asyncio.sleep(min(max(left, 0.01), self.rng.expovariate(1 / self.settings.troubles)))
            if not self._is_over:
                self.rng.choices(troubles, weights)[0][1]()
            check_replicas(self.world)
            check_acceptances(self.world)

    def _after_sending(self, client: Client) -> None:
        """Somebody's edit is on its way: another good moment for an accident."""
        network = self.world.network
        if not self._is_over and network.happens(self.settings.cut_acks):
            longest = 3 * (network.weather.latency + network.weather.store_time)
            network.later(self.rng.uniform(0, longest), self.world.cut, client)

    def _after_commit(self, operation: CommittedOperation) -> None:
        """Somebody's edit is durable, and they have not been told: a good moment for an accident."""
        if self._is_over or not self.world.network.happens(self.settings.cut_acks):
            return
        if operation.thread_id is not None:
            self._kill()
        for client in self.world.living:
            replica = client.exchange.replica
            outstanding = replica.pending.outstanding if replica is not None else None
            if outstanding is not None and outstanding.operation_id == operation.operation_id:
                self.rng.choices([lambda: self.world.cut(client), self._kill], [5, 1])[0]()  # noqa: B023

    def _cut(self) -> None:
        if self.world.living:
            self.world.cut(self.rng.choice(self.world.living))

    def _kill(self) -> None:
        server = self.rng.choice(self.world.servers)
        self.world.kill(server)
        self.world.network.later(self.rng.choice([0.0, 0.5, 3.0]), self._restart, server)

    def _stop(self) -> None:
        server = self.rng.choice(self.world.servers)
        if server.is_up:
            self.world.stop(server)
            self.world.network.later(self.rng.choice([0.5, 3.0]), self._restart, server)

    def _restart(self, server: Server) -> None:
        self.world.kill(server)
        server.start()

    def _lose_store(self) -> None:
        server = self.rng.choice(self.world.servers)
        if server.is_up:
            self.world.trace.note(server.name, "store away")
            server.store.is_away = True
            self.world.network.later(self.rng.choice([0.2, 2.0, 8.0]), self._find_store, server)

    def _find_store(self, server: Server) -> None:
        server.store.is_away = False

    def _change_weather(self) -> None:
        self.world.network.weather = drawn(self.rng)

    def _crash(self) -> None:
        client = self._anybody()
        if client is not None:
            self.world.cut(client)
            self.world.trace.note(client.name, "crashes")
            client.crash()

    def _leave(self) -> None:
        client = self._anybody()
        if client is not None:
            self.world.trace.note(client.name, "leaves")
            self._actors.append(asyncio.create_task(client.leave()))

    def _anybody(self) -> Client | None:
        """Any client that has joined, as long as another stays."""
        joined = [client for client in self.world.living if client.exchange.replica is not None]
        return self.rng.choice(joined) if len(joined) > 1 else None

    def _come_late(self) -> None:
        if len(self.world.clients) < MOST:
            self._admit(self.rng.choice(self.settings.users))

    def _open_twice(self) -> None:
        """A page is duplicated, with what it remembers of its session."""
        client = self._anybody()
        if client is not None and len(self.world.clients) < MOST:
            self._admit(client.user.login, session_id=client.session_id)

    def _put(self) -> None:
        self._actors.append(asyncio.create_task(self._save()))

    # the end ----------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Nothing fails any more: wait until all have everything."""
        world = self.world
        world.trace.note("world", "heals")
        world.network.weather = CALM
        until = world.loop.time() + SETTLING
        self._heal()
        while not self._is_quiet() and world.loop.time() < until and not world.verdict.failures:
            self._heal()
            await asyncio.sleep(1.0)
        world.verdict.require(self._is_quiet(), "it does not come to rest:", *map(_state, world.living))
        await self._forget()
        for server in world.servers:
            told = await world.threads_of(server, user_named("nobody"), 0)
            world.verdict.require(told is not None, f"{server.name} does not tell its threads")
            world.told[server.name] = told or {}

    def _heal(self) -> None:
        for server in self.world.servers:
            if not server.is_up:
                server.start()
            server.store.is_away = False
        for client in self.world.living:
            client.again_if_refused()

    async def _forget(self) -> None:
        """Wait until everywhere those are listed who are there, and nobody else."""
        world = self.world
        until = world.loop.time() + FORGETTING
        while (faults := presence_faults(world)) and world.loop.time() < until:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(2.0)
        for fault in faults:
            world.verdict.require(False, fault)

    def _is_quiet(self) -> bool:
        """Whether all clients have everything, and nobody waits for an answer.

        No server still works for a client that has left, either.
        """
        world = self.world
        present, threads = len(world.disk.log), world.disk.threads_version(SPEC_ID)
        for server in world.servers:
            live = server.live
            is_busy = live is not None and (
                live.committer.queue_length() > 0 or live.threads._writing.locked()
            )
            if is_busy or not server.is_up or server.version not in (None, present):
                return False
        return all(actor.done() for actor in self._actors) and all(
            client.is_settled and client.version == present and client.threads.version == threads
            for client in world.living
        )


def _state(client: Client) -> str:
    exchange = client.exchange
    state = "connected" if client.session.is_connected else "not connected"
    pending = exchange.replica.pending if exchange.replica is not None else None
    threads = client.threads.version
    return (
        f"{client.name} at v{client.version}, {state}, {exchange.failure!r}, {pending}, threads v{threads};"
    )
