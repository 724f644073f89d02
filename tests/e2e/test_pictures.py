"""Pictures to look at: light and dark, wide and narrow. With ``SPECCOLLAB_SCREENSHOTS`` also the README's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from jupyter_speccollab.demo.content import NOTEBOOK
from jupyter_speccollab.demo.content import text as demo_text
from tests.e2e.conftest import People
from tests.e2e.person import Person, agree, names_stay

pytestmark = pytest.mark.e2e

README = Path(__file__).parents[2] / "docs" / "images" / "two-people.png"
LARGEST = 300_000
"""Bytes that the README's picture may have."""

THEMES = ("JupyterLab Dark High Contrast", "JupyterLab Dark", "JupyterLab Light")
"""The last one stays for the README's picture: a theme is a setting of the server."""


def show_sidebar(person: Person, shown: bool) -> None:
    person.page.evaluate(
        """shown => {
          if (shown) { jupyterapp.shell.activateById('jupyter-speccollab:specs'); }
          else { jupyterapp.shell.collapseLeft(); }
        }""",
        shown,
    )


@pytest.mark.parametrize("theme", THEMES)
def test_screens(theme: str, ada: Person, grace: Person, pictures: Path) -> None:
    spec_id = ada.new_spec("Churn model", demo_text())
    short = theme.removeprefix("JupyterLab ").lower().replace(" ", "-")
    for person in (ada, grace):
        person.choose_theme(theme)
        person.open_beside(spec_id)
    ada.put_caret(spec_id, after="Every Monday")
    grace.put_caret(spec_id, after="## Why")
    for width in (1280, 800):
        ada.resize(width)
        for sidebar in ("with", "without"):
            show_sidebar(ada, sidebar == "with")
            expect(ada.spec(spec_id).locator(".cm-specCaret")).to_have_count(1)
            with names_stay(ada):
                grace.put_caret(spec_id, after="were worth it." if sidebar == "with" else "## Why")
                expect(ada.spec(spec_id).locator(".cm-specFlag")).to_be_visible()
                ada.picture(pictures / "screens" / f"{short}-{width}-{sidebar}-sidebar.png")
    ada.resize(1280)
    agree(spec_id, ada, grace)


def test_the_readmes_picture(people: People, grace: Person, pictures: Path) -> None:
    ada = people("ada2", "Ada Lovelace", height=720)
    ada.visit(f"lab/workspaces/readme/tree/ada/{NOTEBOOK}")
    ada.choose_theme(THEMES[-1])
    show_sidebar(ada, False)
    spec_id = ada.new_spec("Churn model", demo_text())
    ada.open_beside(spec_id)
    grace.open_beside(spec_id)
    robin = people("robin", "Robin Milner")
    robin.visit(f"lab/workspaces/robin?spec={spec_id}")
    robin.opened(spec_id)

    ada.put_caret(spec_id, after="# Churn model")
    robin.put_caret(spec_id, after="1 120")
    for _ in range(len("19.3 % | 1 120")):
        robin.press("Shift+ArrowLeft")
    target = README if os.environ.get("SPECCOLLAB_SCREENSHOTS") else pictures / README.name
    with names_stay(ada):
        grace.put_caret(spec_id, after="that the calls were worth it.")
        grace.type(" We look at it in April")
        robin.press("Shift+ArrowLeft")
        expect(ada.spec(spec_id).locator(".cm-specFlag")).to_have_count(2)
        ada.until(lambda: "in April" in ada.text(spec_id), "what Grace types")
        ada.picture(target)
    assert target.stat().st_size < LARGEST
