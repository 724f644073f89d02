"""Deleting a spec and bringing it back, in a real page: the note with "Undo", the trash, and pictures of both."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

TITLES = ("Test plan", "Data contract: subscribers and their boxes, second draft", "Old notes")


def show_specs(person: Person) -> None:
    person.page.evaluate("() => jupyterapp.shell.activateById('jupyter-speccollab:specs')")


def row(person: Person, title: str) -> Locator:
    return person.page.locator(".jp-SpecRow", has_text=title)


def note(person: Person, text: str) -> Locator:
    return person.page.locator(".Toastify__toast", has_text=text)


def test_a_deletion_is_undone_also_on_the_page_of_the_spec(ada: Person, grace: Person) -> None:
    spec_id = ada.new_spec("Undone", "# Undone\n\nText.\n")
    for person in (ada, grace):
        person.open_beside(spec_id)
    grace.put_caret(spec_id, after="Text.")
    show_specs(ada)
    row(ada, "Undone").click(button="right")
    ada.page.get_by_role("menuitem", name="Delete Spec").click()
    question = ada.page.get_by_role("dialog")
    expect(question).to_contain_text("Grace Hopper has it open; it closes for them.")
    question.get_by_role("button", name="Delete").click()
    for person in (ada, grace):
        expect(person.page.get_by_role("heading", name="This spec was deleted")).to_be_visible()
    expect(row(ada, "Undone")).to_have_count(0)
    note(ada, "“Undone” is in the trash.").get_by_role("button", name="Undo").click()
    expect(row(ada, "Undone")).to_be_visible()
    expect(ada.spec(spec_id).locator(".cm-content")).to_contain_text("Text.")
    # She is an owner too, and has not seen that it is back.
    grace.page.get_by_role("button", name="Restore", exact=True).click()
    expect(grace.spec(spec_id).locator(".cm-content")).to_contain_text("Text.")
    grace.opened(spec_id)
    grace.put_caret(spec_id, after="Text.")
    grace.type(" More.")
    expect(ada.spec(spec_id).locator(".cm-content")).to_contain_text("Text. More.")

    ada.call("DELETE", f"api/specs/{spec_id}")
    ada.spec(spec_id).get_by_role("button", name="Restore", exact=True).click()
    expect(ada.spec(spec_id).locator(".cm-content")).to_contain_text("Text. More.")
    for person in (ada, grace):
        person.close_specs()


def test_the_trash(ada: Person, pictures: Path) -> None:
    specs = [ada.new_spec(title, f"# {title}\n") for title in TITLES]
    for spec_id in specs:
        ada.call("DELETE", f"api/specs/{spec_id}")
    show_specs(ada)
    ada.page.get_by_role("button", name="Trash", exact=True).click()
    trash = ada.page.locator(".jp-SpecTrash")
    expect(trash.get_by_role("listitem")).to_have_count(3)
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        ada.choose_theme(theme)
        for width in (1366, 800):
            ada.resize(width)
            show_specs(ada)
            short = theme.removeprefix("JupyterLab ").lower()
            ada.picture(pictures / "trash" / f"{short}-{width}.png")
    ada.resize(1280)
    trash.get_by_role("button", name="Restore “Test plan”").click()
    expect(trash.get_by_role("listitem")).to_have_count(2)
    trash.get_by_role("button", name="Delete “Old notes” forever").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="Delete forever").click()
    expect(trash.get_by_role("listitem")).to_have_count(1)
    expect(trash.locator("li :focus")).to_have_count(1)  # on the row that is left
    ada.press("Escape")
    expect(row(ada, "Test plan")).to_be_visible()
    expect(trash).to_be_hidden()
    expect(ada.page.get_by_role("button", name="Trash", exact=True)).to_be_focused()


def test_the_spec_of_a_notebook_is_chosen_and_chosen_anew(ada: Person, grace: Person, pictures: Path) -> None:
    one = ada.new_spec("Twins", "# Twins\n")
    other = grace.new_spec("Twins", "# Twins\n\nGrace’s.\n")
    ada.close_specs()
    ada.run("speccollab:choose-beside-notebook")
    question = ada.page.get_by_role("dialog")
    question.get_by_role("combobox").fill("twins")
    options = question.get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("Owner: Grace Hopper")
    expect(options.first).to_contain_text(other[:8])
    expect(question.locator("[aria-selected=true]")).to_have_count(0)
    expect(question.get_by_role("button", name="Show")).to_have_attribute("aria-disabled", "true")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        ada.choose_theme(theme)
        for width in (1366, 800):
            ada.resize(width)
            short = theme.removeprefix("JupyterLab ").lower()
            ada.picture(pictures / "choice" / f"{short}-{width}.png")
    ada.resize(1280)
    ada.press("ArrowDown")
    ada.press("ArrowDown")
    ada.press("Enter")
    ada.opened(one)
    ada.close_specs()
    ada.run("speccollab:open-beside-notebook")  # it is remembered
    ada.opened(one)
    ada.close_specs()
    ada.run("speccollab:choose-beside-notebook")
    expect(question.locator("[aria-selected=true]")).to_contain_text(one[:8])
    question.get_by_role("option", name=other[:8]).dblclick()
    ada.opened(other)
    ada.close_specs()
