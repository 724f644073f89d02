"""Searches for what one hostile user can do to the honest ones: seeded, prints how to repeat what it finds.

Run::

    python -m tests.bench.hostile_search [--seconds 600] [--seed N] [--package DIRECTORY]
    python -m tests.bench.hostile_search --replay '[["put", {...}], ...]' [--times 3]

The server has the product's own limits. A sequence of moves (`tests.bench.hostile_moves`) is played as a new user,
and its score is the longest wait of an honest one: who types, who reads, or the ping of an idle connection. The
search goes on from the worst sequences found (it adds, drops and changes moves, and joins two), or makes new ones,
of moves that did harm before rather than of others. A sequence counts by the better of two runs, so that what the
machine did meanwhile counts less; the worst ones are played again at the end, on a new server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from tests.bench import cores
from tests.bench.figures import quantile, table
from tests.bench.hostile_bench import faults, started
from tests.bench.hostile_honest import Honest, Seen
from tests.bench.hostile_moves import KINDS, Move, random_move
from tests.serving import ROOT, JupyterServer

LOGINS: Final = 13
"""Logins of each honest person who types, so that none reaches the limit of operations a minute."""

PLAYING: Final = 20.0
"""Seconds after which a sequence is ended."""

AFTERWARDS: Final = 30.0
"""Seconds that the server is given to answer what was due meanwhile."""

SEQUENCES: Final = 50
"""How many are played on a server before it is replaced."""

MEMORY: Final = 1_500.0
"""MB of a server's processes after which it is replaced."""

KEPT: Final = 8
"""How many of the worst sequences the search goes on from."""

SHOWN: Final = 5
LONGEST: Final = 8
"""Moves that a sequence has at most."""


@dataclass(frozen=True)
class Played:
    """What came of a sequence, played once."""

    moves: Sequence[Move]
    seen: Seen
    memory: float
    got: Mapping[str, int]
    faults: Sequence[str]

    @property
    def score(self) -> float:
        """The longest wait of an honest user, in seconds."""
        return self.seen.longest()


@dataclass
class Found:
    """A sequence, and each time it was played."""

    moves: Sequence[Move]
    plays: list[Played] = field(default_factory=list)

    @property
    def score(self) -> float:
        return min(played.score for played in self.plays)

    def row(self) -> list[str]:
        best = min(self.plays, key=lambda played: played.score)
        p99 = quantile(best.seen.typing, 0.99)
        return [
            " / ".join(f"{1000 * played.score:,.0f}" for played in self.plays),
            f"{p99:,.0f} / {quantile(best.seen.typing, 1):,.0f}",
            f"{quantile(best.seen.reading, 1):,.0f}",
            f"{quantile(best.seen.pinging, 1):,.0f}",
            f"{max(played.memory for played in self.plays):,.0f}",
            ", ".join(f"{count:,} × {what}" for what, count in list(best.got.items())[:6]),
            f"`{json.dumps(self.moves)}`",
        ]


HEADINGS: Final = [
    "longest wait in each run, ms",
    "typing: p99 / longest ms",
    "reading: longest ms",
    "ping: longest ms",
    "memory, with workers, MB",
    "the attacker got",
    "moves",
]


class Arena:
    """A server with honest users, and a hostile one for each sequence."""

    def __init__(self, directory: Path, package: Path) -> None:
        self._directory = directory
        self._package = package
        self._servers = self._users = self._played = 0
        self._known_faults = 0
        self._server: JupyterServer | None = None
        self.converged: Counter[str] = Counter()
        self.faults: list[str] = []

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def play(self, moves: Sequence[Move]) -> Played:
        """Play a sequence as a new user."""
        if self._played >= SEQUENCES or self._memory() > MEMORY:
            await self.renew()
        assert self._server is not None
        self._played += 1
        self._users += 1
        name = f"mallory{self._users}"
        headers = self._server.headers(name, name)
        assert self._hand.stdin is not None
        assert self._hand.stdout is not None
        self._honest.waits.forget()
        begun = time.perf_counter()
        self._hand.stdin.write(json.dumps({"headers": headers, "moves": moves}).encode() + b"\n")
        memory = 0.0
        answer = asyncio.create_task(self._hand.stdout.readline())
        while not answer.done() and time.perf_counter() - begun < PLAYING:
            await asyncio.wait({answer}, timeout=0.2)
            memory = max(memory, await asyncio.to_thread(self._memory))
        got: dict[str, int] = {f"ended after {PLAYING:.0f} s": 1}
        if answer.done() and answer.result():
            got = json.loads(answer.result())["got"]
        else:
            answer.cancel()
            await self._replace_hand()
        ended = time.perf_counter()
        settled = await self._honest.settled(AFTERWARDS)
        seen = self._honest.seen(begun, ended)
        found = faults(self._server)
        fresh = found[self._known_faults :]
        self._known_faults = len(found)
        played = Played(moves, seen, memory, got, fresh)
        self.faults += fresh
        if not settled:
            print("The server did not answer everything; it is replaced.", flush=True)
            await self.renew()
        return played

    async def renew(self) -> None:
        """Go on with a new server."""
        await self._stop()
        await self._start()

    async def _start(self) -> None:
        self._servers += 1
        self._played = self._known_faults = 0
        path = self._directory / f"server{self._servers}"
        self._server = await asyncio.to_thread(started, path, self._package, None, {})
        self._honest = await Honest(self._server, LOGINS).begin()
        self._hand = await self._new_hand()
        await asyncio.sleep(1)

    async def _stop(self) -> None:
        self._hand.kill()
        await self._hand.wait()
        self.converged[await self._honest.end()] += 1
        assert self._server is not None
        await asyncio.to_thread(self._server.stop)
        shutil.rmtree(self._server.directory, ignore_errors=True)

    async def _new_hand(self) -> asyncio.subprocess.Process:
        assert self._server is not None
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.hostile_hand", str(self._server.port)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )

    async def _replace_hand(self) -> None:
        self._hand.kill()
        await self._hand.wait()
        self._hand = await self._new_hand()

    def _memory(self) -> float:
        assert self._server is not None
        return cores.memory(cores.family(self._server.pid))


class Search:
    """Hill climbing on the score, from the worst sequences found; kinds of moves that did harm come more often."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._harm = dict.fromkeys(KINDS, 0.05)
        self.found: list[Found] = []

    def next(self) -> list[Move]:
        """A sequence to try."""
        chance = self._chance
        if len(self.found) < KEPT or chance.random() < 0.35:
            return [self._move() for _ in range(chance.randrange(1, 6))]
        moves = list(chance.choice(self.found).moves)
        for _ in range(chance.choice([1, 1, 2, 3])):
            moves = self._changed(moves)
        return moves[:LONGEST]

    def add(self, found: Found) -> None:
        """Take note of a sequence that has been played."""
        for name in {name for name, _ in found.moves}:
            self._harm[name] += 0.2 * (found.score - self._harm[name])
        self.found = sorted([*self.found, found], key=lambda one: -one.score)[:KEPT]

    def is_good(self, score: float) -> bool:
        """Whether a score is worth a second run."""
        return len(self.found) < KEPT or score > self.found[-1].score

    def _move(self) -> Move:
        names = list(self._harm)
        name = self._chance.choices(names, [0.02 + max(0.0, self._harm[name]) for name in names])[0]
        made, numbers = random_move(self._chance, name)
        return made, {**numbers, "together": True} if self._chance.random() < 0.4 else numbers

    def _changed(self, moves: list[Move]) -> list[Move]:
        chance = self._chance
        place = chance.randrange(len(moves)) if moves else 0
        match chance.choice(["add", "drop", "again", "change", "change", "together", "join"]):
            case "add":
                return [*moves[:place], self._move(), *moves[place:]]
            case "drop" if len(moves) > 1:
                return [*moves[:place], *moves[place + 1 :]]
            case "again" if moves:
                return [*moves[: place + 1], *moves[place:]]
            case "change" if moves:
                name, numbers = moves[place]
                _, fresh = random_move(chance, name)
                some = {key: value for key, value in fresh.items() if chance.random() < 0.5}
                return [*moves[:place], (name, {**numbers, **some}), *moves[place + 1 :]]
            case "together" if moves:
                name, numbers = moves[place]
                turned = {**numbers, "together": not numbers.get("together", False)}
                return [*moves[:place], (name, turned), *moves[place + 1 :]]
            case "join":
                return [*moves, *chance.choice(self.found).moves]
        return moves or [self._move()]


async def search(seed: int, seconds: float, package: Path, directory: Path) -> tuple[list[Found], Arena]:
    """Play until ``seconds`` have passed; the last fifth of it goes to the worst ones, again."""
    print(f"seed {seed}, {seconds:.0f} s, load average {os.getloadavg()[0]:.1f}", flush=True)
    begun, tried = time.monotonic(), 0
    found = Search(seed)
    async with Arena(directory, package) as arena:
        while time.monotonic() - begun < 0.8 * seconds:
            moves = found.next()
            one = Found(moves, [await arena.play(moves)])
            tried += 1
            if found.is_good(one.score):
                one.plays.append(await arena.play(moves))
                if found.is_good(one.score):
                    print(f"{1000 * one.score:,.0f} ms: {json.dumps(moves)}", flush=True)
            found.add(one)
        worst = []
        for one in found.found[:SHOWN]:
            if time.monotonic() - begun < seconds:
                await arena.renew()
                one.plays.append(await arena.play(one.moves))
            worst.append(one)
    print(f"{tried} sequences tried", flush=True)
    return sorted(worst, key=lambda one: -one.score), arena


async def replay(
    moves: Sequence[Move], times: int, package: Path, directory: Path
) -> tuple[list[Found], Arena]:
    """Play one sequence so many times, on a server of its own."""
    async with Arena(directory, package) as arena:
        return [Found(moves, [await arena.play(moves) for _ in range(times)])], arena


def report(found: Sequence[Found], arena: Arena) -> None:
    print("\n" + table(HEADINGS, [one.row() for one in found]))
    print(
        f"\nConverged: {', '.join(f'{told} ({times} servers)' for told, times in arena.converged.items())}."
    )
    print(f"{len(arena.faults)} faults in the servers' logs.")
    for fault in arena.faults[:5]:
        print(fault)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--replay", type=json.loads)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--package", type=Path, default=ROOT)
    parser.add_argument("--directory", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.directory, ignore_cleanup_errors=True) as name:
        directory = Path(name)
        work: Any = search(options.seed, options.seconds, options.package, directory)
        if options.replay:
            work = replay(options.replay, options.times, options.package, directory)
        report(*asyncio.run(work))


if __name__ == "__main__":
    cores.end_in_order()
    main()
