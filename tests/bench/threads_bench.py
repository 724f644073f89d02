"""What 500 open comments and suggestions cost who types in a spec of 1 MB: the same spec without and with them.

Run::

    python -m tests.bench.threads_bench [--seconds 60] [--size 1000000] [--threads 500] [--near 100] [--joins 5]

Two specs have the same text; in one of them every fifth thread is a suggestion, half of them have an answer, and
``--near`` of them are in the 10,000 characters around the caret. All is measured in both specs by turns, in one
run.

*Typing* is from a key to its frame, as in ``browser_bench``, for ``--seconds`` in each spec. *Joining* is from a
new WebSocket to ``session_joined``, and then come all pages of ``GET …/threads``; *cold* is the first time after a
restart of the server. *Opening* is from the command in a page of JupyterLab until text is drawn. *A remote edit* is
of one letter three lines below the caret, from when it is sent until it is drawn. A card *jumps* when it moves
further between two frames than its passage does, while somebody types.

The browser has one core, and the server another: whoever types has a computer of their own. Asserts no figure.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from playwright.async_api import Browser, async_playwright

from tests.bench import cores
from tests.bench.figures import quantile, table
from tests.bench.ours import NO_LIMITS
from tests.bench.page import KEYS_A_SECOND, Editing
from tests.bench.spec_text import spec_of
from tests.e2e.browser import OPTIONS, find_chromium
from tests.handlers.logins import Login, insert
from tests.serving import JupyterServer

MIDDLE: Final = 0.5
NEAR: Final = 10_000
"""Characters around the caret."""

TURN: Final = 5
"""Seconds that are typed in one spec before the other's turn."""

WARM_UP: Final = 24
"""Letters that are typed in each before the first measurement, while code is compiled."""

ROUNDS, EDITS = 2, 15
"""How often somebody else comes to each spec, and how many edits they make then."""

SETTLED: Final = 60
"""Frames after which cards that have come into view have their heights and places."""

LINES: Final = 4
"""Lines that are typed at each of two places while it is looked for jumps; three seconds each."""

WITHOUT, WITH = BOTH = ("without", "with")

BUSY: Final = "the page's processor time while typing, %"
PAGE: Final = "the page's processor time for a remote edit, ms"
HEAP: Final = "heap, MB"
ONE_FIGURE: Final = (BUSY, PAGE, HEAP)
"""What is told by its mean; all else is milliseconds, told by p50 and p95."""

SYNCHRONISED: Final = (
    "() => jupyterapp.shell.currentWidget.content.connection.state.status === 'synchronised'"
)

BELOW: Final = """
view => {
  const { doc, selection } = view.state;
  return doc.line(doc.lineAt(selection.main.head).number + 3).from;
}
"""
"""Where the third line below the caret begins."""

MEASURE: Final = Path(__file__).with_name("threads.js").read_text(encoding="utf-8")


class Bench:
    """One server with both specs, by whether there are threads in them, and what was measured so far."""

    def __init__(self, server: JupyterServer, options: argparse.Namespace) -> None:
        self.server = server
        self.options = options
        self.ada = server.login("ada", "Ada Lovelace")
        self.grace = server.login("grace", "Grace Hopper")
        self.specs: dict[str, str] = {}
        self.spare = ""
        self.measured: dict[str, dict[str, list[float]]] = {}
        self.jumps = ""

    async def make(self) -> None:
        """Both specs, with the same text, and a short one."""
        options = self.options
        text = spec_of(options.size)
        self.spare = await self.ada.new_spec("# Spare\n")
        for which in BOTH:
            self.specs[which] = await self.ada.new_spec(text)
        for number, place in enumerate(passages(text, options.threads, min(options.near, options.threads))):
            await discuss(self.ada, self.specs[WITH], number, *place)
        say("threads")

    async def join(self) -> None:
        """Join both, again and again, right after a restart of the server and then once more."""
        for number in range(self.options.joins):
            await asyncio.to_thread(self.server.restart)
            await self._join(self.spare)  # what only the first session of a server waits for
            for temperature in ("cold", "warm"):
                for which in in_turn(number):
                    joined, listed = await self._join(self.specs[which])
                    self.note(f"joining, {temperature}", which, joined)
                    self.note(f"reading the threads, {temperature}", which, listed)
        say("joining")

    async def _join(self, spec_id: str) -> tuple[float, float]:
        """Seconds until the session is joined, and until all open threads are read."""
        began = time.perf_counter()
        socket = await self.grace.joined(spec_id, features=["threads"])
        joined = time.perf_counter()
        more: dict[str, int] | None = {}
        while more is not None:
            page = await self.grace.call("GET", f"api/specs/{spec_id}/threads", **more)
            more = None if page["nextBefore"] is None else {"before": page["nextBefore"]}
        listed = time.perf_counter()
        socket.close()
        return joined - began, listed - joined

    async def open(self, browser: Browser) -> None:
        """Open both in a page that has another spec. The first opening of each loads code, and does not count."""
        editing = await Editing.spec(browser, self.server, self.spare)
        await editing.page.evaluate(MEASURE)
        for number in range(1 + self.options.joins):
            for which in in_turn(number):
                spec_id = self.specs[which]
                text, card = await editing.page.evaluate(
                    "([specId, hasCards]) => benchThreads.open(specId, hasCards)", [spec_id, which == WITH]
                )
                await editing.page.evaluate("specId => benchThreads.close(specId)", spec_id)
                if number > 0:
                    self.note("opening, until text is drawn", which, text / 1000)
                if number > 0 and which == WITH:
                    self.note("opening, until a card is drawn", which, card / 1000)
        await editing.close()
        say("opening")

    async def type(self, pages: Mapping[str, Editing]) -> None:
        for editing in pages.values():
            await editing.put_caret(MIDDLE)
            await editing.type(WARM_UP)
        for number in range(max(1, round(self.options.seconds / TURN))):
            for which in in_turn(number):
                editing = pages[which]
                await editing.put_caret(MIDDLE)
                busy, began = await editing.busy(), time.perf_counter()
                times = await editing.type(TURN * KEYS_A_SECOND)
                self.note("typing", which, *(each / 1000 for each in times))
                self.note(BUSY, which, 100 * (await editing.busy() - busy) / (time.perf_counter() - began))
        say("typing")

    async def edit(self, pages: Mapping[str, Editing]) -> None:
        """Somebody else writes letters in what is seen, while nobody else types."""
        for number in range(ROUNDS):
            for which in in_turn(number):
                editing = pages[which]
                await editing.page.wait_for_function(SYNCHRONISED)
                await editing.put_caret(MIDDLE)
                position = int(await editing.page.evaluate(f"() => ({BELOW})(({editing.view})())"))
                socket = await self.grace.joined(self.specs[which])
                busy = await editing.busy()
                for _ in range(EDITS):
                    await editing.page.evaluate(
                        f"() => {{ window.drawn = benchThreads.longer(({editing.view})()); }}"
                    )
                    sent = time.time()
                    await socket.commits(insert(position, "x"))
                    drawn = float(await editing.page.evaluate("() => window.drawn"))
                    self.note("a remote edit, until it is drawn", which, drawn / 1000 - sent)
                self.note(PAGE, which, 1000 * (await editing.busy() - busy) / EDITS)
                socket.close()
        say("remote edits")

    async def look_for_jumps(self, editing: Editing) -> None:
        """Type above the passages that are close together, and in their midst."""
        above = max(0.0, MIDDLE - 0.6 * NEAR / self.options.size)
        seen = [await self._watch_cards(editing, share) for share in (above, MIDDLE)]
        frames, moves, jumps = (sum(each[key] for each in seen) for key in ("frames", "moves", "jumps"))
        self.jumps = (
            f"While {len(seen) * LINES} lines were typed, cards moved {moves:,} times in {frames:,} frames, and "
            f"jumped {jumps:,} times; the furthest jump was of {max(each['furthest'] for each in seen):.0f} pixels."
        )
        say("jumps")

    async def _watch_cards(self, editing: Editing, share: float) -> dict[str, float]:
        """What cards do while lines are typed behind this share of the text, from when they are at rest there."""
        await editing.put_caret(share)
        await editing.frames(SETTLED)
        await editing.page.evaluate(
            f"() => {{ window.cards = benchThreads.watchCards(({editing.view})()); }}"
        )
        for _ in range(LINES):
            await editing.type(3 * KEYS_A_SECOND)
            await editing.page.keyboard.press("Enter")
        await editing.frames(5)
        return dict(await editing.page.evaluate("() => { cards.isOver = true; return cards; }"))

    def note(self, what: str, which: str, *values: float) -> None:
        """Times in seconds, but what `ONE_FIGURE` names in its own unit."""
        self.measured.setdefault(what, {each: [] for each in BOTH})[which] += values

    def table(self) -> str:
        rows = []
        for what, values in self.measured.items():
            if what in ONE_FIGURE:
                rows.append(row(what, [sum(values[each]) / max(1, len(values[each])) for each in BOTH]))
                continue
            for name, q in (("p50", 0.5), ("p95", 0.95)):
                rows.append(row(f"{what}: {name} ms", [quantile(values[each], q) for each in BOTH]))
        return table(["what", WITHOUT, f"with {self.options.threads} threads", "ratio"], rows)


def in_turn(number: int) -> Sequence[str]:
    """Both, every second time the other way round."""
    return BOTH[:: -1 if number % 2 else 1]


def row(what: str, values: Sequence[float]) -> Sequence[str]:
    without, with_threads = values
    ratio = f"{with_threads / without:.2f}" if without and with_threads else ""
    return [what, *(f"{each:.1f}" if each else "" for each in values), ratio]


def passages(text: str, count: int, near: int) -> list[tuple[int, int]]:
    """So many words of a text, so many of them around the caret and the others all over it, in their order."""
    words = [match.span() for match in re.finditer(r"\b[a-z]{4,}\b", text)]
    starts = [start for start, _ in words]
    caret = int(len(text) * MIDDLE)
    far = count - near
    wanted = [caret - NEAR // 2 + number * NEAR // max(1, near) for number in range(near)]
    wanted += [number * len(text) // max(1, far) for number in range(far)]
    taken: dict[int, None] = {}
    for place in sorted(wanted):
        index = bisect_left(starts, place) % len(words)
        while index in taken:
            index = (index + 1) % len(words)
        taken[index] = None
    return sorted(words[index] for index in taken)


async def discuss(login: Login, spec_id: str, number: int, start: int, end: int) -> None:
    """A comment on this range of the spec's first text, or each fifth time a suggestion; half of them answered."""
    threads = f"api/specs/{spec_id}/threads"
    thread: dict[str, Any] = {"threadId": str(uuid4()), "start": start, "end": end, "version": 1}
    if number % 5:
        body = f"Is **number {number}** what is meant here? It was another word in the last version."
        thread |= {"kind": "comment", "body": body}
    else:
        thread |= {"kind": "suggestion", "replacement": f"word {number}"}
    await login.call("POST", threads, thread)
    if number % 2:
        answer = {"messageId": str(uuid4()), "body": "It is, since `1.4`."}
        await login.call("POST", f"{threads}/{thread['threadId']}/messages", answer)


def say(what: str) -> None:
    print(f"{what}: load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)


async def run(options: argparse.Namespace) -> None:
    with cores.on(cores.SERVER), tempfile.TemporaryDirectory(prefix="threads-bench-") as directory:
        server = JupyterServer(Path(directory), lab=True, options=NO_LIMITS, patience=120)
        with server:
            bench = Bench(server, options)
            await bench.make()
            await bench.join()
            with cores.on(cores.LOAD):
                playwright = await async_playwright().start()
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
            try:
                await measure_pages(bench, browser)
            finally:
                show(options, bench)
                await browser.close()
                await playwright.stop()


async def measure_pages(bench: Bench, browser: Browser) -> None:
    await bench.open(browser)
    pages = {which: await Editing.spec(browser, bench.server, bench.specs[which]) for which in BOTH}
    for editing in pages.values():
        await editing.page.evaluate(MEASURE)
    await pages[WITH].page.locator(".jp-ThreadMargin .jp-Thread").first.wait_for()
    await bench.type(pages)
    await bench.edit(pages)
    for which in BOTH:
        bench.note(HEAP, which, await pages[which].heap())
    await bench.look_for_jumps(pages[WITH])


def show(options: argparse.Namespace, bench: Bench) -> None:
    """What was measured, also if an error ended it."""
    letters = len(bench.measured.get("typing", {}).get(WITH, ()))
    print(
        f"A spec of {options.size:,} characters, {min(options.near, options.threads)} of the threads in the "
        f"{NEAR:,} around the caret; {letters:,} letters in each, {KEYS_A_SECOND} a second."
    )
    print(f"{cores.told()} The browser is the load. Load average at the end: {os.getloadavg()[0]:.1f}.\n")
    print(bench.table())
    print(f"\n{bench.jumps}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=500)
    parser.add_argument("--near", type=int, default=100)
    parser.add_argument("--joins", type=int, default=5)
    cores.end_in_order()
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
