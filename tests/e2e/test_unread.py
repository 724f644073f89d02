"""What is new since one's last visit: two people, and one who was away."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.conftest import People
from tests.e2e.person import Person
from tests.e2e.test_editor import assert_seen, caret

pytestmark = pytest.mark.e2e

FILLER: Final = "".join(f"Line {number} says that churn costs.\n\n" for number in range(60))
TEXT: Final = (
    f"# Churn\n\nIntro.\n\n## Data\n\n{FILLER}## Security\n\nNobody reads mail.\n\n## Risks\n\n{FILLER}"
)


@pytest.fixture(scope="module")
def reader(people: People) -> Person:
    return people("ada", "Ada Lovelace")


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    return people("grace", "Grace Hopper")


@pytest.fixture
def spec_id(reader: Person, writer: Person) -> str:
    """A spec that the reader has read, and that the writer has changed since in two sections."""
    spec_id = reader.new_open_spec("Churn", TEXT)
    reader.until(lambda: entry(reader, spec_id)["readVersion"] == 1, "the read mark of a first visit")
    assert news(reader, spec_id).count() == 0
    reader.leave()
    writer.visit_anew(spec_id)
    writer.opened(spec_id)
    writer.type_after(spec_id, "Nobody reads mail.", " Not even admins.")
    writer.type_after(spec_id, "Intro.", " For sales.")
    writer.until_status(spec_id, "synchronised")
    return spec_id


def entry(person: Person, spec_id: str) -> dict[str, Any]:
    return dict(person.call("GET", f"api/specs/{spec_id}"))


def news(person: Person, spec_id: str) -> Locator:
    """The line above the text."""
    return person.spec(spec_id).get_by_role("group", name="New to you")


def marks(person: Person, spec_id: str) -> Locator:
    return person.spec(spec_id).locator(".cm-newMark:visible")


def test_who_was_away_is_led_from_one_change_to_the_next(
    reader: Person, writer: Person, spec_id: str
) -> None:
    version = entry(reader, spec_id)["version"]
    reader.visit_anew(spec_id)
    reader.opened(spec_id)
    line = news(reader, spec_id)
    expect(line).to_contain_text("2 sections changed since")
    expect(marks(reader, spec_id)).to_have_count(1)
    assert "Grace Hopper" in (marks(reader, spec_id).get_attribute("title") or "")
    assert findings(reader.page, ".jp-SpecHead") == []
    top = reader.spec(spec_id).locator(".cm-scroller").bounding_box()
    reader.put_caret(spec_id, "# Churn")
    reader.press("F7")
    reader.until(lambda: "For sales" in caret(reader, spec_id)["text"], "the caret at the first change")
    expect(marks(reader, spec_id).first).to_have_class("cm-newMark cm-mod-seen")
    reader.press("F7")
    reader.until(lambda: "Not even admins" in caret(reader, spec_id)["text"], "the caret at the second one")
    assert_seen(reader, spec_id, "Nobody reads mail.")
    expect(reader.spec(spec_id).locator(".jp-SpecNews [role=status]")).to_contain_text("2 of 2: Grace Hopper")
    reader.until(
        lambda: entry(reader, spec_id)["readVersion"] == version, "the read mark at the last version"
    )
    assert reader.spec(spec_id).locator(".cm-scroller").bounding_box() == top
    reader.visit_anew(spec_id)
    reader.opened(spec_id)
    reader.until(lambda: entry(reader, spec_id)["unread"] == 0, "nothing unread")
    expect(news(reader, spec_id)).to_have_count(0)
    expect(marks(reader, spec_id)).to_have_count(0)


def test_what_was_not_on_the_screen_stays_unread(reader: Person, writer: Person, spec_id: str) -> None:
    reader.visit_anew()
    reader.run("speccollab:show-specs")
    row = reader.page.locator(f'.jp-SpecRow[data-spec-id="{spec_id}"]')
    badge = row.locator(".jp-SpecRow-unread")
    expect(badge).to_contain_text("since you read it")
    reader.page.get_by_label("Unread").check()
    expect(row).to_be_visible()
    assert findings(reader.page, ".jp-SpecsPanel") == []
    row.click()
    reader.opened(spec_id)
    # The change at the top is seen, and came after the other one: the mark stays before that.
    expect(marks(reader, spec_id)).to_have_class("cm-newMark cm-mod-seen")
    reader.leave()
    assert entry(reader, spec_id)["readVersion"] == 1
    reader.visit_anew(spec_id)
    reader.opened(spec_id)
    news(reader, spec_id).get_by_role("button", name="Mark all as read").click()
    expect(news(reader, spec_id)).to_have_count(0)
    expect(marks(reader, spec_id)).to_have_count(0)
    reader.until(lambda: entry(reader, spec_id)["unread"] == 0, "nothing unread")


def test_a_tab_behind_another_says_that_it_has_something_new(
    reader: Person, writer: Person, spec_id: str
) -> None:
    reader.visit_anew(spec_id)
    reader.opened(spec_id)
    news(reader, spec_id).get_by_role("button", name="Mark all as read").click()
    other = reader.new_spec("Other", "text\n")
    reader.run("speccollab:open", specId=other)
    reader.opened(other)
    tab = reader.page.locator(f'.lm-TabBar-tab[data-spec-id="{spec_id}"]')
    expect(tab).not_to_have_class("jp-mod-unseen")
    writer.type_after(spec_id, "Intro.", " Indeed.")
    writer.until_status(spec_id, "synchronised")
    reader.until(lambda: "jp-mod-unseen" in (tab.get_attribute("class") or ""), "the mark of the tab")
    reader.run("speccollab:open", specId=spec_id)
    expect(marks(reader, spec_id)).to_have_count(1)
    reader.until(lambda: "jp-mod-unseen" not in (tab.get_attribute("class") or ""), "the mark to go")


def test_the_preview_marks_what_is_new_and_says_of_a_heading_who_changed_it(
    reader: Person, writer: Person, spec_id: str
) -> None:
    reader.visit_anew(spec_id)
    reader.opened(spec_id)
    reader.run("speccollab:show-preview", mode="instead")
    preview = reader.spec(spec_id).locator(".jp-SpecPreview")
    expect(preview.locator(".jp-SpecPreview-new")).to_have_count(2)  # a short text is in the page as a whole
    heading = preview.get_by_role("heading", name="Churn")

    def is_told() -> bool:
        preview.locator("p").first.hover()
        heading.hover()
        return "Grace Hopper" in (heading.get_attribute("title") or "")

    reader.until(is_told, "who changed it")
    reader.run("speccollab:show-preview", mode="off")
