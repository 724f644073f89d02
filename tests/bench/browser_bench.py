"""How long a key waits for its frame: in specs of four sizes, alone and beside nine others; and in JupyterLab's own
editor for files, with the same edits. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.browser_bench [--sizes 1000000 400000 100000 0] [--minutes 1 10 60] [--letters 160]
                                        [--writers 9] [--no-file] [--slow] [--preview]

A spec is measured when nobody else is there, and then while ``--writers`` programs type in it, five letters a
second each. What they type in ten minutes or an hour is brought in beforehand as fast as the server takes it; with
``--slow`` they need as long as people do. What only time does in a page, such as what its timers do, is seen with
``--slow`` alone. The heap is measured after a garbage collection.

In the editor for files a script makes the same number of such edits in the file's shared model, where JupyterLab's
own collaboration makes them, and at the same pace: what a network costs is not in those rows.

With ``--preview`` the preview is shown beside the text, that of a file by JupyterLab's own. A second table tells
how long it takes until something of it is drawn, and until it shows a word that was written in a block in view.

The browser has one core, and server and writers share another: whoever types has a computer of their own.

*busy* is the processor time of the page's main thread, and hardly depends on what else runs on the machine.
Latencies do; a row ends with the load average at its end.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, async_playwright

from tests.bench import cores
from tests.bench.figures import table
from tests.bench.ours import NO_LIMITS
from tests.bench.page import Editing
from tests.bench.spec_text import spec_of
from tests.bench.writers import LETTERS_A_SECOND, Writers
from tests.e2e.browser import OPTIONS, find_chromium
from tests.serving import JupyterServer

MIDDLE: Final = 0.5
PATIENCE: Final = 240.0
"""Seconds that the script has for the edits before a measurement; how many are missing then is said."""

WARM_UP: Final = 24
"""Letters that are typed before the first measurement, while code is compiled."""

HEADINGS: Final = [
    "editor",
    "text",
    "others",
    "minute",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "heap MB",
    "busy",
    "load",
]


PREVIEW_HEADINGS: Final = [
    "editor",
    "text",
    "first drawn ms",
    "a changed block ms",
    "slowest of ten ms",
    "load",
]
CHANGES: Final = 10


class Bench:
    """One server, one browser, and the rows so far."""

    def __init__(self, server: JupyterServer, browser: Browser, options: argparse.Namespace) -> None:
        self.server = server
        self.browser = browser
        self.options = options
        self.rows: list[Sequence[str]] = []
        self.previews: list[Sequence[str]] = []

    async def spec(self, size: int) -> None:
        """A spec of so many code points: alone, and with others at each of the minutes."""
        spec_id = await self.server.login("ada", "Ada Lovelace").new_spec(spec_of(size))
        editing = await Editing.spec(self.browser, self.server, spec_id)
        await self.preview(editing, "spec", size)
        await self.row(editing, "spec", size, 0, "–")
        writers = await Writers.join(self.server, spec_id, self.options.writers)

        async def bring(letters: int) -> int:
            await (writers.type(letters) if self.options.slow else writers.hurry(letters))
            await writers.settled()
            return 0

        await self.with_others(editing, "spec", size, bring, writers.type)
        writers.close()
        await editing.close()

    async def file(self, size: int) -> None:
        """The same in a file."""
        path = self.server.notebooks / f"spec{size}.md"
        path.write_text(spec_of(size), encoding="utf-8")
        editing = await Editing.file(self.browser, self.server, path.name)
        await self.preview(editing, "file", size)
        await self.row(editing, "file", size, 0, "–")
        pace = LETTERS_A_SECOND * self.options.writers

        async def bring(letters: int) -> int:
            count = letters * self.options.writers
            slow = self.options.slow
            return await editing.edit_by_script(count, pace if slow else None, 0 if slow else PATIENCE)

        async def type_on() -> None:
            await editing.edit_by_script(None, pace)

        await self.with_others(editing, "file", size, bring, type_on)
        await editing.close()

    async def with_others(
        self,
        editing: Editing,
        name: str,
        size: int,
        bring: Callable[[int], Awaitable[int]],
        type_on: Callable[[], Awaitable[None]],
    ) -> None:
        past = missing = 0
        for minute in self.options.minutes:
            missing += await bring(60 * LETTERS_A_SECOND * (minute - past))
            past = minute
            shown = f"{minute}" + (f", {missing:,} edits missing" if missing else "")
            async with going_on(type_on()):
                await asyncio.sleep(2)
                await self.row(editing, name, size, self.options.writers, shown)

    async def preview(self, editing: Editing, name: str, size: int) -> None:
        """Show the preview, if that is asked for, and measure it."""
        if self.options.preview:
            await editing.put_caret(MIDDLE)
            first = await editing.show_preview()
            await editing.frames(10)
            times = sorted(await editing.change_shown(CHANGES))
            waits = [f"{each:.0f}" for each in (first, times[CHANGES // 2], times[-1])]
            self.previews.append([name, told(size), *waits, f"{os.getloadavg()[0]:.1f}"])

    async def row(self, editing: Editing, name: str, size: int, others: int, minute: str) -> None:
        await editing.put_caret(MIDDLE)
        await editing.type(WARM_UP)
        began, busy = time.perf_counter(), await editing.busy()
        times = sorted(await editing.type(self.options.letters))
        share = (await editing.busy() - busy) / (time.perf_counter() - began)
        waits = [f"{times[min(len(times) - 1, int(len(times) * q))]:.0f}" for q in (0.5, 0.95, 0.99)]
        heap = await editing.heap()
        load = f"{os.getloadavg()[0]:.1f}"
        row = [name, told(size), str(others), minute, *waits, f"{heap:.0f}", f"{100 * share:.0f} %", load]
        self.rows.append(row)
        print(*row, sep=" | ", file=sys.stderr, flush=True)


@asynccontextmanager
async def going_on(work: Awaitable[None]) -> AsyncIterator[None]:
    """While ``work``, which never ends by itself, goes on."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def told(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1_000_000:g} MB"
    return f"{size // 1000} kB" if size else "empty"


async def run(options: argparse.Namespace) -> None:
    with cores.on(cores.SERVER), tempfile.TemporaryDirectory(prefix="browser-bench-") as directory:
        server = JupyterServer(Path(directory), lab=True, options=NO_LIMITS, patience=120)
        with server:
            with cores.on(cores.LOAD):
                playwright = await async_playwright().start()
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
            bench = Bench(server, browser, options)
            try:
                for size in options.sizes:
                    await bench.spec(size)
                    if not options.no_file:
                        await bench.file(size)
            finally:
                show(options, bench)
                await browser.close()
                await playwright.stop()


def show(options: argparse.Namespace, bench: Bench) -> None:
    """What was measured, also if an error ended it."""
    way = "as people do" if options.slow else "as fast as it goes, before each measurement"
    print(f"{options.letters} letters a row, eight a second; the others typed {way}.")
    print(f"{cores.told()} The browser is the load.\n")
    print(table(HEADINGS, bench.rows))
    if bench.previews:
        print("\n" + table(PREVIEW_HEADINGS, bench.previews))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000, 400_000, 100_000, 0])
    parser.add_argument("--minutes", type=int, nargs="+", default=[1, 10, 60])
    parser.add_argument("--letters", type=int, default=160)
    parser.add_argument("--writers", type=int, default=9)
    parser.add_argument("--no-file", action="store_true")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--preview", action="store_true")
    cores.end_in_order()
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
