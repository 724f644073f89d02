"""Who may only view: sees everything live, and can't type."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from jupyter_speccollab.demo.content import SPEC_ID, store_spec
from tests.e2e.conftest import people  # noqa: F401 (here without the module's notebook)
from tests.e2e.person import Person
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    server = JupyterServer(
        tmp_path_factory.mktemp("lab"), lab=True, options={"SpecCollabApp.default_role": "viewer"}
    )
    in_a_thread(store_spec(server.database))
    with server:
        yield server


@pytest.fixture(scope="module")
def elsewhere(lab: JupyterServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """Another server on the same database, on which everybody may write."""
    options = {"SpecCollabApp.database_path": str(lab.database)}
    with JupyterServer(tmp_path_factory.mktemp("elsewhere"), options=options) as server:
        yield server


def in_a_thread(work: object) -> None:
    """Playwright has this thread's event loop."""
    thread = threading.Thread(target=asyncio.run, args=(work,))
    thread.start()
    thread.join()


def test_a_viewer_sees_all_and_changes_nothing(
    browser: Browser,
    lab: JupyterServer,
    elsewhere: JupyterServer,
    people: object,  # noqa: F811
) -> None:
    vera: Person = people("vera", "Vera Rubin")  # type: ignore[operator]
    vera.visit(f"lab/workspaces/vera?spec={SPEC_ID}")
    vera.opened(SPEC_ID)
    spec = vera.spec(SPEC_ID)
    expect(spec.get_by_text("View only").first).to_be_visible()
    before = vera.text(SPEC_ID)

    spec.locator(".cm-content").click()
    vera.type("I was here")
    vera.press("Enter")
    vera.press("Backspace")
    vera.paste("pasted")
    assert vera.text(SPEC_ID) == before
    assert vera.stored(SPEC_ID)["content"] == before

    writer = Person(browser, elsewhere, "wanda", "Wanda")
    saved = {"content": before + "\nWritten elsewhere.\n", "version": 1}
    writer.call("PUT", f"api/specs/{SPEC_ID}/document", saved)
    writer.close()
    vera.until(lambda: vera.text(SPEC_ID) == saved["content"], "what somebody else wrote")
