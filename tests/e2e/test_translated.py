"""Every word that users read goes through the translator: in another language none of ours is left in English.

The language is made here: each of our texts in brackets, ``⟦…⟧``. Names, titles and texts are written without Latin
letters, so that a Latin letter outside of the brackets is a word that nobody can translate.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import People
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

SOURCE: Final = Path(__file__).parents[2] / "labextension" / "src"
LANGUAGE: Final = "ja"
"""A language in which browsers write times without Latin letters, and that is not installed."""

LITERAL: Final = r"""(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
TEXT_OF: Final = rf"{LITERAL}(?:\s*\+\s*{LITERAL})*"
ONE: Final = re.compile(rf"\b__\(\s*({TEXT_OF})")
MANY: Final = re.compile(rf"\b_n\(\s*({TEXT_OF})\s*,\s*({TEXT_OF})")

TEXT: Final = "---\nstatus: review\nowner: Ада\n---\n\n# 案\n\n- [ ] 仕事\n\n## 次\n\n言葉。\n"

UNTRANSLATED: Final = r"""
selectors => {
  const IS_DATA = '.cm-content, .jp-SpecPreview-text, svg, style';
  const NAMES = /\b(Ctrl|Alt|Shift|Cmd|Esc|Enter|WebSocket|YAML|F\d+|ada|grace)\b(\+\w\b)*/g;
  const JUPYTERLABS = ['More commands', 'Fold line', 'Unfold line', 'side panel content', 'main area content'];
  const left = new Set();
  const look = (text, where) => {
    let rest = JUPYTERLABS.includes(text) ? '' : text;
    for (let before = null; before !== rest; ) {
      before = rest;
      rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
    }
    if (/[A-Za-z]{2}/.test(rest.replace(NAMES, ''))) { left.add(`${where}: ${text}`); }
  };
  const walk = element => {
    if (element.matches(IS_DATA)) { return; }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext']) {
      look(element.getAttribute(name) ?? '', `${element.className || element.localName}[${name}]`);
    }
    for (const node of element.childNodes) {
      if (node instanceof Text) { look(node.data, element.className || element.localName); }
      else if (node instanceof Element) { walk(node); }
    }
  };
  for (const selector of selectors) {
    const found = [...document.querySelectorAll(selector)];
    if (found.length === 0) { left.add(`${selector} is not there`); }
    found.forEach(walk);
  }
  return [...left];
}
"""


def text_of(literals: str) -> str:
    return "".join(str(ast.literal_eval(each)) for each in re.findall(LITERAL, literals))


def bundle() -> dict[str, object]:
    """Our texts, each of them in brackets, as JupyterLab's server hands out a language."""
    messages: dict[str, object] = {
        "": {
            "domain": "jupyter_speccollab",
            "language": LANGUAGE,
            "plural_forms": "nplurals=2; plural=(n != 1);",
        }
    }
    for file in SOURCE.rglob("*.ts*"):
        code = file.read_text(encoding="utf-8")
        for one in ONE.findall(code):
            messages[text_of(one)] = [f"⟦{text_of(one)}⟧"]
        for one, many in MANY.findall(code):
            messages[text_of(one)] = [f"⟦{text_of(each)}⟧" for each in (one, many)]
    return messages


def speaks(person: Person) -> None:
    """Let a person's pages have that language."""
    answer = json.dumps({"data": {"jupyter_speccollab": bundle()}, "message": ""})

    def translations(route: Route) -> None:
        route.fulfill(body=answer, content_type="application/json")

    person.context.route(re.compile(rf"/api/translations/{LANGUAGE}\b"), translations)


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    writer = people("ada", "Ада", width=1366)
    speaks(writer)
    writer.visit_anew()
    writer.page.evaluate(
        """language => jupyterapp.serviceManager.settings.save(
          '@jupyterlab/translation-extension:plugin', JSON.stringify({ locale: language })
        )""",
        LANGUAGE,
    )
    return writer


@pytest.fixture(scope="module")
def spec_id(writer: Person, people: People) -> str:
    """A spec in which somebody else is, too."""
    spec_id = writer.new_open_spec("案", TEXT)
    other = people("grace", "Грейс")
    speaks(other)
    other.visit_anew(spec_id)
    other.opened(spec_id)
    other.put_caret(spec_id, after="## 次")
    return spec_id


def assert_translated(person: Person, *selectors: str) -> None:
    assert person.page.evaluate(UNTRANSLATED, list(selectors)) == []


def test_a_spec(writer: Person, spec_id: str) -> None:
    """Its toolbar, the line above the text with the form, the preview, and the status bar."""
    writer.run("speccollab:show-preview", mode="beside")
    writer.put_caret(spec_id, after="- [ ] 仕")
    expect(writer.spec(spec_id).locator(".jp-SpecPreview input")).to_be_visible()
    writer.spec(spec_id).locator(".jp-SpecDetails-summary").click()
    expect(writer.spec(spec_id).locator(".jp-SpecDetails-fields")).to_be_visible()
    writer.spec(spec_id).locator(".jp-SpecPeople-face").hover()
    shown = ".jp-SpecDocument:not(.lm-mod-hidden)"
    assert_translated(writer, shown, ".jp-SpecStatus", ".jp-SpecWords")
    writer.page.locator(".jp-SpecStatus-text").click()
    assert_translated(writer, ".jp-SpecStatus-details")
    writer.press("Escape")
    writer.put_caret(spec_id, after="言")
    writer.press("Shift+ArrowRight")
    expect(writer.page.locator(".jp-SpecBubble")).to_be_visible()
    assert_translated(writer, ".jp-SpecBubble")
    writer.put_caret(spec_id, after="---\n")
    writer.type("[\n")
    expect(writer.spec(spec_id).locator(".jp-SpecDetails-error button")).to_be_visible()
    assert_translated(writer, ".jp-SpecDetails-error button")
    writer.run("speccollab:undo")


def test_its_people_and_places(writer: Person, spec_id: str) -> None:
    writer.spec(spec_id).locator(".jp-SpecPeople-more").click()
    assert_translated(writer, ".jp-SpecPeopleMenu")
    writer.press("Enter")
    writer.spec(spec_id).locator(".jp-SpecPeople-face").click()
    expect(writer.spec(spec_id).locator(".jp-SpecFollow-line")).to_be_visible()
    assert_translated(writer, ".jp-SpecFollow")
    writer.press("Escape")
    writer.run("speccollab:go-to-heading")
    expect(writer.page.locator(".jp-SpecGoTo li").first).to_be_visible()
    assert_translated(writer, ".jp-SpecGoTo")
    writer.press("Escape")


def test_what_is_told_without_a_connection(writer: Person, spec_id: str) -> None:
    with writer.offline(spec_id):
        writer.put_caret(spec_id, after="言葉。")
        writer.type("！")
        expect(writer.spec(spec_id).locator(".jp-SpecNotice")).to_be_visible()
        assert_translated(writer, ".jp-SpecNotices", ".jp-SpecStatus")
    writer.until_status(spec_id, "synchronised")


def test_the_sidebar_and_what_is_shared(writer: Person, spec_id: str) -> None:
    writer.run("speccollab:show-specs")
    expect(writer.page.locator(".jp-SpecRow").first).to_be_visible()
    assert_translated(writer, ".jp-SpecsPanel")
    writer.page.locator(".jp-SpecsPanel input[type=search]").fill("無")
    expect(writer.page.locator(".jp-SpecList-empty", has_text="無")).to_be_visible()
    assert_translated(writer, ".jp-SpecsPanel")
    writer.page.locator(".jp-SpecsPanel input[type=search]").fill("")
    writer.run("speccollab:new")
    expect(writer.page.locator(".jp-NewSpecForm input")).to_be_focused()
    assert_translated(writer, ".jp-NewSpecForm")
    writer.press("Escape")
    writer.run("speccollab:share", specId=spec_id)
    expect(writer.page.locator(".jp-SpecShare").first).to_be_visible()
    assert_translated(writer, ".jp-Dialog-content")
    writer.press("Escape")


def test_every_command(writer: Person, spec_id: str) -> None:
    """In menus and the palette."""
    left = writer.page.evaluate(
        """() => jupyterapp.commands.listCommands()
          .filter(id => id.startsWith('speccollab:'))
          .flatMap(id => [jupyterapp.commands.label(id, {}), jupyterapp.commands.caption(id, {})])
          .filter(text => /[A-Za-z]{2}/.test(text.replace(/⟦[^⟦⟧]*⟧/g, '')))"""
    )
    assert left == []
