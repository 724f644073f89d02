"""``python -m jupyter_speccollab.demo``, as ``make lab`` and a visitor on Binder see it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from jupyter_speccollab.demo.content import SPEC_ID
from tests.e2e.person import PATIENCE
from tests.ports import free_port
from tests.serving import BUNDLE, ROOT

pytestmark = pytest.mark.e2e

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
COLLEAGUE = re.compile(r"As a colleague, .*\n\s*(http://127\.0\.0\.1:\d+/\S+)\n")


@pytest.fixture(autouse=True)
def quiet_consoles() -> None:
    """There are no people here who are told of by `conftest`."""


def installation(directory: Path) -> dict[str, str]:
    """The environment of a user who has this tree installed."""
    extensions = directory / "share" / "labextensions"
    extensions.mkdir(parents=True)
    (extensions / "jupyter-speccollab").symlink_to(BUNDLE, target_is_directory=True)
    config = directory / "etc" / "jupyter_server_config.d"
    config.mkdir(parents=True)
    enabled = {"ServerApp": {"jpserver_extensions": {"jupyter_speccollab": True}}}
    (config / "jupyter_speccollab.json").write_text(json.dumps(enabled))
    return {
        **os.environ,
        "HOME": str(directory),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "JUPYTER_PATH": str(directory / "share"),
        "JUPYTER_CONFIG_PATH": str(directory / "etc"),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def demo(directory: Path, environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Run it; the address that it says, and the colleague's."""
    log = directory / f"log-{time.monotonic_ns()}"
    command = [sys.executable, "-m", "jupyter_speccollab.demo", "--no-browser", "--port", str(free_port())]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=directory, env=environment, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + PATIENCE
        while (said := COLLEAGUE.search(log.read_text())) is None:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        first = ADDRESS.search(log.read_text())
        assert first is not None
        yield first[0], said[1]
    finally:
        process.terminate()
        with suppress(
            subprocess.TimeoutExpired
        ):  # Jupyter can hang when it is stopped while it saves a notebook
            process.wait(15)
        process.kill()
        process.wait()


def test_the_spec_stands_beside_its_notebook_and_in_it(
    browser: Browser, tmp_path: Path, pictures: Path
) -> None:
    environment = installation(tmp_path / "environment")
    with demo(tmp_path, environment) as (address, _):
        assert "token=" in address
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        spec = page.locator(f'[id="jupyter-speccollab:{SPEC_ID}"]')
        expect(spec.locator(".cm-content")).to_contain_text("title: Churn model")
        notebook = page.locator(".jp-NotebookPanel:visible")
        expect(notebook).to_be_visible()
        left, right = notebook.bounding_box(), spec.bounding_box()
        assert left
        assert right
        assert left["x"] + left["width"] <= right["x"] + 8

        notebook.get_by_role("heading", name="Churn model").click()
        # JupyterLab runs nothing, and says nothing, if it is asked before the kernel is there
        expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        expect(page.locator(".jp-SpecOutput .cm-content")).to_contain_text("title: Churn model")
        expect(notebook.locator(".jp-RenderedMarkdown table")).to_have_count(1)
        page.screenshot(path=pictures / "demo.png")
        page.get_by_role("tab", name="Specs").click()
        expect(page.locator(".jp-SpecRow")).to_have_count(1)
        page.close()


def test_two_windows_of_one_browser_are_two_people(browser: Browser, tmp_path: Path, pictures: Path) -> None:
    """As README.md says: the second address is a colleague's, in the same browser, with its cookies."""
    environment = installation(tmp_path / "environment")
    with demo(tmp_path, environment) as addresses:
        context = browser.new_context(viewport={"width": 1366, "height": 800})
        windows = []
        for address in addresses:
            window = context.new_page()
            window.goto(address)
            spec = window.locator(f'[id="jupyter-speccollab:{SPEC_ID}"]')
            expect(spec.locator(".cm-content")).to_contain_text("title: Churn model")
            windows.append((window, spec))
        for (window, spec), other in zip(windows, ("Grace Hopper", "Ada Lovelace"), strict=True):
            expect(spec.locator(f'.jp-Spec-avatar[aria-label*="{other}"]')).to_be_visible()
            window.bring_to_front()
            window.reload()  # the cookie alone says who it is, and it is another one at the other port
            expect(spec.locator(f'.jp-Spec-avatar[aria-label*="{other}"]')).to_be_visible()
        (first, ours), (second, theirs) = windows
        second.bring_to_front()
        theirs.locator(".cm-line", has_text="# Churn model").click()
        second.keyboard.press("End")
        second.keyboard.type(" of the green boxes")
        expect(ours.locator(".cm-content")).to_contain_text("# Churn model of the green boxes")
        second.screenshot(path=pictures / "demo-colleague.png")
        first.bring_to_front()
        first.screenshot(path=pictures / "demo-with-a-colleague.png")
        context.close()
