"""Pictures in a real page: pasted, dropped and chosen, seen by others at once, and made narrower in the preview."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.person import Person, agree

pytestmark = pytest.mark.e2e

PASTE = """
async ([type, files]) => {
  const transfer = new DataTransfer();
  for (const [name, kind, data] of files) {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type: kind }));
  }
  const target = document.activeElement;
  const box = target.getBoundingClientRect();
  const place = { clientX: box.x + 40, clientY: box.y + 12, bubbles: true, cancelable: true };
  const event = type === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: transfer, ...place })
    : new DragEvent('drop', { dataTransfer: transfer, ...place });
  target.dispatchEvent(event);
}
"""
"""Pastes or drops files into what has the focus, as a browser does."""


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = (b"\0" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


BLUE, RED = png(320, 200, (66, 133, 244)), png(64, 64, (219, 68, 55))


def put(person: Person, how: str, *files: tuple[str, str, bytes]) -> None:
    encoded = [(name, kind, base64.b64encode(data).decode()) for name, kind, data in files]
    person.page.evaluate(PASTE, [how, encoded])


def show_both(person: Person, spec_id: str) -> None:
    """Show source and preview beside each other, for which the sidebar makes room."""
    person.page.evaluate("() => jupyterapp.shell.collapseLeft()")
    person.run("speccollab:show-preview", mode="both")
    expect(person.spec(spec_id).locator(".cm-content")).to_be_visible()
    expect(person.spec(spec_id).locator(".jp-SpecPreview")).to_be_visible()


def shown(person: Person, spec_id: str) -> Locator:
    return person.spec(spec_id).locator(".jp-SpecPreview img")


def note(person: Person, text: str) -> Locator:
    return person.page.locator(".Toastify__toast", has_text=text)


def test_a_pasted_picture_is_in_the_text_and_everybody_sees_it(
    ada: Person, grace: Person, pictures: Path
) -> None:
    spec_id = ada.new_spec("Pasted", "# Pasted\n\nHere: \n\nEnd.\n")
    for person in (ada, grace):
        person.show(spec_id)
        show_both(person, spec_id)
    ada.put_caret(spec_id, after="Here: ")
    put(ada, "paste", ("churn by month.png", "image/png", BLUE))
    ada.until(lambda: "](attachments/" in ada.text(spec_id), "the picture in the text")
    ada.type(" seen?")
    text = agree(spec_id, ada, grace)
    assert "Here: ![churn by month](attachments/" in text
    assert ".png) seen?" in text
    for person in (ada, grace):
        expect(shown(person, spec_id)).to_have_count(1)
        person.until(
            lambda person=person: shown(person, spec_id).evaluate("image => image.naturalWidth") == 320,
            "the picture in the preview",
        )
    ada.spec(spec_id).locator(".cm-line", has_text="attachments/").hover()
    expect(ada.page.locator(".jp-SpecThumbnail")).to_contain_text("320 × 200")
    ada.picture(pictures / "attachments" / "thumbnail.png")
    assert findings(ada.page, ".jp-SpecThumbnail") == []
    for person in (ada, grace):
        person.close_specs()


def test_several_are_dropped_and_one_that_is_no_picture_is_refused_in_words(ada: Person) -> None:
    spec_id = ada.new_spec("Dropped", "First line\n")
    ada.show(spec_id)
    ada.show_source(spec_id)
    ada.put_caret(spec_id, after="First line")
    put(
        ada,
        "drop",
        ("one.png", "image/png", BLUE),
        ("photo.heic", "image/heic", b"x"),
        ("two.png", "image/png", RED),
    )
    expect(note(ada, "photo.heic")).to_contain_text("PNG, JPEG, GIF, WebP or SVG of up to 10 MB")
    ada.until(lambda: ada.text(spec_id).count("](attachments/") == 2, "both pictures")
    one, two = ada.text(spec_id).index("![one]"), ada.text(spec_id).index("![two]")
    assert one < two
    assert agree(spec_id, ada)
    ada.close_specs()


def test_a_picture_is_made_narrower_by_its_handle(ada: Person, pictures: Path) -> None:
    spec_id = ada.new_spec("Resized", "text\n")
    ada.show(spec_id)
    show_both(ada, spec_id)
    ada.put_caret(spec_id, after="text\n")
    put(ada, "paste", ("plot.png", "image/png", BLUE))
    image = shown(ada, spec_id)
    expect(image).to_have_count(1)
    image.hover()
    ada.picture(pictures / "attachments" / "handle.png")
    handle = ada.spec(spec_id).locator(".jp-SpecPicture-handle")
    assert findings(ada.page, ".jp-SpecPicture") == []
    before = image.bounding_box()
    box = handle.bounding_box()
    assert before
    assert box
    ada.page.mouse.move(box["x"] + 6, box["y"] + 6)
    ada.page.mouse.down()
    ada.page.mouse.move(box["x"] - 94, box["y"] - 40, steps=5)
    ada.page.mouse.up()
    ada.until(lambda: 'width="' in ada.text(spec_id), "the width in the text")
    width = round(before["width"] - 100)
    assert f'width="{width}" alt="plot">' in ada.text(spec_id)
    expect(image).to_have_attribute("width", str(width))
    handle.focus()
    ada.press("ArrowLeft")
    ada.until(lambda: f'width="{width - 16}"' in ada.text(spec_id), "the width by the keyboard")
    agree(spec_id, ada)
    ada.close_specs()


def test_a_picture_pasted_offline_waits_and_says_so(ada: Person, pictures: Path) -> None:
    spec_id = ada.new_spec("Offline", "Here: \n")
    ada.show(spec_id)
    ada.show_source(spec_id)
    ada.put_caret(spec_id, after="Here: ")
    waiting = ada.spec(spec_id).locator(".jp-SpecUpload")
    with ada.offline(spec_id):
        put(ada, "paste", ("plot.png", "image/png", RED))
        expect(waiting).to_contain_text("Waits for the server. Keep this page open.")
        ada.picture(pictures / "attachments" / "waiting.png")
        assert findings(ada.page, ".jp-SpecUpload") == []
        assert "attachments/" not in ada.text(spec_id)
    ada.until(lambda: "![plot](attachments/" in ada.text(spec_id), "the picture in the text")
    expect(waiting).to_have_count(0)
    agree(spec_id, ada)
    ada.close_specs()


def test_pictures_are_chosen_by_the_keyboard_and_in_the_toolbar(ada: Person, tmp_path: Path) -> None:
    file = tmp_path / "chosen.png"
    file.write_bytes(RED)
    spec_id = ada.new_spec("Chosen", "Here: \n")
    ada.show(spec_id)
    ada.show_source(spec_id)
    ada.put_caret(spec_id, after="Here: ")
    ada.run("apputils:activate-command-palette")
    palette = ada.page.locator("#command-palette:visible")
    palette.locator("input:focus").wait_for()
    ada.type("Insert Picture")
    palette.locator(".lm-CommandPalette-item.lm-mod-active", has_text="Insert Picture").wait_for()
    with ada.page.expect_file_chooser() as chooser:
        ada.press("Enter")
    chooser.value.set_files(file)
    ada.until(lambda: "Here: ![chosen](attachments/" in ada.text(spec_id), "the picture in the text")
    with ada.page.expect_file_chooser() as chooser:
        ada.spec(spec_id).get_by_role("button", name="Insert pictures").click()
    chooser.value.set_files(file)
    ada.until(lambda: ada.text(spec_id).count("![chosen](attachments/") == 2, "another picture")
    agree(spec_id, ada)
    ada.close_specs()
