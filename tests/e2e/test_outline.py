"""The structure of a spec: contents, the section of the caret, going to a place, links to sections, folding."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.conftest import People
from tests.e2e.person import Person
from tests.e2e.test_editor import assert_seen, caret

pytestmark = pytest.mark.e2e

FILLER: Final = "".join(f"Line {number} says that churn costs.\n\n" for number in range(60))
TEXT: Final = (
    f"---\ntitle: Churn\n---\n\n# Churn\n\nIntro.\n\n## Data\n\n{FILLER}"
    "### Sources\n\n- [ ] T001 Ask the sales team\n\n## FR-003: Predict churn\n\nA score for each account.\n\n"
    f"## Risks\n\n{FILLER}"
)


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    writer = people("ada", "Ada Lovelace")
    writer.visit("lab/workspaces/ada?reset")
    return writer


@pytest.fixture
def spec_id(writer: Person) -> str:
    return writer.new_open_spec("Churn", TEXT)


def crumbs(person: Person, spec_id: str) -> Locator:
    return person.spec(spec_id).get_by_role("navigation", name="Section at the cursor")


def contents(person: Person) -> Locator:
    person.run("toc:show-panel")
    return person.page.locator(".jp-TableOfContents-content")


def test_the_table_of_contents_shows_the_headings_follows_the_text_and_leads_there(
    writer: Person, spec_id: str
) -> None:
    entries = contents(writer).locator(".jp-tocItem-content")
    expect(entries).to_have_text(["Churn", "Data", "Sources", "FR-003 Predict churn", "Risks"])
    assert findings(writer.page, ".jp-TableOfContents-content", ".jp-SpecHead") == []
    entries.filter(has_text="FR-003").click()
    writer.until(lambda: caret(writer, spec_id)["text"].startswith("## FR-003"), "the caret at the heading")
    assert_seen(writer, spec_id, "## FR-003")
    writer.type_after(spec_id, "A score for each account.", "\n\n### Limits\n")
    expect(entries).to_have_text(["Churn", "Data", "Sources", "FR-003 Predict churn", "Limits", "Risks"])
    expect(writer.page.locator(".jp-tocItem[aria-selected=true] > .jp-tocItem-heading")).to_contain_text(
        "Limits"
    )


def test_one_goes_to_a_requirement_by_some_of_its_letters(writer: Person, spec_id: str) -> None:
    writer.put_caret(spec_id, "Intro.")
    expect(crumbs(writer, spec_id).get_by_role("button")).to_have_text(["Churn"])
    writer.press("ControlOrMeta+Shift+O")
    dialog = writer.page.get_by_role("dialog", name="Go to heading or requirement")
    expect(dialog.get_by_role("option")).to_have_count(6)
    assert findings(writer.page, ".jp-SpecGoTo", ".jp-SpecBreadcrumbs") == []
    writer.type("t001")
    expect(dialog.get_by_role("option")).to_have_count(1)
    writer.press("Enter")
    expect(dialog).to_have_count(0)
    writer.until(lambda: "T001" in caret(writer, spec_id)["text"], "the caret at the task")
    expect(crumbs(writer, spec_id).get_by_role("button")).to_have_text(["Churn", "Data", "Sources"])
    crumbs(writer, spec_id).get_by_role("button", name="Data").click()
    writer.until(lambda: caret(writer, spec_id)["text"] == "## Data", "the caret at the heading")


def test_a_link_to_a_section_opens_the_spec_there(writer: Person, spec_id: str) -> None:
    writer.put_caret(spec_id, "A score")
    button = crumbs(writer, spec_id).get_by_role("button", name="FR-003")
    button.click(button="right")
    link = writer.copied_by(
        writer.page.locator(".lm-Menu:visible .lm-Menu-item").filter(has_text="Copy Link")
    )
    assert link.endswith(f"?spec={spec_id}#FR-003")
    writer.visit_anew()
    writer.close_specs()
    writer.visit(f"lab/workspaces/linked?spec={spec_id}#FR-003")
    writer.opened(spec_id)
    writer.until(lambda: caret(writer, spec_id)["text"].startswith("## FR-003"), "the caret at the heading")
    assert_seen(writer, spec_id, "## FR-003")


def test_a_section_folds_and_opens_where_one_goes(writer: Person, spec_id: str) -> None:
    writer.put_caret(spec_id, "## Data")
    writer.press("Alt+Shift+F")
    spec = writer.spec(spec_id)
    expect(spec.locator(".cm-foldPlaceholder")).to_have_count(1)
    expect(spec.get_by_text("FR-003: Predict churn")).to_be_visible()
    writer.press("ControlOrMeta+Shift+O")
    writer.type("sources")
    writer.press("Enter")
    writer.until(lambda: caret(writer, spec_id)["text"] == "### Sources", "the caret at the heading")
    assert_seen(writer, spec_id, "### Sources")
    expect(spec.locator(".cm-foldPlaceholder")).to_have_count(0)
