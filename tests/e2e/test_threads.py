"""Comments and suggestions, as two people and one who may only comment see them."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person

SPEC: Final = """# Calls

Every Monday the support team calls two hundred subscribers.

## Why

Of the people who get a box, one in five stops within a quarter.

- FR-001: the list is made on Sunday.
- FR-002: nobody is called twice in a month.
"""


def select(person: Person, spec_id: str, words: str) -> None:
    """Select the first occurrence of these words, with the focus in the editor."""
    person.page.evaluate(
        f"""([id, words]) => {{
          const view = ({VIEW})(id);
          const from = view.state.doc.toString().indexOf(words);
          view.focus();
          view.dispatch({{ selection: {{ anchor: from, head: from + words.length }}, scrollIntoView: true }});
        }}""",
        [spec_id, words],
    )


@pytest.fixture(scope="module")
def spec_id(ada: Person, grace: Person) -> str:
    spec_id = ada.new_spec("Calls", SPEC)
    for person in (ada, grace):
        person.open_beside(spec_id)
    return spec_id


def test_a_comment_and_its_answer(ada: Person, grace: Person, spec_id: str) -> None:
    select(ada, spec_id, "two hundred")
    ada.press("ControlOrMeta+Alt+m")
    field = ada.page.locator(".jp-ThreadComposer-text:visible")
    expect(field).to_be_focused()
    ada.type("Which two hundred? @gr")
    ada.picture(__import__("pathlib").Path("/tmp/look/ada-mention.png"))
    ada.press("Enter")
    ada.press("ControlOrMeta+Enter")
    expect(ada.page.locator(".jp-Thread:visible")).to_contain_text("Which two hundred?")
    expect(grace.page.locator(".jp-Thread:visible").first).to_contain_text("Which two hundred?")
    ada.picture(__import__("pathlib").Path("/tmp/look/ada-comment.png"))
    grace.picture(__import__("pathlib").Path("/tmp/look/grace-comment.png"))
