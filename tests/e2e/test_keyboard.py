"""A spec without a mouse: found, read, ticked, gone through, somebody followed, and a picture pasted."""

from __future__ import annotations

import base64
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import People
from tests.e2e.person import Person, agree
from tests.e2e.previews import preview_of, until_rendered
from tests.e2e.test_attachments import BLUE

pytestmark = pytest.mark.e2e

PARAGRAPH: Final = (
    "Every Monday we call those who are likely to leave, and write down what they say.\n\n" * 12
)
TEXT: Final = f"# Keys\n\n- [ ] T001 Ask everybody\n\n## Data\n\n{PARAGRAPH}## Risks\n\n{PARAGRAPH}The end.\n"

COPY_PICTURE: Final = """async data => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const picture = new Blob([bytes], { type: 'image/png' });
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
}"""


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    writer = people("ada", "Ada Lovelace", width=1366)
    writer.visit_anew()
    return writer


def choose_command(person: Person, words: str, label: str) -> None:
    """In the command palette."""
    person.press("ControlOrMeta+Shift+C")
    palette = person.page.locator(".jp-ModalCommandPalette:visible, #command-palette:visible")
    palette.locator("input:focus").wait_for()
    person.type(words)
    palette.locator(".lm-CommandPalette-item.lm-mod-active", has_text=label).wait_for()
    person.press("Enter")


def go_by_tab(person: Person, to: Locator) -> None:
    for _ in range(30):
        if to.evaluate("element => element === document.activeElement"):
            return
        person.press("Tab")
    expect(to).to_be_focused()


def test_everything_is_done_with_keys(writer: Person, grace: Person) -> None:
    spec_id = writer.new_spec("By keys alone", TEXT)

    choose_command(writer, "specs specs", "Specs")
    search = writer.page.get_by_role("searchbox", name="Search specs")
    expect(search).to_be_focused()
    writer.type("by keys alone")
    expect(writer.page.locator(".jp-SpecRow")).to_have_count(1)
    writer.press("Enter")
    writer.opened(spec_id)
    expect(writer.spec(spec_id).locator(".cm-content")).to_be_focused()

    writer.press("ControlOrMeta+Shift+E")
    writer.press("ControlOrMeta+Shift+E")
    preview = preview_of(writer, spec_id)
    expect(preview).to_be_focused()
    until_rendered(writer, spec_id)
    box = preview.get_by_role("checkbox", name="T001 Ask everybody")
    go_by_tab(writer, box)
    writer.press("Space")
    writer.until(lambda: "- [x] T001" in writer.text(spec_id), "the tick")

    writer.press("ControlOrMeta+Shift+O")
    writer.page.get_by_role("combobox", name="Go to heading or requirement").wait_for()
    writer.type("risks")
    writer.press("Enter")
    heading = preview.get_by_role("heading", name="Risks")
    expect(heading).to_be_in_viewport()
    until_rendered(writer, spec_id)

    grace.show(spec_id)
    grace.put_caret(spec_id, after="# Keys")
    for _ in range(2):  # the first time one goes there, the second time one follows
        choose_command(writer, "People in This Spec", "People in This Spec")
        expect(writer.page.get_by_role("menuitemradio", name="Grace Hopper")).to_be_focused()
        writer.press("Enter")
        expect(preview.get_by_role("heading", name="Keys")).to_be_in_viewport()
    line = writer.spec(spec_id).locator(".jp-SpecFollow-line")
    expect(line).to_contain_text("Following Grace Hopper")
    grace.put_caret(spec_id, after="The end.")
    expect(preview.get_by_text("The end.")).to_be_in_viewport()
    writer.press("Escape")
    expect(line).to_have_count(0)

    writer.press("ControlOrMeta+Shift+E")
    expect(writer.spec(spec_id).locator(".cm-content")).to_be_focused()
    writer.press("ControlOrMeta+End")
    writer.page.evaluate(COPY_PICTURE, base64.b64encode(BLUE).decode())
    writer.press("ControlOrMeta+V")
    writer.until(lambda: "](attachments/" in writer.text(spec_id), "the picture in the text")
    agree(spec_id, writer, grace)
