"""Chromium, wherever this machine has it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

NAMES: Final = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MAC: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
OPTIONS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def find_chromium() -> str | None:
    """The program, or ``None`` for Playwright's own; ``SPECCOLLAB_CHROMIUM`` goes before everything.

    The headless shell comes first: a page of JupyterLab takes it little more than half the processor time.
    """
    named = os.environ.get("SPECCOLLAB_CHROMIUM")
    if named:
        return named
    on_path = filter(None, map(shutil.which, NAMES))
    return next(on_path, None) or next(filter(os.path.exists, MAC), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window. While it runs, this thread can run no other event loop."""
    with sync_playwright() as playwright:
        program = find_chromium()
        if program is None and not Path(playwright.chromium.executable_path).exists():
            raise RuntimeError("No Chromium: put one on the PATH, or run `playwright install chromium`.")
        browser = playwright.chromium.launch(executable_path=program, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()
