"""The slider of versions: how long it takes from a position of the hand until the text of that version is drawn.

Run::

    python -m tests.bench.slider_bench [--trace $SPECCOLLAB_DATA/traces/automerge-paper.json.gz] [--positions 200]

A recorded history, each edit an operation, is shown in JupyterLab. The positions are random; *at once* they come as
soon as the slider is there, while the page still asks for the operations, and then again when it has all of them.
*A version on* and *a sitting on* are what the arrow keys and Page Up do. The time runs from the event of the slider
to the frame that has the text.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from playwright.async_api import Page, async_playwright

from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import Grant, LoggedOperation, Part, RevisionKind
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Text
from tests.bench.figures import quantile, table
from tests.bench.page import Editing
from tests.bench.trace import Trace, read
from tests.e2e.browser import OPTIONS, find_chromium
from tests.serving import JupyterServer
from tests.store.values import ADA, SPEC, START, a_snapshot, a_spec, moment

EVERY: Final = 500
"""A snapshot each so many operations, as a server takes them."""

PAUSED: Final = 1_000
"""A pause of a quarter of an hour after each so many operations."""

GROUP: Final = 1_000

MEASURE: Final = """
async versions => {
  const slider = document.querySelector('.jp-SpecTimeline-slider');
  const text = document.querySelector('.jp-SpecVersions-text');
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const waits = [];
  for (const version of versions) {
    const target = version < 0 ? Number(slider.value) - version : version;
    await frame();
    const begun = performance.now();
    set.call(slider, String(target));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    while (text.dataset.version !== String(target)) {
      await frame();
    }
    waits.push(performance.now() - begun);
  }
  return waits;
}
"""
"""A negative version means so many on."""


def history(trace: Trace) -> Iterator[Part]:
    """The parts of an import: what one person typed, from an empty text on."""
    patches: list[tuple[int, int, str]] = [(0, 0, trace.start)] if trace.start else []
    patches += trace.patches
    yield ADA
    yield a_spec(version=len(patches), by=ADA.user_id)
    yield Grant(ADA.user_id, Role.OWNER, ADA.user_id, START)
    text = Text.of("")
    group: list[LoggedOperation] = []
    for version, (position, deleted, added) in enumerate(patches, start=1):
        at = moment(version / 3) + timedelta(minutes=15) * (version // PAUSED)
        removed = text[position : position + deleted]
        group.append(
            LoggedOperation(
                version,
                str(UUID(int=version)),
                ADA.user_id,
                None,
                [(position, removed, added)],
                at,
                "ab",
            )
        )
        text = text.replace(position, position + deleted, added)
        if len(group) == GROUP or version % EVERY == 0 or version == len(patches):
            yield group
            group = []
        if version % EVERY == 0:
            content = str(text)
            snapshot = a_snapshot(version, content, RevisionKind.AUTO, by=ADA)
            yield replace(snapshot, content_hash=content_hash(content), created_at=at)


async def store_trace(database: Path, trace: Trace) -> None:
    """Put the history into the database of a server that does not run."""
    database.parent.mkdir(parents=True, exist_ok=True)
    store = SqliteStore(database)
    await store.open()
    await store.import_spec(lambda: history(trace))
    await store.close()


async def measured(page: Page, versions: Sequence[int]) -> list[float]:
    waits: list[float] = await page.evaluate(MEASURE, list(versions))
    return waits


async def loaded(page: Page) -> None:
    """Wait until the page asks for no more operations."""
    last = -1
    while True:
        count: int = await page.evaluate(
            "() => performance.getEntriesByType('resource').filter(e => e.name.includes('/operations?')).length"
        )
        if count == last:
            return
        last = count
        await asyncio.sleep(5)


async def rows(server: JupyterServer, length: int, positions: int) -> list[list[str]]:
    random = Random(length)
    anywhere = [random.randint(1, length) for _ in range(positions)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
        editing = await Editing.spec(browser, server, SPEC)
        page = editing.page
        await page.evaluate("() => performance.setResourceTimingBufferSize(10000)")
        await page.evaluate(
            "specId => jupyterapp.commands.execute('speccollab:show-versions', { specId }).then(() => null)",
            SPEC,
        )
        await page.wait_for_function("() => document.querySelector('.jp-SpecVersions-text')?.dataset.version")
        found: list[tuple[str, list[float]]] = [("anywhere, at once", await measured(page, anywhere))]
        await loaded(page)
        found.append(("anywhere, when all is there", await measured(page, anywhere)))
        steps = [-1] * positions
        await measured(page, [length // 2])
        found.append(("a version on", await measured(page, steps)))
        await measured(page, [length // 4])
        found.append(
            ("a sitting on", await measured(page, [-PAUSED] * min(positions, length // 2 // PAUSED)))
        )
        heap: Any = await page.evaluate("() => performance.memory?.usedJSHeapSize ?? 0")
        await browser.close()
    told = [
        [
            what,
            str(len(waits)),
            *(f"{quantile([each / 1000 for each in waits], part):.0f}" for part in (0.5, 0.95)),
            f"{max(waits):.0f}",
        ]
        for what, waits in found
    ]
    told.append(["heap in the end, MB", f"{heap / 1e6:.0f}", "", "", ""])
    return told


async def main() -> None:
    default = Path(os.environ.get("SPECCOLLAB_DATA", "")) / "traces" / "automerge-paper.json.gz"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--trace", type=Path, default=default)
    parser.add_argument("--positions", type=int, default=200)
    options = parser.parse_args()
    trace = read(options.trace)
    length = len(trace.patches) + bool(trace.start)
    with tempfile.TemporaryDirectory() as directory:
        server = JupyterServer(Path(directory), lab=True, patience=240)
        await store_trace(server.database, trace)
        with server:
            found = await rows(server, length, options.positions)
    print(table(["of the " + f"{length:,} versions", "positions", "p50 ms", "p95 ms", "longest ms"], found))


if __name__ == "__main__":
    asyncio.run(main())
