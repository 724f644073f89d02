"""A page of JupyterLab with one editor in it, and somebody who types there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, CDPSession, Page, TimeoutError

from tests.bench.writers import WORDS
from tests.serving import JupyterServer

MEASURE: Final = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
PATIENCE: Final = 180_000
"""Milliseconds."""

SPEC_VIEW: Final = "() => jupyterapp.shell.currentWidget.content.editor"
FILE_VIEW: Final = "() => jupyterapp.shell.currentWidget.content.editor.editor"

KEYS_A_SECOND: Final = 8


class Editing:
    """One editor in a page of its own; ``view`` is JavaScript that returns its CodeMirror view."""

    def __init__(self, page: Page, devtools: CDPSession, view: str) -> None:
        self.page = page
        self.devtools = devtools
        self.view = view

    @classmethod
    async def spec(cls, browser: Browser, server: JupyterServer, spec_id: str) -> Editing:
        """Ada's, in a spec."""
        return await cls._open(
            browser, server, f"lab/workspaces/spec-{time.monotonic_ns()}?spec={spec_id}", SPEC_VIEW
        )

    @classmethod
    async def file(cls, browser: Browser, server: JupyterServer, path: str) -> Editing:
        """Ada's, in JupyterLab's editor for files."""
        editing = await cls._open(
            browser, server, f"lab/workspaces/file-{time.monotonic_ns()}", FILE_VIEW, wait=False
        )
        await editing.page.evaluate(
            "path => jupyterapp.commands.execute('docmanager:open', { path, factory: 'Editor' }).then(() => null)",
            path,
        )
        await editing._ready()
        return editing

    @classmethod
    async def _open(
        cls, browser: Browser, server: JupyterServer, path: str, view: str, wait: bool = True
    ) -> Editing:
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        await context.add_cookies(server.browser_cookies("ada", "Ada Lovelace"))  # type: ignore[arg-type]
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(server.url + path, wait_until="domcontentloaded")
        await page.wait_for_function("() => window.jupyterapp !== undefined")
        await page.evaluate("() => jupyterapp.restored")
        editing = cls(page, await context.new_cdp_session(page), view)
        await editing.devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        if wait:
            await editing._ready()
        await page.evaluate(MEASURE)
        return editing

    async def _ready(self) -> None:
        """Until the text is there; a spec's comes through its connection."""
        await self.page.wait_for_function(
            f"""() => {{
              const {{ content }} = jupyterapp.shell.currentWidget ?? {{}};
              const view = content?.editor && ({self.view})();
              return view?.state && (content.connection?.state.status ?? 'synchronised') === 'synchronised';
            }}"""
        )

    async def close(self) -> None:
        await self.page.context.close()

    async def length(self) -> int:
        """Of the shown text, in UTF-16 units."""
        return int(await self.page.evaluate(f"() => ({self.view})().state.doc.length"))

    async def put_caret(self, share: float) -> None:
        """At the end of a line, behind such a share of the text, in the middle of the screen."""
        await self.page.evaluate(
            f"""share => {{
              const view = ({self.view})();
              const line = view.state.doc.lineAt(Math.floor(view.state.doc.length * share));
              view.focus();
              view.dispatch({{ selection: {{ anchor: line.to }}, scrollIntoView: true }});
            }}""",
            share,
        )
        await self.frames(2)

    async def frames(self, count: int) -> None:
        """Until so many frames are drawn."""
        await self.page.evaluate(
            "async count => { for (; count > 0; count--) { await new Promise(requestAnimationFrame); } }",
            count,
        )

    async def type(self, letters: int) -> Sequence[float]:
        """Type so many at a steady pace; returns how many milliseconds each waited for its frame."""
        await self.page.evaluate("() => { benchKeys.take(); }")
        start = time.perf_counter()
        for number in range(letters):
            await self.page.keyboard.press(key_of(WORDS[number % len(WORDS)]))
            await asyncio.sleep(max(0.0, start + (number + 1) / KEYS_A_SECOND - time.perf_counter()))
        await self.frames(2)
        return [float(each) for each in await self.page.evaluate("() => benchKeys.take()")]

    async def show_preview(self) -> float:
        """Show the preview beside the text; returns the milliseconds until something of it is drawn.

        That of a file is JupyterLab's own, in a tab beside the editor, which keeps the focus.
        """
        if self.view == SPEC_VIEW:
            show = "() => jupyterapp.commands.execute('speccollab:show-preview', { mode: 'beside' })"
        else:
            show = """async () => {
              const { shell, commands } = jupyterapp;
              const editor = shell.currentWidget;
              const options = { mode: 'split-right', ref: editor.id };
              const { path } = editor.context;
              await commands.execute('docmanager:open', { path, factory: 'Markdown Preview', options });
              shell.activateById(editor.id);
            }"""
        return float(await self.page.evaluate(f"() => benchPreview.first({show})"))

    async def change_shown(self, times: int) -> Sequence[float]:
        """Write a word in a block that is seen, so often; returns the milliseconds until the preview shows it."""
        return [
            float(
                await self.page.evaluate(
                    f"word => benchPreview.changed(({self.view})(), word)", f" changed{number} "
                )
            )
            for number in range(times)
        ]

    async def busy(self) -> float:
        """Seconds of processor time that the page's main thread has taken so far."""
        answer: dict[str, Any] = await self.devtools.send("Performance.getMetrics")
        return float(next(each["value"] for each in answer["metrics"] if each["name"] == "TaskDuration"))

    async def edit_by_script(self, edits: int | None, pace: float | None, patience: float = 0) -> int:
        """Edit the model of a file as `Writer` does a spec: so many times, or until cancelled.

        ``pace`` edits a second, or as fast as it goes, with a frame after each 50. Ends after ``patience`` seconds,
        unless that is 0; returns how many edits it has not made by then.
        """
        await self.page.evaluate("options => benchEdits.start(options)", {"edits": edits, "pace": pace})
        left = 0
        try:
            await self.page.wait_for_function("() => benchEdits.isDone", polling=500, timeout=1000 * patience)
        except TimeoutError:
            left = int(await self.page.evaluate("() => benchEdits.left"))
        finally:
            await self.page.evaluate("() => benchEdits.stop()")
        return left

    async def heap(self) -> float:
        """MB in use after a garbage collection."""
        await self.devtools.send("HeapProfiler.enable")
        await self.devtools.send("HeapProfiler.collectGarbage")
        usage: dict[str, Any] = await self.devtools.send("Runtime.getHeapUsage")
        return float(usage["usedSize"]) / 1e6


def key_of(letter: str) -> str:
    """As Playwright names it."""
    return "Space" if letter == " " else letter
