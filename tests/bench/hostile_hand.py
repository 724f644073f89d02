"""Plays the moves of a search: each sequence that it reads, as the user that it is told."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from tests.bench import cores
from tests.bench.hostile_moves import BODIES, FRAMES, LIMIT, Move
from tests.bench.hostile_texts import CHANGES, TEXTS, edits, inserts
from tests.bench.hostile_user import HostileSocket, HostileUser
from tests.bench.hostile_wire import Answer

OPERATIONS: Final = 100
"""Operations that a user may commit in a minute, and so in a sequence."""


class Hand:
    """Plays moves as one user. It keeps to the limits that the server does not itself enforce."""

    def __init__(self, user: HostileUser) -> None:
        self.user = user
        self.spec = ""
        self.first = ""
        self.epoch = ""
        self.version = 0
        self.sockets: list[HostileSocket] = []
        self._operations_left = OPERATIONS

    async def play(self, moves: Sequence[Move]) -> None:
        """One after the other, or together where a move says so."""
        await self.run("spec", {"shape": "words", "length": 5_000, "seed": 1})
        running: list[asyncio.Task[None]] = []
        for name, numbers in moves:
            rest = dict(numbers)
            if not rest.pop("together", False):
                await asyncio.gather(*running)
                running = []
            running.append(asyncio.create_task(self.run(name, rest)))
        await asyncio.gather(*running)

    async def run(self, name: str, numbers: Mapping[str, Any]) -> None:
        """One move. What the server refuses is counted, and no error here."""
        method: Callable[..., Awaitable[None]] = getattr(self, "do_" + name.replace(" ", "_"))
        try:
            await method(**numbers)
        except (AssertionError, ConnectionError, TimeoutError, OSError) as error:
            self.user.got[f"{name}: {type(error).__name__}"] += 1

    def close(self) -> None:
        for socket in self.sockets:
            socket.close()

    def _at(self, place: float) -> int:
        return round(self.version * place)

    @property
    def _path(self) -> str:
        return f"api/specs/{self.spec}"

    async def _many(self, times: int, at_once: int, ask: Callable[[int], Awaitable[Answer | None]]) -> None:
        numbers = iter(range(times))

        async def go_on() -> None:
            for number in numbers:
                await ask(number)

        await asyncio.gather(*(go_on() for _ in range(min(at_once, times))))

    async def _look(self) -> str:
        """The text as it is now."""
        data = (await self.user.ask("GET", f"{self._path}/document")).data()
        self.version, self.epoch = data["version"], data["epoch"]
        return str(data["content"])

    async def _socket(self) -> HostileSocket:
        for socket in self.sockets:
            if not socket.is_closed.done() and socket.spec_id == self.spec:
                return socket
        socket = await self.user.socket(self.spec)
        self.sockets.append(socket)
        return socket

    # the moves --------------------------------------------------------------------------------------------

    async def do_spec(self, shape: str, length: int, seed: int) -> None:
        self.first = TEXTS[shape](length, seed)[:LIMIT]
        self.spec = await self.user.new_spec(self.first)
        await self._look()

    async def do_operations(
        self, kind: str, count: int, parts: int, base: float, flight: int, seed: int
    ) -> None:
        text = await self._look()
        socket = await self._socket()
        length = len(text) if base == 1 else max(1, min(len(text), len(self.first)))
        flying: list[asyncio.Future[dict[str, Any]]] = []
        for number in range(min(count, self._operations_left)):
            self._operations_left -= 1
            components = _components(kind, parts, max(2, length), seed + number)
            version = socket.version if base == 1 else self._at(base)
            flying.append(socket.operation(components, version))
            if len(flying) >= flight:
                await asyncio.wait_for(flying.pop(0), 30)
        await asyncio.wait_for(asyncio.gather(*flying), 30)

    async def do_put(
        self, change: str, base: float, times: int, at_once: int, leave: float | None, seed: int
    ) -> None:
        text = self.first if base == 0 else await self._look()
        version = self._at(base)
        bodies = [
            json.dumps(
                {"content": CHANGES[change](text, seed + number)[:LIMIT], "version": version},
                ensure_ascii=False,
            ).encode()
            for number in range(min(times, 4))
        ]
        await self._many(
            times,
            at_once,
            lambda number: self.user.ask(
                "PUT", f"{self._path}/document", raw=bodies[number % len(bodies)], leave_after=leave
            ),
        )

    async def do_diff(self, version: float, against: float, times: int, leave: float | None) -> None:
        await self._look()
        path = f"{self._path}/revisions/{self._at(version)}/diff?against={self._at(against)}"
        await self._many(times, times, lambda _: self.user.ask("GET", path, leave_after=leave))

    async def do_revisions(self, times: int, content: str, limit: int, leave: float | None) -> None:
        path = f"{self._path}/revisions?limit={limit}&content={content}"
        await self._many(times, times, lambda _: self.user.ask("GET", path, leave_after=leave))

    async def do_version(self, version: float, times: int, leave: float | None) -> None:
        await self._look()
        path = f"{self._path}/revisions/{self._at(version)}"
        await self._many(times, times, lambda _: self.user.ask("GET", path, leave_after=leave))

    async def do_restore(self, version: float, times: int) -> None:
        await self._look()
        path = f"{self._path}/revisions/{self._at(version)}/restore"
        await self._many(times, times, lambda _: self.user.ask("POST", path))

    async def do_label(self, times: int, at_once: int) -> None:
        await self._many(
            times,
            at_once,
            lambda n: self.user.ask("POST", f"{self._path}/revisions", {"label": f"Label {n}"}),
        )

    async def do_document(self, times: int, leave: float | None) -> None:
        await self._many(
            times, 30, lambda _: self.user.ask("GET", f"{self._path}/document", leave_after=leave)
        )

    async def do_list(self, query: str, times: int, leave: float | None) -> None:
        path = "api/specs?limit=200&q=" + "".join(f"%{byte:02X}" for byte in query.encode())
        await self._many(times, 30, lambda _: self.user.ask("GET", path, leave_after=leave))

    async def do_join(self, times: int, known: float | None) -> None:
        await self._look()
        more = {} if known is None else {"lastKnownVersion": self._at(known), "epoch": self.epoch}

        async def join(_: int) -> None:
            socket = await self.user.socket(self.spec, **more)
            self.sockets.append(socket)

        await asyncio.wait_for(self._many(times, times, join), 30)

    async def do_leave(self) -> None:
        self.close()
        self.sockets.clear()

    async def do_sync(self, times: int, known: float, content: bool) -> None:
        await self._look()
        socket = await self._socket()
        more = {"content": True} if content else {}
        for _ in range(times):
            await socket.sync(self._at(known), **more)

    async def do_frames(self, kind: str, times: int, sockets: int) -> None:
        frame = FRAMES[kind].replace("SPEC", self.spec).encode()
        opened = [await self._socket()]
        for _ in range(sockets - 1):
            opened.append(await self.user.socket(self.spec))
        self.sockets += opened[1:]
        for number in range(times):
            for socket in opened:
                socket.send(
                    frame.replace(b"ID", f"{number:08x}-0000-4000-8000-{id(socket) % 2**48:012x}".encode())
                )
            if number % 200 == 0:
                await asyncio.sleep(0)
        for socket in opened:
            socket.say("ping")
            await socket.until("pong", 20)

    async def do_poll(self, times: int, kind: str, wait: int) -> None:
        event = FRAMES[kind].replace("SPEC", self.spec).replace("ID", "00000000-0000-4000-8000-000000000000")
        count = max(1, 60_000 // len(event))
        body = ("[" + ",".join([event] * count) + "]").encode()

        async def poll(_: int) -> Answer:
            joined = (await self.user.ask("POST", f"{self._path}/session", {"specId": self.spec})).data()
            path = f"{self._path}/session/{joined['sessionId']}/events"
            for _ in range(3):
                await self.user.ask("POST", path, raw=body)
            return await self.user.ask("GET", f"{path}?after=0&wait={wait}")

        await self._many(times, 5, poll)

    async def do_change_entry(self, times: int, length: int) -> None:
        for number in range(times):
            entry = {"title": f"{number} " + "t" * min(length, 190), "description": "d " * (length // 2)}
            await self.user.ask("PATCH", self._path, entry)

    async def do_create(self, times: int, length: int, at_once: int) -> None:
        body = json.dumps({"title": "Spec", "content": TEXTS["words"](length, 1)}).encode()
        await self._many(times, at_once, lambda _: self.user.ask("POST", "api/specs", raw=body))

    async def do_delete(self) -> None:
        await self.user.ask("DELETE", self._path)
        await self.do_spec("words", 5_000, 1)

    async def do_share(self, times: int) -> None:
        for number in range(times):
            path = f"{self._path}/collaborators/user:somebody{number % 20}"
            await self.user.ask("PUT", path, {"role": "viewer" if number % 2 else "contributor"})

    async def do_tokens(self, times: int) -> None:
        await self._many(times, 8, lambda _: self.user.ask("POST", f"{self._path}/token"))

    async def do_body(self, kind: str, size: int, times: int, path: str) -> None:
        body = BODIES[kind](size)
        method = "PUT" if path == "document" else "POST"
        await self._many(times, 2, lambda _: self.user.ask(method, f"{self._path}/{path}", raw=body))

    async def do_deaf(self, times: int, kind: str) -> None:
        for _ in range(times):
            socket = await self.user.socket(self.spec)
            self.sockets.append(socket)
            socket.stop_reading()
            for _ in range(300):
                socket.send(FRAMES[kind].encode())

    async def do_wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _components(kind: str, parts: int, length: int, seed: int) -> list[dict[str, Any]]:
    """An operation of a kind on a text of a length, short enough to be sent."""
    parts = min(parts, length // 2)
    match kind:
        case "inserts":
            return inserts(parts, length, seed)
        case "lines":
            return inserts(min(parts, 150), length, seed, "\n- \n")
        case "edits":
            return edits(parts, length, seed)
        case "delete":
            places = random.Random(seed).sample(range(length - 1), parts)
            return [{"type": "delete", "position": at, "length": 1} for at in sorted(places, reverse=True)]
        case "delete all":
            return [{"type": "delete", "position": 0, "length": length}]
        case "long insert":
            return [{"type": "insert", "position": seed % length, "content": "word " * 1_900}]
    return [{"type": "retain", "length": 0}] * parts


async def _play(port: int, line: str) -> dict[str, Any]:
    asked = json.loads(line)
    user = HostileUser(port, asked["headers"])
    hand = Hand(user)
    try:
        await hand.play(asked["moves"])
    finally:
        hand.close()
    return {"got": dict(user.got.most_common()), "largest": user.largest}


async def _serve(port: int) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await _play(port, line)), flush=True)


def main() -> None:
    os.nice(10)
    cores.open_many()
    asyncio.run(_serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
