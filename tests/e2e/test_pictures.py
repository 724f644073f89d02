"""Pictures to look at: light and dark, wide and narrow. With ``SPECCOLLAB_SCREENSHOTS`` also the README's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from jupyter_speccollab.demo.content import NOTEBOOK
from jupyter_speccollab.demo.content import text as demo_text
from tests.e2e.conftest import People
from tests.e2e.person import Person, agree

pytestmark = pytest.mark.e2e

README = Path(__file__).parents[2] / "docs" / "images" / "two-people.png"
LARGEST = 300_000
"""Bytes that the README's picture may have."""


def write_together(ada: Person, grace: Person, spec_id: str) -> None:
    """Leave both with a caret in view, on each other's screen, with a name on Grace's."""
    ada.put_caret(spec_id, after="Every Monday")
    ada.type(" at nine")
    grace.put_caret(spec_id, after="keeps some of them;")
    grace.type(" a call at the wrong time, too;")
    expect(ada.spec(spec_id).locator(".cm-specFlag")).to_have_count(1)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"])
def test_screens(theme: str, people: People, ada: Person, grace: Person, pictures: Path) -> None:
    spec_id = ada.new_spec("Churn model", demo_text())
    short = theme.removeprefix("JupyterLab ").lower().replace(" ", "-")
    for person in (ada, grace):
        person.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme
        )
        person.open_beside(spec_id)
    write_together(ada, grace, spec_id)
    for width in (1280, 800):
        ada.page.set_viewport_size({"width": width, "height": 800})
        ada.page.get_by_role("tab", name="Specs").click()
        grace.type(" x")
        expect(ada.spec(spec_id).locator(".cm-specCaret")).to_have_count(1)
        ada.picture(pictures / "screens" / f"{short}-{width}.png")
        ada.page.get_by_role("tab", name="Specs").click()
        grace.type(" y")
        expect(ada.spec(spec_id).locator(".cm-specCaret")).to_have_count(1)
        ada.picture(pictures / "screens" / f"{short}-{width}-without-sidebar.png")
    ada.page.set_viewport_size({"width": 1280, "height": 800})
    agree(spec_id, ada, grace)


def test_the_readmes_picture(people: People, grace: Person, pictures: Path) -> None:
    ada = people("ada2", "Ada Lovelace", height=720)
    ada.visit(f"lab/workspaces/readme/tree/ada/{NOTEBOOK}")
    ada.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
    spec_id = ada.new_spec("Churn model", demo_text())
    for person in (ada, grace):
        person.open_beside(spec_id)
    write_together(ada, grace, spec_id)
    robin = people("robin", "Robin Milner")
    robin.visit(f"lab/workspaces/robin?spec={spec_id}")
    robin.opened(spec_id)
    robin.put_caret(spec_id, after="skip a box")
    robin.press("Shift+ArrowLeft")
    grace.type(" ")
    expect(ada.spec(spec_id).locator(".cm-specCaret")).to_have_count(2)
    target = README if os.environ.get("SPECCOLLAB_SCREENSHOTS") else pictures / README.name
    ada.picture(target)
    assert target.stat().st_size < LARGEST
