"""Parts of the extension that are loaded when they are opened first, and what a page tells if they do not come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

OURS = "**/extensions/jupyter-speccollab/static/*.js*"
HISTORY = "jp-HistoryContents"
"""A word that only the code of the history's list holds."""
RESCUED = "jp-RescueView"
"""A word that only the code of the rescued edits holds."""
START_BYTES = 800_000
"""More than what JupyterLab fetches of the extension when it starts, by a good deal."""


class Files:
    """The extension's files that the page fetches; those that hold a word can be kept from it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.bodies: list[str] = []
        self.refused: list[str] = []
        self.refuse: str | None = None
        person.page.route(OURS, self._route)

    def _route(self, route: Route) -> None:
        response = route.fetch()
        body = response.text()
        if self.refuse is not None and self.refuse in body:
            self.refused.append(self.refuse)
            route.abort()
        else:
            self.bodies.append(body)
            route.fulfill(response=response)

    def until_fetched(self, word: str) -> None:
        self.person.until(lambda: any(word in body for body in self.bodies), f"the file with {word}")

    def close(self) -> None:
        self.person.page.unroute(OURS)


@pytest.fixture
def files(ada: Person) -> Iterator[Files]:
    files = Files(ada)
    yield files
    files.close()


def test_a_part_that_does_not_come_is_told_and_may_be_tried_again(ada: Person, files: Files) -> None:
    files.refuse = HISTORY
    spec_id = ada.new_spec("Churn model", "# Churn\n")
    ada.visit_anew(spec_id)
    ada.opened(spec_id)
    ada.until(lambda: files.refused != [], "what is loaded beforehand")
    ada.run("speccollab:show-history")
    panel = ada.page.locator(".jp-HistoryPanel")
    note = panel.get_by_role("alert")
    expect(note).to_contain_text("The history can’t be shown. A part of the page did not load.")
    expect(note).to_contain_text("reload the page")
    files.refuse = None
    ada.page.get_by_role("button", name="Try again").click()
    expect(panel.locator(".jp-HistoryRow-main")).to_have_count(1)
    expect(panel.get_by_role("alert")).to_have_count(0)
    assert ada.text(spec_id) == "# Churn\n"
    # The refused file, and the error with which it ended, are told on the console.
    ada.faults[:] = [fault for fault in ada.faults if "Loading chunk" not in fault]


def test_what_was_loaded_beforehand_opens_without_a_network(ada: Person, files: Files) -> None:
    ada.visit_anew()
    files.until_fetched(HISTORY)
    files.until_fetched(RESCUED)
    ada.context.set_offline(True)
    try:
        ada.run("speccollab:show-rescued")
        expect(ada.page.locator(".jp-RescueView")).to_contain_text("There are none")
    finally:
        ada.context.set_offline(False)


def test_little_is_fetched_before_jupyterlab_stands(ada: Person, files: Files) -> None:
    """Nothing is idle in this page, so that nothing is loaded beforehand."""
    page = ada.new_page()
    page.add_init_script("window.requestIdleCallback = () => 0")
    page.goto(f"{ada.server.url}lab/workspaces/ada-start", wait_until="domcontentloaded")
    ada.ready(page)
    sizes = page.evaluate(
        """() => performance.getEntriesByType('resource')
          .filter(({ name }) => name.includes('extensions/jupyter-speccollab/static/'))
          .map(({ decodedBodySize }) => decodedBodySize)"""
    )
    page.close()
    assert 0 < sum(sizes) < START_BYTES
