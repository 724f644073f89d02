"""How comments and suggestions look, in light and dark and in two widths; and what axe-core finds in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import findings
from tests.e2e.conftest import People
from tests.e2e.person import Person
from tests.e2e.threads import answered, begin_comment, card, cards, filter_button, made, open_card

pytestmark = pytest.mark.e2e

SPEC: Final = """---
title: Calls
status: draft
---

# Calls

Every Monday the support team calls two hundred subscribers. This spec says which two hundred, and how we will
know that the calls were worth it.

## Why

Of the people who get a box, one in five stops within a quarter. Those who are called stay longer, as far as
we know: nobody has measured it.

## Requirements

- FR-001: the list is made on Sunday, from the model of that week.
- FR-002: nobody is called twice in a month.
- FR-003: who asks is never rung again.

| what | who |
| --- | --- |
| the list | sales |
| the calls | support |
"""

GONE: Final = "This line will go. "

THEMES: Final = ("JupyterLab Dark", "JupyterLab Light")
"""The last one stays: a theme is a setting of the server."""

AT_REST: Final = """
async () => {
  const cards = () => [...document.querySelectorAll('.jp-ThreadMargin-card')];
  const places = () => cards().map(each => each.style.transform).join();
  const before = places();
  for (let frames = 0; frames < 20; frames++) {
    await new Promise(requestAnimationFrame);
  }
  const isMoving = document.getAnimations().some(each => each instanceof CSSTransition);
  return places() === before && !isMoving;
}
"""

Threads = Mapping[str, str]
"""The ids of threads by what they are good for."""


@pytest.fixture(scope="module")
def ada(people: People) -> Person:
    return people("ada", "Ada Lovelace")


@pytest.fixture(scope="module")
def grace(people: People) -> Person:
    return people("grace", "Grace Hopper")


@pytest.fixture(scope="module")
def talked_about(ada: Person, grace: Person) -> tuple[str, Threads]:
    """A spec that Ada has open, with what two people say of it: its id, and the ids of some threads."""
    spec_id = ada.new_spec("Calls", f"{SPEC}\n{GONE}\n")
    ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:grace", {"role": "contributor"})
    threads = {
        "comment": made(ada, spec_id, "two hundred", body="Which **two hundred**? @grace"),
        "suggestion": made(grace, spec_id, "called twice in a month", replacement="rung twice in a quarter"),
        "long": made(
            grace,
            spec_id,
            "nobody has measured it",
            body="We did, last year: see `calls.ipynb`.\n\n- those called: 81 %\n- the others: 74 %",
        ),
        "gone": made(grace, spec_id, "This line will go.", body="It need not stay, need it?"),
        "insertion": made(
            grace, spec_id, "the calls |", replacement="the calls, by phone |", body="Not mail."
        ),
        "resolved": made(grace, spec_id, "one in five", body="Since when?"),
    }
    answered(grace, spec_id, threads["comment"], "Those with the highest score, I think.")
    answered(ada, spec_id, threads["comment"], "Of which model?")
    ada.call("PATCH", f"api/specs/{spec_id}/threads/{threads['resolved']}", {"state": "resolved"})
    stored = ada.stored(spec_id)
    ada.call("PUT", f"api/specs/{spec_id}/document", {"content": SPEC, "version": stored["version"]})
    return spec_id, threads


def cards_beside_text(person: Person, spec_id: str, threads: Threads) -> str:
    """In a narrow window there are signs beside the text."""
    if is_wide(person):
        open_card(person, threads["comment"])
        expect(card(person, threads["long"])).to_contain_text("those called")
    else:
        expect(person.page.locator(".jp-ThreadSign:visible")).to_have_count(4)
    return ".jp-ThreadMargin"


def suggestion_in_place(person: Person, spec_id: str, threads: Threads) -> str:
    person.put_caret(spec_id, after="nobody is called")
    person.press("ArrowLeft")  # by a key, which selects what is at the caret
    selected = f'.cm-thread.cm-mod-selected[data-thread="{threads["suggestion"]}"]'
    expect(person.spec(spec_id).locator(selected).first).to_be_visible()
    return ".jp-SpecPane-editor .cm-content"


def composer_with_completion(person: Person, spec_id: str, threads: Threads) -> str:
    begin_comment(person, spec_id, "the model of that week")
    person.type("What does @g")
    expect(person.page.get_by_role("option", name="Grace Hopper")).to_be_visible()
    return ".jp-mod-new"


def sidebar_with_filter(person: Person, spec_id: str, threads: Threads) -> str:
    leave_composer(person)
    person.run("speccollab:show-comments")
    filter_button(person, "Mine").click()
    expect(cards(person)).to_have_count(1)
    open_card(person, threads["comment"])
    return ".jp-ThreadsPanel"


def suggestion_in_sidebar(person: Person, spec_id: str, threads: Threads) -> str:
    filter_button(person, "Open").click()
    open_card(person, threads["suggestion"])
    return ".jp-ThreadsPanel"


def words_that_are_gone(person: Person, spec_id: str, threads: Threads) -> str:
    filter_button(person, "Words are gone").click()
    expect(cards(person)).to_have_count(1)
    open_card(person, threads["gone"])
    return ".jp-ThreadsPanel"


def resolved(person: Person, spec_id: str, threads: Threads) -> str:
    filter_button(person, "Resolved").click()
    open_card(person, threads["resolved"])
    return ".jp-ThreadsPanel"


SCENES: Final[tuple[Callable[[Person, str, Threads], str], ...]] = (
    cards_beside_text,
    suggestion_in_place,
    composer_with_completion,
    sidebar_with_filter,
    suggestion_in_sidebar,
    words_that_are_gone,
    resolved,
)
"""Each brings something on the screen, and returns a selector of what axe-core is to look at."""


def is_wide(person: Person) -> bool:
    """Whether cards have room beside the text."""
    return person.page.locator(".jp-ThreadMargin.jp-mod-narrow").count() == 0


def leave_composer(person: Person) -> None:
    person.press("Enter")
    person.type("mean?")  # no name begins so: the list is gone
    expect(person.page.get_by_role("listbox", name="Mention")).to_have_count(0)
    person.page.locator(".jp-mod-new").get_by_role("button", name="Cancel").click()
    expect(person.page.locator(".jp-mod-new")).to_have_count(0)


def at_rest(person: Person) -> None:
    """Wait until cards have their heights and have come to their places."""
    person.page.wait_for_function(AT_REST)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1366, 800])
def test_scenes(
    theme: str, width: int, ada: Person, talked_about: tuple[str, Threads], pictures: Path
) -> None:
    spec_id, threads = talked_about
    ada.page.set_viewport_size({"width": width, "height": 768})
    ada.visit_anew(spec_id)
    ada.opened(spec_id)
    ada.choose_theme(theme)
    expect(ada.page.locator(".jp-ThreadMargin")).to_be_visible()
    found = []
    for scene in SCENES:
        area = scene(ada, spec_id, threads)
        at_rest(ada)
        name, colours = scene.__name__.replace("_", "-"), theme.removeprefix("JupyterLab ").lower()
        ada.picture(pictures / "threads" / f"{name}-{colours}-{width}.png")
        found += [f"{name}: {each}" for each in findings(ada.page, area)]
    assert found == []
