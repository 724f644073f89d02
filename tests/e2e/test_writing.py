"""Writing with comfort: formatting by keys and at a selection, tables, pasting, the form above the text, focus."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.conftest import People
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

TEXT: Final = "---\ntitle: Churn\nstatus: draft # until Friday\n---\n\n# Churn\n\nsome words here\n"

CLIPBOARD: Final = """([html, plain]) => navigator.clipboard.write([new ClipboardItem({
  'text/html': new Blob([html], { type: 'text/html' }),
  'text/plain': new Blob([plain], { type: 'text/plain' })
})])"""


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    writer = people("ada", "Ada Lovelace")
    writer.visit("lab/workspaces/ada?reset")
    return writer


@pytest.fixture
def spec_id(writer: Person) -> str:
    return writer.new_open_spec("Churn", TEXT)


def details(person: Person, spec_id: str) -> Locator:
    return person.spec(spec_id).get_by_role("region", name="Details of the spec")


def select_words(person: Person, spec_id: str) -> None:
    """Select “words” with the keys."""
    person.put_caret(spec_id, "some ")
    for _ in range(5):
        person.press("Shift+ArrowRight")


def paste(person: Person, html: str, plain: str) -> None:
    person.page.evaluate(CLIPBOARD, [html, plain])
    person.press("ControlOrMeta+V")


def test_words_are_formatted_by_keys_and_at_the_selection(writer: Person, spec_id: str) -> None:
    select_words(writer, spec_id)
    toolbar = writer.page.get_by_role("toolbar", name="Format what is selected")
    expect(toolbar).to_be_visible()
    assert findings(writer.page, ".jp-SpecBubble") == []
    writer.press("ControlOrMeta+B")
    writer.until(lambda: "some **words** here" in writer.text(spec_id), "bold words")
    writer.press("Alt+F10")
    names = ["Comment", "Suggest", "Bold", "Italic"]
    for name in names:
        expect(toolbar.get_by_role("button", name=name).first).to_be_focused()
        if name != names[-1]:
            writer.press("ArrowRight")
    writer.press("Enter")
    writer.until(lambda: "some ***words*** here" in writer.text(spec_id), "bold and italic words")
    writer.press("ControlOrMeta+Z")
    writer.press("ControlOrMeta+Z")
    writer.until(lambda: writer.text(spec_id) == TEXT, "the text as it was")


def test_a_table_is_filled_by_tab(writer: Person, spec_id: str) -> None:
    writer.put_caret(spec_id, "some words here\n")
    writer.run("speccollab:insert-table")
    for word in ("Model", "AUC", "Cost", "forest", "0.87", "3"):
        writer.type(word)
        writer.press("Tab")
    writer.run("speccollab:align-table")
    rows = writer.text(spec_id).splitlines()
    assert "| Model  | AUC  | Cost |" in rows
    assert "| forest | 0.87 | 3    |" in rows


def test_what_others_made_is_pasted_as_markdown(writer: Person, spec_id: str) -> None:
    writer.put_caret(spec_id, "some words here\n")
    paste(writer, "<p>see <b>this</b> <a href='https://example.org/'>page</a></p>", "see this page")
    pasted = "see **this** [page](https://example.org/)"
    writer.until(lambda: writer.text(spec_id).endswith(pasted), "Markdown")
    writer.type("\n\n")
    cells = "<table><tr><td>Model</td><td>AUC</td></tr><tr><td>forest</td><td>0.87</td></tr></table>"
    paste(writer, cells, "Model\tAUC\nforest\t0.87")
    table = "| Model  |  AUC |\n| ------ | ---: |\n| forest | 0.87 |\n"
    writer.until(lambda: writer.text(spec_id).endswith(f"{pasted}\n\n{table}"), "a table")


def test_the_form_above_the_text_changes_one_value(writer: Person, spec_id: str) -> None:
    form = details(writer, spec_id)
    form.get_by_role("button", name="draft").click()
    assert findings(writer.page, ".jp-SpecHead") == []
    form.get_by_label("Status").fill("approved")
    form.get_by_label("Status").press("Enter")
    changed = TEXT.replace("draft", "approved")
    writer.until(lambda: writer.text(spec_id) == changed, "the status in the text")
    writer.put_caret(spec_id, "approved")
    writer.type(" soon")
    expect(form.get_by_label("Status")).to_have_value("approved soon")
    writer.put_caret(spec_id, "title: Churn\n")
    writer.type("[\n")
    expect(form).to_contain_text("Go to line")
    writer.press("ControlOrMeta+Z")
    expect(form).not_to_contain_text("Go to line")


def test_nothing_but_the_text_is_seen_and_the_rest_comes_back(writer: Person, spec_id: str) -> None:
    writer.run("filebrowser:activate")
    files = writer.page.locator("#filebrowser")
    expect(files).to_be_visible()
    writer.spec(spec_id).locator(".cm-content").click()
    writer.run("speccollab:focus-mode")
    expect(files).to_be_hidden()
    writer.run("speccollab:focus-mode")
    expect(files).to_be_visible()
