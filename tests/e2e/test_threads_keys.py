"""Comments and suggestions by the keyboard alone. In the end each test looks whether a mouse was used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.keys import command, focused, in_text, press_button, select, tab_to
from tests.e2e.person import Person
from tests.e2e.threads import about, answered, card, field, in_page, made, marked, on_server

pytestmark = pytest.mark.e2e

SPEC: Final = """# Calls

Every Monday we call two hundred people.

One in five stops within a quarter.

- FR-001: the list is made on Sunday.
- FR-002: nobody is called twice in a month.
"""

POINTED: Final = """
() => {
  window.pointed = [];
  for (const type of ['pointerdown', 'mousedown', 'wheel']) {
    window.addEventListener(type, event => window.pointed.push(event.type), true);
  }
}
"""

LISTED: Final = (
    "() => [...document.querySelectorAll('.jp-Threads .jp-Thread')].map(each => each.dataset.specThread)"
)


@pytest.fixture(scope="module")
def ada(people: People) -> Person:
    return people("ada", "Ada Lovelace")


@pytest.fixture(scope="module")
def grace(people: People) -> Person:
    """She has no page open."""
    return people("grace", "Grace Hopper")


@pytest.fixture
def spec_id(ada: Person) -> Iterator[str]:
    """A new spec of Ada's, which has the focus."""
    spec_id = ada.new_spec("Calls", SPEC)
    ada.visit_anew(spec_id)
    ada.opened(spec_id)
    in_text(ada, spec_id)
    ada.page.evaluate(POINTED)
    yield spec_id
    assert ada.page.evaluate("() => window.pointed") == []


def the_thread(person: Person, spec_id: str) -> tuple[str, dict[str, Any]]:
    """The only thread, which the page and the server agree on."""
    person.until(lambda: in_page(person) == on_server(person, spec_id), "what the server has")
    ((thread_id, facts),) = in_page(person).items()
    return thread_id, facts


def commented(person: Person, spec_id: str, words: str, body: str) -> str:
    """Comment on these words; the focus is in the text again. Returns the thread's id."""
    select(person, spec_id, words)
    person.press("ControlOrMeta+Alt+m")
    expect(field(person)).to_be_focused()
    person.type(body)
    person.press("ControlOrMeta+Enter")
    in_text(person, spec_id)
    return the_thread(person, spec_id)[0]


def go_to_card(person: Person, spec_id: str) -> None:
    """From the text, with the caret in a passage, to the field for an answer in its card."""
    in_text(person, spec_id)
    person.press("ControlOrMeta+Alt+m")
    expect(person.page.get_by_role("textbox", name="Reply")).to_be_focused()


def test_a_comment_is_begun_answered_put_right_and_deleted(ada: Person, spec_id: str) -> None:
    thread_id = commented(ada, spec_id, "two hundred", "Which two hundred?")
    assert marked(ada, spec_id) == ["two hundred"]
    ada.press("ArrowLeft")  # nothing is selected any more: the caret is in the words
    go_to_card(ada, spec_id)
    ada.type("The first ones.")
    ada.press("ControlOrMeta+Enter")
    expect(ada.page.get_by_role("textbox", name="Reply")).to_be_focused()
    ada.press("Escape")
    in_text(ada, spec_id)

    go_to_card(ada, spec_id)
    press_button(ada, "Edit this message", key="Shift+Tab")
    expect(ada.page.get_by_role("textbox", name="Edit the message")).to_be_focused()
    ada.press("ControlOrMeta+End")
    ada.type(" Or not.")
    ada.press("ControlOrMeta+Enter")
    expect(card(ada, thread_id)).to_contain_text("The first ones. Or not.")

    tab_to(ada, "Reply")
    press_button(ada, "Delete this message", key="Shift+Tab")
    assert focused(ada) == "Cancel"
    press_button(ada, "Delete")
    expect(card(ada, thread_id)).to_contain_text("This message was deleted.")
    _, facts = the_thread(ada, spec_id)
    assert [each["body"] for each in facts["messages"]] == ["Which two hundred?", ""]

    press_button(ada, "Delete with all replies", key="Shift+Tab")
    assert focused(ada) == "Cancel"
    press_button(ada, "Delete")
    expect(card(ada, thread_id)).to_have_count(0)
    ada.until(lambda: on_server(ada, spec_id) == {}, "nothing on the server")


def test_a_comment_is_resolved_opened_again_and_linked_to(ada: Person, spec_id: str) -> None:
    thread_id = commented(ada, spec_id, "One in five", "Since when?")
    ada.press("ControlOrMeta+Home")
    ada.press("F8")
    go_to_card(ada, spec_id)
    press_button(ada, "Resolve", key="Shift+Tab")
    ada.until(lambda: on_server(ada, spec_id)[thread_id]["state"] == "resolved", "the state")
    ada.until(lambda: marked(ada, spec_id) == [], "no mark")
    press_button(ada, "Open again", key="Shift+Tab")
    ada.until(lambda: on_server(ada, spec_id)[thread_id]["state"] == "open", "the state")
    ada.until(lambda: marked(ada, spec_id) == ["One in five"], "the mark")

    ada.page.evaluate("() => navigator.clipboard.writeText('')")
    press_button(ada, "Copy link to this", key="Shift+Tab")
    assert focused(ada) == "Copy link to this"
    ada.until(lambda: copied(ada), "something in the clipboard")
    assert parse_qs(urlsplit(copied(ada)).query) == {"spec": [spec_id], "thread": [thread_id]}


def test_a_link_opens_the_comment(ada: Person, spec_id: str) -> None:
    thread_id = made(ada, spec_id, "on Sunday", body="Or on Saturday.")
    ada.page.goto(f"{ada.server.url}lab?spec={spec_id}&thread={thread_id}")
    ada.ready()
    ada.opened(spec_id)
    expect(card(ada, thread_id)).to_have_attribute("aria-current", "true")
    expect(card(ada, thread_id).get_by_role("textbox", name="Reply")).to_be_focused()
    ada.page.evaluate(POINTED)


@pytest.mark.parametrize(
    "buttons",
    [
        ("Edit this message", "Save"),
        ("Edit this message", "Cancel"),
        ("Delete this message", "Cancel"),
        ("Delete this message", "Delete"),
        ("Delete with all replies", "Cancel"),
        ("Resolve",),
        ("Resolve", "Open again"),
    ],
    ids=": ".join,
)
def test_the_focus_stays_in_the_card(ada: Person, spec_id: str, buttons: tuple[str, ...]) -> None:
    commented(ada, spec_id, "two hundred", "Which two hundred?")
    ada.press("ArrowLeft")
    go_to_card(ada, spec_id)
    press_button(ada, buttons[0], key="Shift+Tab")
    for name in buttons[1:]:
        ada.until(lambda name=name: offers(ada, name), name)  # type: ignore[misc]
        press_button(ada, name)
    inside = "() => document.activeElement.closest('.jp-Thread') !== null"
    ada.until(lambda: not offers(ada, buttons[-1]), "an end of what was pressed")
    ada.until(lambda: ada.page.evaluate(inside), "the focus in the card")


def offers(person: Person, button: str) -> bool:
    """Whether a card has a button of this name."""
    return person.page.locator(".jp-Thread").get_by_role("button", name=button, exact=True).count() > 0


def copied(person: Person) -> str:
    return str(person.page.evaluate("() => navigator.clipboard.readText()"))


def test_a_name_is_completed(ada: Person, grace: Person, spec_id: str) -> None:
    offered = ada.page.get_by_role("option", name="Grace Hopper")
    is_known(grace, ada, spec_id)
    begin_to_ask(ada, spec_id)
    ada.type("Ask @gra")
    expect(offered).to_have_attribute("aria-selected", "true")
    ada.press("Tab")
    ada.type("when.")
    ada.press("ControlOrMeta+Enter")
    in_text(ada, spec_id)
    ada.until(lambda: in_page(ada) == on_server(ada, spec_id), "what the server has")
    _, facts = about(in_page(ada), "two hundred")
    (message,) = facts["messages"]
    assert message["body"] in ("Ask @grace when.", 'Ask @"Grace Hopper" when.')
    assert len(message["mentions"]) == 1


def test_names_are_offered_that_come_late(ada: Person, grace: Person, spec_id: str) -> None:
    ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:grace", {"role": "contributor"})
    grace.call("GET", f"api/specs/{spec_id}/document")  # so that the server knows her name
    begin_to_ask(ada, spec_id)
    ada.type("Ask @gra")
    expect(ada.page.get_by_role("option", name="Grace Hopper")).to_be_visible()


def test_escape_closes_the_list_of_names_first(ada: Person, grace: Person, spec_id: str) -> None:
    offered = ada.page.get_by_role("option", name="Grace Hopper")
    is_known(grace, ada, spec_id)
    begin_to_ask(ada, spec_id)
    ada.type("Ask @gra")
    expect(offered).to_be_visible()
    ada.press("Escape")
    expect(offered).to_have_count(0)
    expect(field(ada)).to_be_focused()
    expect(field(ada)).to_have_value("Ask @gra")


def test_a_name_that_was_taken_is_not_offered_again(ada: Person, grace: Person, spec_id: str) -> None:
    offered = ada.page.get_by_role("option", name="Grace Hopper")
    is_known(grace, ada, spec_id)
    begin_to_ask(ada, spec_id)
    ada.type("Ask @gra")
    expect(offered).to_contain_text("grace")  # the login, too
    ada.press("Enter")
    expect(offered).to_have_count(0)
    ada.press("Enter")
    expect(field(ada)).to_have_value("Ask @grace \n")


def is_known(other: Person, person: Person, spec_id: str) -> None:
    """Another may write in the spec, and has."""
    person.call("PUT", f"api/specs/{spec_id}/collaborators/user:{other.username}", {"role": "contributor"})
    made(other, spec_id, "on Sunday", body="Here I am.")
    person.until(lambda: len(in_page(person)) == 1, "what the other says")


def begin_to_ask(person: Person, spec_id: str) -> None:
    select(person, spec_id, "two hundred")
    person.press("ControlOrMeta+Alt+m")
    expect(field(person)).to_be_focused()


def test_a_draft_is_left_and_found_again(ada: Person, spec_id: str) -> None:
    select(ada, spec_id, "two hundred")
    ada.press("ControlOrMeta+Alt+m")
    expect(field(ada)).to_be_focused()
    ada.type("Not yet")
    ada.press("Escape")
    in_text(ada, spec_id)
    assert in_page(ada) == {}
    command(ada, "Comments")
    tab_to(ada, "Go on")
    ada.press("Enter")
    expect(field(ada)).to_be_focused()
    expect(field(ada)).to_have_value("Not yet")
    ada.press("ControlOrMeta+End")
    ada.type(" ready.")
    ada.press("ControlOrMeta+Enter")
    _, facts = the_thread(ada, spec_id)
    assert facts["messages"][0]["body"] == "Not yet ready."
    assert facts["words"] == "two hundred"


def test_suggestions_are_made_accepted_and_rejected(ada: Person, spec_id: str) -> None:
    select(ada, spec_id, "One in five")
    ada.press("Alt+F10")
    press_button(ada, "Suggest a change", key="ArrowRight")
    expect(field(ada)).to_be_focused()
    ada.type("Every fourth")  # in place of the words, which are selected there
    ada.press("ControlOrMeta+Enter")
    in_text(ada, spec_id)
    thread_id, facts = the_thread(ada, spec_id)
    assert (facts["quote"], facts["replacement"]) == ("One in five", "Every fourth")
    assert ada.text(spec_id) == SPEC
    ada.press("ControlOrMeta+Home")
    ada.press("F8")
    ada.press("Alt+a")
    ada.until(lambda: on_server(ada, spec_id)[thread_id]["state"] == "accepted", "the state")
    accepted = SPEC.replace("One in five", "Every fourth")
    ada.until(lambda: ada.text(spec_id) == accepted, "the new words")

    in_text(ada, spec_id)
    select(ada, spec_id, "twice")
    command(ada, "Suggest a Change")
    expect(field(ada)).to_be_focused()
    ada.press("ControlOrMeta+a")
    ada.press("Delete")
    ada.press("ControlOrMeta+Enter")
    in_text(ada, spec_id)
    ada.until(lambda: in_page(ada) == on_server(ada, spec_id), "what the server has")
    (other_id,) = set(in_page(ada)) - {thread_id}
    ada.press("ArrowLeft")
    ada.press("Alt+r")
    ada.until(lambda: on_server(ada, spec_id)[other_id]["state"] == "rejected", "the state")
    assert ada.text(spec_id) == accepted


def test_a_suggestion_says_why(ada: Person, spec_id: str) -> None:
    select(ada, spec_id, "One in five")
    command(ada, "Suggest a Change")
    expect(field(ada)).to_be_focused()
    ada.type("Every fourth")
    ada.press("Tab")
    ada.type("As of May.")
    ada.press("ControlOrMeta+Enter")
    in_text(ada, spec_id)
    _, facts = the_thread(ada, spec_id)
    assert facts["replacement"] == "Every fourth"
    assert [each["body"] for each in facts["messages"]] == ["As of May."]


def test_the_sidebar(ada: Person, grace: Person, spec_id: str) -> None:
    ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:grace", {"role": "contributor"})
    of_grace = made(grace, spec_id, "two hundred", body="Says who? @ada")
    resolved = made(grace, spec_id, "One in five", body="Why?")
    of_ada = made(ada, spec_id, "on Sunday", body="Or on Saturday.")
    suggested = made(grace, spec_id, "twice", replacement="again")
    answered(grace, spec_id, of_ada, "On Sunday.")
    ada.call("PATCH", f"api/specs/{spec_id}/threads/{resolved}", {"state": "resolved"})
    ada.until(lambda: len(in_page(ada)) == 4, "the threads")

    command(ada, "Comments")
    listed(ada, [of_grace, of_ada, suggested])
    expect(card(ada, of_grace)).to_be_focused()
    for key, thread_id in {
        "ArrowDown": of_ada,
        "End": suggested,
        "ArrowUp": of_ada,
        "Home": of_grace,
    }.items():
        ada.press(key)
        expect(card(ada, thread_id)).to_be_focused()
    ada.press("Enter")
    expect(card(ada, of_grace)).to_have_attribute("aria-current", "true")
    expect(card(ada, of_grace)).to_be_focused()

    for name, left in {
        "Mentions me1": [of_grace],
        "Resolved": [resolved],
        "Mine1": [of_ada],
        "Open3": [of_grace, of_ada, suggested],
    }.items():
        press_button(ada, name, key="Shift+Tab" if name.startswith("Mentions") else "Tab")
        listed(ada, left)
        assert focused(ada) == name
        tab_to(ada, "Open3", key="Shift+Tab")
    ada.press("F8")
    expect(card(ada, of_ada)).to_have_attribute("aria-current", "true")
    ada.press("F8")
    ada.press("Alt+a")
    ada.until(lambda: on_server(ada, spec_id)[suggested]["state"] == "accepted", "the state")
    ada.until(lambda: "called again in" in ada.text(spec_id), "the new words")


def listed(person: Person, thread_ids: list[str]) -> None:
    """Wait until the sidebar lists these, in this order."""
    person.until(lambda: person.page.evaluate(LISTED) == thread_ids, "the list")
