"""The attacks of one user on the others of a server, one of each kind; see `ATTACKS`.

Run by `tests.bench.hostile_bench` as a process of its own, with a low priority: what it costs to attack is not the
server's cost. It says ``ready`` after the set-up, attacks when it reads a line, and says at the end what it got.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.bench import cores
from tests.bench.hostile_moves import BODIES, FRAMES
from tests.bench.hostile_texts import (
    cjk,
    edits,
    every_other_line,
    every_word,
    inserts,
    lines,
    word_lines,
    words,
)
from tests.bench.hostile_user import HostileSocket, HostileUser, SilentSocket

LONG: Final = 10.0
"""Seconds for which an attack is repeated, if its limits let it."""

MB: Final = 1_000_000

Attack = AsyncIterator[None]
"""Yields once, between the set-up and the attack."""


async def many_words(user: HostileUser) -> Attack:
    """1 MB, 60 single letters committed, then PUTs at version 1 with every second word changed (3 in all)"""
    text = word_lines(MB, 9)
    spec = await user.new_spec(text)
    await user.commit_all(spec, (inserts(1, MB, seed) for seed in range(60)))
    changed = [every_other_line(text, f"{number}") for number in range(3)]
    yield
    for content in changed:
        await user.put(spec, content, 1)


async def delete_over_inserts(user: HostileUser) -> Attack:
    """90 operations of 150 inserts, then deletions of everything on version 1 (10 in all)"""
    async for _ in _delete_all(user, 90, lambda seed: inserts(150, 20_000, seed), 10):
        yield


async def delete_over_edits(user: HostileUser) -> Attack:
    """990 operations of 160 edits, then deletions of everything on version 1 (10 in all)"""
    async for _ in _delete_all(user, 985, lambda seed: edits(160, 19_000, seed), 10):
        yield


async def _delete_all(
    user: HostileUser, count: int, made: Callable[[int], list[dict[str, object]]], times: int
) -> Attack:
    spec = await user.new_spec(words(20_000))
    await user.commit_all(spec, (made(seed) for seed in range(count)))
    socket = await user.socket(spec)
    yield
    for _ in range(times):
        await socket.operation([{"type": "delete", "position": 0, "length": 20_000}], 1)


async def delete_in_many(user: HostileUser) -> Attack:
    """Eight documents of 45 operations of 150 inserts; a deletion of everything in all at once, three times"""
    specs = [await user.new_spec(words(20_000)) for _ in range(8)]
    for spec in specs:
        await user.commit_all(spec, (inserts(150, 20_000, seed) for seed in range(45)))
    sockets_in_all = [await user.socket(spec) for spec in specs]
    yield
    everything = [{"type": "delete", "position": 0, "length": 20_000}]
    for _ in range(3):
        await asyncio.gather(*(socket.operation(everything, 1) for socket in sockets_in_all))


async def frames(user: HostileUser) -> Attack:
    """50 sockets, each sending frames of 60 KB that are no messages, and small ones, as fast as they are read"""
    specs = [await user.new_spec("Text\n") for _ in range(10)]
    opened = [await user.socket(spec) for spec in specs for _ in range(5)]
    large = [FRAMES[kind].replace("ID", "x").encode() for kind in ("quotes", "brackets", "objects")]
    small = [FRAMES[kind].encode() for kind in ("ping", "unknown", "sync", "cursor")]
    yield
    end = time.perf_counter() + LONG

    async def go_on(socket: HostileSocket, number: int) -> None:
        while time.perf_counter() < end and not socket.is_closed.done():
            for payload in (large[number % 3], *small * 10):
                socket.send(payload)
            socket.say("ping")
            await socket.until("pong")

    await asyncio.gather(*(go_on(socket, number) for number, socket in enumerate(opened)))


async def polls(user: HostileUser) -> Attack:
    """20 sessions by polling, each sending 60 KB of small events at a time, as fast as it is answered"""
    specs = [await user.new_spec("Text\n") for _ in range(4)]
    paths = []
    for spec in specs * 5:
        joined = (await user.ask("POST", f"api/specs/{spec}/session", {"specId": spec})).data()
        paths.append(f"api/specs/{spec}/session/{joined['sessionId']}/events")
    body = ("[" + ",".join(['{"event":"nothing","data":{}}'] * 2_000) + "]").encode()
    yield
    end = time.perf_counter() + LONG

    async def go_on(path: str) -> None:
        after = 0
        while time.perf_counter() < end:
            if (await user.ask("POST", path, raw=body)).status != 200:
                break
            answer = await user.ask("GET", f"{path}?after={after}&wait=0")
            after = answer.data()["seq"] if answer.status == 200 else after

    await asyncio.gather(*(go_on(path) for path in paths))


async def bodies(user: HostileUser) -> Attack:
    """PUTs of 40 MB that are too long, or no JSON, four at a time"""
    spec = await user.new_spec("Text\n")
    made = [BODIES[kind](40 * MB) for kind in ("nested", "objects", "too long", "escapes")]
    yield
    end = time.perf_counter() + LONG

    async def go_on(number: int) -> None:
        while time.perf_counter() < end:
            await user.ask("PUT", f"api/specs/{spec}/document", raw=made[number])

    await asyncio.gather(*(go_on(number) for number in range(4)))


async def headings(user: HostileUser) -> Attack:
    """A heading with 9,000 spaces in it, typed, and labelled"""
    spec = await user.new_spec("Text\n")
    socket = await user.socket(spec)
    yield
    heading = [{"type": "insert", "position": 0, "content": "# a" + " " * 9_000 + "b\n"}]
    await socket.operation(heading, 1)
    await user.ask("POST", f"api/specs/{spec}/revisions", {"label": "Label"})


async def diffs(user: HostileUser) -> Attack:
    """12,000 short lines, every second one changed by PUT, 8 diffs of it at once"""
    address = await _many_lines(user, 12_000)
    yield
    await asyncio.gather(*(user.ask("GET", address) for _ in range(8)))


async def diffs_left(user: HostileUser) -> Attack:
    """100,000 short lines, every second one changed by PUT, 8 diffs each second by clients that leave after one"""
    address = await _many_lines(user, 100_000)
    yield
    for _ in range(int(LONG)):
        await asyncio.gather(*(user.ask("GET", address, leave_after=1.0) for _ in range(8)))


async def _many_lines(user: HostileUser, count: int) -> str:
    text = lines(count)
    spec = await user.new_spec(text)
    saved = (await user.put(spec, every_other_line(text, " changed"), 1)).data()
    return f"api/specs/{spec}/revisions/{saved['version']}/diff"


async def revisions(user: HostileUser) -> Attack:
    """50 revisions of 2 MB, six ``GET revisions?limit=100`` at once, three times"""
    text = words(2 * MB - 100)
    spec, version = await user.new_spec(text), 1
    for number in range(50):
        version = (await user.put(spec, f"{number} {text}", version)).data()["version"]
    yield
    for _ in range(3):
        await asyncio.gather(*(user.ask("GET", f"api/specs/{spec}/revisions?limit=100") for _ in range(6)))


async def sockets(user: HostileUser) -> Attack:
    """600 sockets that never join, held for 40 s, on a server with 400 file descriptors"""
    spec = await user.new_spec("Text\n")
    yield
    open_sockets: list[SilentSocket] = []
    for number in range(600):
        try:
            async with asyncio.timeout(2):
                open_sockets.append(await SilentSocket(user, spec).connect())
        except (OSError, TimeoutError):
            user.got["no connection"] += 1
        if number % 50 == 0:
            await asyncio.sleep(0.05)
    await asyncio.sleep(40)
    for socket in open_sockets:
        socket.close()


async def creations(user: HostileUser) -> Attack:
    """Creating and labelling as fast as it is answered, four at a time; every tenth spec of 2 MB"""
    text = words(2 * MB)
    spec = await user.new_spec(text)
    yield
    end = time.perf_counter() + LONG

    async def go_on(number: int) -> None:
        while time.perf_counter() < end:
            number += 4
            if number % 2:
                await user.ask("POST", f"api/specs/{spec}/revisions", {"label": f"Label {number}"})
            else:
                await user.ask(
                    "POST", "api/specs", {"title": "Spec", "content": text if number % 20 == 0 else "a"}
                )

    await asyncio.gather(*(go_on(number) for number in range(4)))


async def one_letter(user: HostileUser) -> Attack:
    """A text of one letter repeated, 2 MB, saved as another that shares every second letter, by turns"""
    a, ab = "a" * 2 * MB, "ab" * MB
    spec = await user.new_spec(a)
    yield
    await _by_turns(user, spec, [ab, a])


async def chinese(user: HostileUser) -> Attack:
    """500,000 characters of Chinese, saved as others that share little, by turns"""
    texts = [cjk(MB // 2, seed) for seed in range(4)]
    spec = await user.new_spec(texts[-1])
    yield
    await _by_turns(user, spec, texts)


async def _by_turns(user: HostileUser, spec: str, texts: list[str]) -> None:
    end, version, number = time.perf_counter() + LONG, 1, 0
    while time.perf_counter() < end and number < 50:
        answer = await user.put(spec, texts[number % len(texts)], version)
        if answer.status == 200:
            version = answer.data()["version"]
        number += 1


async def old_versions(user: HostileUser) -> Attack:
    """540 operations of 205 one-letter inserts; then joins and syncs from version 1, five at a time"""
    spec = await user.new_spec(words(20_000))
    await user.commit_all(spec, (inserts(205, 20_000, seed) for seed in range(540)))
    epoch = (await user.document(spec))["epoch"]
    yield
    end = time.perf_counter() + LONG

    async def go_on() -> None:
        while time.perf_counter() < end:
            try:
                socket = await user.socket(spec, lastKnownVersion=1, epoch=epoch)
            except (ConnectionError, TimeoutError):
                user.got["not joined"] += 1
                continue
            user.got["joined"] += 1
            for _ in range(3):
                await socket.sync(1)
                user.got["sync"] += 1
            socket.close()

    await asyncio.gather(*(go_on() for _ in range(5)))


async def all_words(user: HostileUser) -> Attack:
    """2 MB of five-letter words, every second one changed by one PUT after the other, while a session watches"""
    text = word_lines(int(1.8 * MB), 5)
    texts = [every_other_line(text, f"{number}") for number in range(2)]
    spec = await user.new_spec(text)
    watcher = await user.socket(spec)
    yield
    await _by_turns(user, spec, texts)
    watcher.close()


async def rewritten(user: HostileUser) -> Attack:
    """2 MB of words in lines of ten, every word changed by one PUT after the other, while a session watches"""
    text = words(int(1.6 * MB))
    texts = [every_word(text, f"{number}") for number in range(2)]
    spec = await user.new_spec(text)
    watcher = await user.socket(spec)
    yield
    await _by_turns(user, spec, texts)
    watcher.close()


@dataclass(frozen=True)
class Plan:
    """An attack, and whether its set-up needs more operations than the limit of a minute lets one make."""

    run: Callable[[HostileUser], Attack]
    descriptors: int | None = None
    beyond: bool = False

    def title(self) -> str:
        told = (self.run.__doc__ or "").strip().replace("``", "`")
        return told + (" (set-up beyond the limit of operations)" if self.beyond else "")


ATTACKS: Final[Mapping[str, Plan]] = {
    "words": Plan(many_words),
    "delete": Plan(delete_over_inserts),
    "long-delete": Plan(delete_over_edits, beyond=True),
    "many-deletes": Plan(delete_in_many, beyond=True),
    "diff": Plan(diffs),
    "diff-left": Plan(diffs_left),
    "revisions": Plan(revisions),
    "sockets": Plan(sockets, descriptors=400),
    "create": Plan(creations),
    "one-letter": Plan(one_letter),
    "chinese": Plan(chinese),
    "old-versions": Plan(old_versions, beyond=True),
    "all-words": Plan(all_words),
    "rewritten": Plan(rewritten),
    "frames": Plan(frames),
    "polls": Plan(polls),
    "bodies": Plan(bodies),
    "headings": Plan(headings),
}


async def _run(name: str, port: int, headers: Mapping[str, str]) -> None:
    user = HostileUser(port, headers)
    attack = ATTACKS[name].run(user)
    await anext(attack)
    user.got.clear()
    user.largest = 0
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await anext(attack, None)
    print(json.dumps({"got": dict(user.got.most_common()), "largest": user.largest}), flush=True)


def main() -> None:
    os.nice(10)
    cores.open_many()
    name, port = sys.argv[1], int(sys.argv[2])
    asyncio.run(_run(name, port, json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
