"""What somebody does by keys alone: go to words and select them, go from button to button, run a command."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import expect

from tests.e2e.person import Person

FOCUSED: Final = """
() => {
  const { activeElement: element } = document;
  return element.getAttribute('aria-label') || element.textContent || element.localName;
}
"""
"""What a screen reader would say of what has the focus."""

MOST_TABS: Final = 100
"""More than once around the page."""


def in_text(person: Person, spec_id: str) -> None:
    """The focus is in the text, or comes there."""
    expect(person.spec(spec_id).locator(".cm-content")).to_be_focused()


def caret_at(person: Person, spec_id: str, words: str) -> None:
    """Go to these words by keys. No line may be wrapped."""
    in_text(person, spec_id)
    before = person.text(spec_id).split(words)[0].split("\n")
    person.press("ControlOrMeta+Home")
    for _ in before[1:]:
        person.press("ArrowDown")
    person.press("Home")
    for _ in before[-1]:
        person.press("ArrowRight")


def select(person: Person, spec_id: str, words: str) -> None:
    """Go to these words and select them, by keys."""
    caret_at(person, spec_id, words)
    for _ in words:
        person.press("Shift+ArrowRight")


def focused(person: Person) -> str:
    return str(person.page.evaluate(FOCUSED))


def tab_to(person: Person, name: str, *, key: str = "Tab") -> None:
    """Press Tab, or another key, until what has this name has the focus."""
    met = [focused(person)]
    while met[-1] != name and len(met) < MOST_TABS:
        person.press(key)
        met.append(focused(person))
    assert met[-1] == name, met


def press_button(person: Person, name: str, *, key: str = "Tab") -> None:
    tab_to(person, name, key=key)
    person.press("Enter")


def command(person: Person, label: str) -> None:
    """Run a command from JupyterLab's palette."""
    person.press("ControlOrMeta+Shift+C")
    palette = person.page.locator(".jp-ModalCommandPalette:visible")
    expect(palette.locator("input")).to_be_focused()
    person.type(label)
    active = palette.locator(".lm-CommandPalette-item.lm-mod-active .lm-CommandPalette-itemLabel")
    expect(active).to_have_text(label)
    person.press("Enter")
