"""The Specs sidebar in a real page: searching in texts, choosing, renaming in place, templates, dragging."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

MANY = 130
"""More specs than a page of the list has."""

LIST = ".jp-SpecList:not(.jp-SpecTrash)"

CHURN = (
    "# Churn model\n\n" + "Filler line.\n" * 400 + "Who leaves the bakery after a month?\n" + "More.\n" * 400
)


@pytest.fixture(scope="module")
def lab_options() -> dict[str, object]:
    return {"SpecCollabApp.writes_per_minute": 10_000}


def show_specs(person: Person) -> None:
    person.run("speccollab:show-specs")
    expect(person.page.locator(LIST)).to_be_visible()
    search(person, "")


def rows(person: Person) -> Locator:
    return person.page.locator(".jp-SpecRow")


def titles(person: Person) -> list[str]:
    return person.page.locator(".jp-SpecRow-title").all_text_contents()


def search(person: Person, query: str) -> Locator:
    box = person.page.get_by_role("searchbox", name="Search specs")
    box.fill(query)
    return box


def test_a_search_finds_words_in_texts_and_enter_leads_there(ada: Person, pictures: Path) -> None:
    spec_id = ada.new_spec("Churn model", CHURN)
    ada.new_spec("Another", "Nothing of it.\n")
    show_specs(ada)
    box = search(ada, "bak LEAVES")
    expect(rows(ada)).to_have_count(1)
    snippet = rows(ada).locator(".jp-SpecRow-snippet")
    expect(snippet).to_contain_text("Who leaves the bakery after a month?")
    assert snippet.locator("mark").all_text_contents() == ["leaves", "bak"]
    ada.picture(pictures / "sidebar" / "search.png")
    assert findings(ada.page, ".jp-SpecsPanel") == []
    box.press("Enter")
    ada.opened(spec_id)
    ada.until(
        lambda: ada.page.evaluate("() => window.getSelection().toString()") in ("bak", "leaves"),
        "the word in the text",
    )
    expect(ada.spec(spec_id).locator(".cm-line", has_text="bakery")).to_be_visible()
    search(ada, "no such word anywhere")
    expect(ada.page.locator(f"{LIST} .jp-SpecList-empty")).to_contain_text(
        "No spec has “no such word anywhere”"
    )
    search(ada, "")
    ada.close_specs()


def test_the_list_is_sorted_and_chosen_from(ada: Person) -> None:
    for number in range(MANY):
        ada.call("POST", "api/specs", {"title": f"Many {number:03}", "type": "bulk"})
    ada.new_spec("Zebra", "---\nstatus: approved\ntype: plan\n---\n")
    show_specs(ada)
    ada.page.get_by_label("Sort by").select_option("title")
    ada.page.get_by_label("Type", exact=True).select_option("bulk")
    ada.until(lambda: titles(ada)[:2] == ["Many 000", "Many 001"], "the order of titles")
    assert len(titles(ada)) == 100
    ada.page.get_by_role("button", name="Show more").click()
    expect(rows(ada)).to_have_count(MANY)
    ada.page.get_by_role("button", name="Show all").click()
    ada.page.get_by_label("Status", exact=True).select_option("approved")
    expect(rows(ada)).to_have_count(1)
    assert titles(ada) == ["Zebra"]
    assert findings(ada.page, ".jp-SpecsPanel") == []
    ada.page.get_by_role("button", name="Show all").click()
    ada.page.get_by_label("Sort by").select_option("changed")


def test_a_spec_is_renamed_in_its_place_by_the_keyboard(ada: Person, pictures: Path) -> None:
    ada.new_spec("Old title", "text\n")
    show_specs(ada)
    box = search(ada, "old title")
    expect(rows(ada)).to_have_count(1)
    box.press("ArrowDown")
    expect(rows(ada).first).to_be_focused()
    ada.press("F2")
    field = ada.page.get_by_label("New title of “Old title”")
    expect(field).to_be_focused()
    ada.picture(pictures / "sidebar" / "rename.png")
    ada.press("Escape")
    expect(field).to_have_count(0)
    expect(rows(ada).first).to_be_focused()
    ada.press("F2")
    expect(field).to_be_focused()
    ada.type("New title")
    ada.press("Enter")
    search(ada, "new title")
    ada.until(lambda: titles(ada) == ["New title"], "the new title in the list")
    search(ada, "")


def test_a_spec_begins_from_a_template_with_the_caret_where_one_begins(ada: Person, pictures: Path) -> None:
    show_specs(ada)
    ada.run("speccollab:new")
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Price test")
    dialog.get_by_label("Start from").select_option("Experiment")
    expect(dialog).to_contain_text("A question, how it is answered, and what was found")
    ada.picture(pictures / "sidebar" / "template.png")
    assert findings(ada.page, ".jp-Dialog-content") == []
    dialog.get_by_role("button", name="Create").click()
    expect(ada.page.locator(".jp-SpecDocument .cm-content")).to_be_visible()
    (entry,) = ada.call("GET", "api/specs?q=Price%20test")["specs"]
    ada.opened(entry["specId"])
    ada.type("Do lower prices keep people?")
    ada.until(lambda: "keep people?" in ada.text(entry["specId"]), "what was typed")
    text = ada.text(entry["specId"])
    assert "type: experiment\nowner: Ada Lovelace\n" in text
    assert "\n# Price test\n" in text
    section = text.split("## Question")[1].split("## ")[0]
    assert section.rstrip().endswith("Do lower prices keep people?")
    ada.close_specs()


def test_a_spec_is_dragged_beside_the_notebook_and_its_tab_has_a_menu(ada: Person, pictures: Path) -> None:
    spec_id = ada.new_spec("Dragged", "text\n")
    show_specs(ada)
    search(ada, "dragged")
    expect(rows(ada)).to_have_count(1)
    row = rows(ada).bounding_box()
    notebook = ada.page.locator(".jp-NotebookPanel:visible").bounding_box()
    assert row
    assert notebook
    ada.page.mouse.move(row["x"] + 60, row["y"] + 10)
    ada.page.mouse.down()
    ada.page.mouse.move(notebook["x"] + 100, notebook["y"] + 200, steps=8)
    ada.page.mouse.move(
        notebook["x"] + notebook["width"] - 30, notebook["y"] + notebook["height"] / 2, steps=8
    )
    ada.page.mouse.up()
    ada.opened(spec_id)
    ada.until(lambda: ada.is_beside_notebook(spec_id), "the spec beside the notebook")
    ada.page.locator(f'.lm-TabBar-tab[data-spec-id="{spec_id}"]').click(button="right")
    menu = ada.page.get_by_role("menu")
    for item in ("Rename Spec…", "Share Spec…", "Copy Link to Spec", "Delete Spec"):
        expect(menu.get_by_role("menuitem", name=item)).to_be_visible()
    ada.picture(pictures / "sidebar" / "tab-menu.png")
    menu.get_by_role("menuitem", name="Rename Spec…").click()
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Dragged and renamed")
    dialog.get_by_role("button", name="Rename").click()
    expect(ada.page.locator(f'.lm-TabBar-tab[data-spec-id="{spec_id}"]')).to_contain_text(
        "Dragged and renamed"
    )
    search(ada, "")
    ada.close_specs()


def test_the_view_menu_shows_the_specs(ada: Person) -> None:
    ada.page.evaluate("() => jupyterapp.shell.collapseLeft()")
    ada.page.get_by_role("menuitem", name="View", exact=True).click()
    ada.page.get_by_role("menuitem", name="Specs", exact=True).click()
    expect(ada.page.locator(LIST)).to_be_visible()
