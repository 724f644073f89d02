"""Texts that attack their reader: nothing of them runs, and nothing is fetched from elsewhere without a click."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.person import Person
from tests.e2e.previews import is_rendered, keep_offline, nothing_elsewhere, put_text, ran, show_preview

pytestmark = pytest.mark.e2e

VECTORS: Final = Path(__file__).parents[1] / "vectors" / "hostile_markdown.jsonl"


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    writer = people("ada", "Ada Lovelace", width=1366)
    writer.visit_anew()
    return writer


def hostile() -> list[dict[str, str]]:
    return [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


def test_nothing_of_a_hostile_text_runs_or_is_fetched(writer: Person, tmp_path: Path) -> None:
    """Each text alone, and all of them on one page that is exported; links are clicked."""
    texts = hostile()
    assert len(texts) >= 60
    spec_id = writer.new_spec("Hostile", "# Hostile\n")
    writer.show(spec_id)
    preview = show_preview(writer, spec_id)
    with nothing_elsewhere(writer) as asked:
        for number, text in enumerate(texts):
            put_text(writer, spec_id, f"# Text {number}\n\n{text['markdown']}\n")
            expect(preview.get_by_role("heading", name=f"Text {number} ")).to_be_visible()
            writer.until(lambda: is_rendered(preview), text["name"])
            harmless = preview.evaluate(
                """node => {
                  const wrong = [];
                  for (const each of node.querySelectorAll('*')) {
                    for (const { name, value } of each.attributes) {
                      const isScript = /^on/i.test(name) || /^\\s*(javascript|vbscript|data:text)/i.test(value);
                      if (isScript || /^(jp-Dialog|lm-)/.test(name === 'class' ? value : '')) {
                        wrong.push(each.outerHTML.slice(0, 200));
                      }
                    }
                    if (/^(script|iframe|object|embed|form|style|link|meta|video|audio)$/.test(each.localName)) {
                      wrong.push(each.outerHTML.slice(0, 200));
                    }
                    if (getComputedStyle(each).position === 'fixed') { wrong.push('fixed'); }
                  }
                  return wrong;
                }"""
            )
            assert harmless == [], text["name"]
            assert (ran(writer), asked) == (None, []), text["name"]
        for text in texts:
            if text["name"].startswith("link by"):
                put_text(writer, spec_id, text["markdown"])
                expect(preview.get_by_text("click")).to_be_visible()
                preview.get_by_text("click").click()
                assert (ran(writer), asked) == (None, []), text["name"]
        everything = "\n\n".join(f"# {text['name']}\n\n{text['markdown']}" for text in texts)
        put_text(writer, spec_id, everything)
        with writer.page.expect_download() as download:
            writer.run("speccollab:export-html")
        assert (ran(writer), asked) == (None, [])
        target = tmp_path / "hostile.html"
        download.value.save_as(target)
        page = writer.new_page()
        keep_offline(page, asked)
        page.goto(target.as_uri())
        page.wait_for_timeout(500)
        assert page.evaluate("() => window.hostile ?? null") is None
        assert page.locator("script, iframe, object, embed, form, video, audio, link").count() == 0
        assert asked == []
        page.close()
    writer.faults.clear()  # texts that mermaid or MathJax refuse are told of on the console


def test_a_picture_from_elsewhere_waits_for_a_click(writer: Person) -> None:
    spec_id = writer.new_spec("Pictures", "![A cat](https://elsewhere.example/cat.png)\n")
    writer.show(spec_id)
    with nothing_elsewhere(writer) as asked:
        preview = show_preview(writer, spec_id, "instead")
        button = preview.get_by_role("button", name="Show picture from elsewhere.example")
        expect(button).to_be_visible()
        assert asked == []
        button.click()
        writer.until(lambda: asked, "the request")
        assert asked == ["https://elsewhere.example/cat.png"]
    writer.faults.clear()  # the picture isn't there
