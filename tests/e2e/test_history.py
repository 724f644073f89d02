"""The history of a spec: who wrote what, comparisons, and earlier words that come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.person import Person, agree

pytestmark = pytest.mark.e2e

PARTS = "".join(f"### Part {number}\n\nThis paragraph stays as it is.\n\n" for number in range(1, 12))
TEXT = f"""# Churn model

## Goals

- **FR-001** The model tells which customers will leave.
- **FR-002** It runs every night before six.

## Data

{PARTS}## Security

Nobody sees names.
"""


@pytest.fixture
def spec_id(ada: Person, grace: Person) -> str:
    """A spec that Ada wrote and labelled, and in which Grace wrote while Ada was away."""
    spec_id = ada.new_spec("Churn model", TEXT)
    ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "Sent for review"})
    grace.show(spec_id)
    grace.type_after(spec_id, "before six", ", and on Sundays before nine")
    grace.type_after(spec_id, "Nobody sees names", " or addresses")
    grace.until_status(spec_id, "synchronised")
    ada.show(spec_id)
    ada.run("speccollab:show-history")
    expect(rows(ada)).to_have_count(2)
    return spec_id


def rows(person: Person) -> Locator:
    return person.page.locator(".jp-HistoryRow-main")


def comparison(person: Person) -> Locator:
    """The comparison that can be seen."""
    return person.page.locator(".jp-SpecCompare:visible")


def test_the_panel_tells_who_wrote_what_and_follows(
    ada: Person, grace: Person, spec_id: str, pictures: Path
) -> None:
    panel = ada.page.locator(".jp-HistoryPanel")
    expect(panel.get_by_role("heading", name="Today")).to_be_visible()
    expect(rows(ada).first).to_contain_text("Grace Hopper")
    expect(rows(ada).first).to_contain_text("“Goals”, “Security”")
    expect(rows(ada).first).to_contain_text("+41 letters")
    expect(rows(ada).nth(1)).to_contain_text("Ada Lovelace")
    expect(panel.locator(".jp-HistoryFlag-main")).to_have_text(["Sent for review"])
    assert findings(ada.page, ".jp-HistoryPanel") == []
    ada.picture(pictures / "history-panel.png")
    # It grows with what is written, in its place.
    grace.type_after(spec_id, "Nobody sees names", " now")
    expect(rows(ada).first).to_contain_text("+45 letters")
    expect(rows(ada)).to_have_count(2)
    # By person, by section, by label, by words.
    panel.get_by_label("Who wrote").select_option(label="Ada Lovelace")
    expect(rows(ada)).to_have_count(1)
    panel.get_by_role("button", name="Show all").click()
    expect(rows(ada)).to_have_count(2)
    ada.put_caret(spec_id, after="## Security")
    panel.get_by_label("Section at cursor").check()
    expect(panel.locator(".jp-History-section")).to_have_text("Changes of “Security”")
    ada.put_caret(spec_id, after="### Part 3")
    expect(panel.locator(".jp-History-section")).to_have_text("Changes of “Part 3”")
    expect(rows(ada)).to_have_count(1)
    panel.get_by_label("Section at cursor").uncheck()
    panel.get_by_label("Labels only").check()
    expect(rows(ada)).to_have_count(1)
    panel.get_by_label("Labels only").uncheck()
    panel.get_by_label("Search history").fill("goals grace")
    expect(rows(ada)).to_have_count(1)
    panel.get_by_label("Search history").fill("nothing like that")
    expect(panel.locator(".jp-History-empty")).to_contain_text("Nothing like that was found.")
    panel.get_by_label("Search history").fill("")
    expect(rows(ada)).to_have_count(2)


def test_labels_come_and_go(ada: Person, grace: Person, spec_id: str) -> None:
    panel = ada.page.locator(".jp-HistoryPanel")
    panel.get_by_role("button", name="Label This Version…").click()
    dialog = ada.page.get_by_role("dialog")
    dialog.locator("input").fill("Version 1")
    dialog.get_by_role("button", name="Label", exact=True).click()
    flags = panel.locator(".jp-HistoryFlag-main")
    expect(flags).to_have_text(["Version 1", "Sent for review"])
    flags.first.click(button="right")
    ada.page.get_by_role("menuitem", name="Take Label Away").click()
    expect(flags).to_have_text(["Sent for review"])
    ada.page.get_by_role("button", name="Undo").first.click()
    expect(flags).to_have_text(["Version 1", "Sent for review"])
    flags.first.click(button="right")
    ada.page.get_by_role("menuitem", name="Take Label Away").click()

    def labels() -> list[Any]:
        page = ada.call("GET", f"api/specs/{spec_id}/history")
        return [
            each["label"] for sitting in page["sittings"] for each in sitting["revisions"] if each["label"]
        ]

    ada.until(lambda: labels() == ["Sent for review"], "the label to be gone")
    expect(flags).to_have_text(["Sent for review"])


def test_a_comparison_by_keys_alone_in_three_views(
    ada: Person, grace: Person, spec_id: str, pictures: Path
) -> None:
    ada.page.get_by_label("Search history").focus()
    ada.press("ArrowDown")
    ada.press("Enter")
    line = comparison(ada).get_by_role("toolbar", name="Change", exact=True)
    expect(line).to_contain_text("Change 1 of 2")
    expect(line).to_contain_text("Grace Hopper")
    expect(comparison(ada).locator(".cm-content:focus")).to_have_count(1)
    ada.press("F7")
    expect(line).to_contain_text("Change 2 of 2")
    ada.press("Alt+ArrowUp")
    expect(line).to_contain_text("Change 1 of 2")
    expect(comparison(ada).locator(".cm-collapsedLines")).to_have_count(1)
    added = comparison(ada).locator(".jp-SpecCompare-by")
    expect(added.first).to_have_text(", and on Sundays before nine")
    assert "Grace Hopper, " in str(added.first.get_attribute("title"))
    assert findings(ada.page, ".jp-SpecCompare") == []
    ada.picture(pictures / "history-unified.png")
    comparison(ada).get_by_role("button", name="Side by side").click()
    expect(comparison(ada).locator(".cm-mergeView")).to_be_visible()
    expect(line).to_contain_text("Change 1 of 2")
    assert findings(ada.page, ".jp-SpecCompare") == []
    ada.picture(pictures / "history-side-by-side.png")
    comparison(ada).get_by_role("button", name="As it reads").click()
    expect(comparison(ada).locator(".jp-mod-newer li")).to_have_count(2)
    expect(comparison(ada).locator(".jp-mod-older").last).to_contain_text("Nobody sees names.")
    ada.press("F7")
    expect(line).to_contain_text("Change 2 of 2")
    assert findings(ada.page, ".jp-SpecCompare") == []
    ada.picture(pictures / "history-rendered.png")
    with ada.page.expect_download() as download:
        comparison(ada).get_by_role("button", name="Download this comparison as HTML").click()
    page = Path(download.value.path()).read_text(encoding="utf-8")
    assert "<script" not in page
    assert '<ins title="Grace Hopper, ' in page
    assert "unchanged lines" in page
    comparison(ada).get_by_role("button", name="In one column").click()


def test_a_passage_comes_back_while_somebody_types_in_it(ada: Person, grace: Person, spec_id: str) -> None:
    ada.page.locator(".jp-HistoryFlag-main").click()
    line = comparison(ada).get_by_role("toolbar", name="Change", exact=True)
    expect(line).to_contain_text("Change 1 of 2")
    # A comparison with now follows what is typed.
    grace.type_after(spec_id, "FR-001**", " (must)")
    grace.until_status(spec_id, "synchronised")
    expect(comparison(ada).locator(".jp-SpecCompare-by", has_text="(must)")).to_have_count(1)
    grace.put_caret(spec_id, after="on Sundays")
    for letter in " or Mondays":
        grace.type(letter)
    expect(comparison(ada).locator(".cm-content")).to_contain_text("or Mondays")
    line.get_by_role("button", name="Restore this passage").click()
    for letter in ", GRACE SAYS,":
        grace.type(letter)
    text = agree(spec_id, ada, grace)
    assert "GRACE SAYS" in text
    assert "(must)" not in text
    assert "before nine" not in text
    assert "Nobody sees names or addresses" in text
    ada.page.get_by_role("button", name="Undo").first.click()
    text = agree(spec_id, ada, grace)
    assert "GRACE SAYS" in text
    assert "before nine" in text


def test_a_version_comes_back_and_goes_again(ada: Person, grace: Person, spec_id: str) -> None:
    ada.page.locator(".jp-HistoryFlag-main").click()
    expect(comparison(ada).locator(".cm-content")).to_be_visible()
    comparison(ada).get_by_role("button", name="Restore this version…").click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Bring back the text of")
    dialog.get_by_role("button", name="Restore").click()
    expect(comparison(ada).get_by_role("status").first).to_contain_text("Both texts are the same.")
    assert agree(spec_id, ada, grace) == TEXT
    ada.page.get_by_role("button", name="Undo").first.click()
    expect(comparison(ada).get_by_role("toolbar", name="Change", exact=True)).to_contain_text("of 2")
    assert "on Sundays" in agree(spec_id, ada, grace)


def test_the_views_in_the_dark_and_in_a_narrow_window(ada: Person, spec_id: str, pictures: Path) -> None:
    rows(ada).first.click()
    expect(comparison(ada).locator(".cm-content").first).to_be_visible()
    comparison(ada).get_by_role("button", name="Side by side").click()
    ada.choose_theme("JupyterLab Dark")
    try:
        expect(comparison(ada).locator(".cm-mergeView")).to_be_visible()
        assert findings(ada.page, ".jp-SpecCompare", ".jp-HistoryPanel") == []
        ada.picture(pictures / "history-dark.png")
        ada.resize(800)
        expect(comparison(ada).locator(".cm-mergeView")).to_have_count(0)
        expect(comparison(ada).locator(".cm-content")).to_be_visible()
        ada.picture(pictures / "history-800.png")
    finally:
        ada.resize(1280)
        ada.choose_theme("JupyterLab Light")
    comparison(ada).get_by_role("button", name="In one column").click()
