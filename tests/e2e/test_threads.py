"""Comments and suggestions, as two people and one who may only comment see them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.person import Person, agree
from tests.e2e.threads import cards, comment, marked, select
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

SPEC: Final = """# Calls

Every Monday the support team calls two hundred subscribers.

## Why

Of the people who get a box, one in five stops within a quarter.

- FR-001: the list is made on Sunday.
- FR-002: nobody is called twice in a month.
"""


@pytest.fixture(scope="module")
def ada(people: People) -> Person:
    return people("ada", "Ada Lovelace")


@pytest.fixture(scope="module")
def grace(people: People) -> Person:
    return people("grace", "Grace Hopper")


@pytest.fixture
def spec_id(ada: Person, grace: Person) -> str:
    """A new spec that both have open."""
    spec_id = ada.new_spec("Calls", SPEC)
    for person in (ada, grace):
        person.show(spec_id)
    return spec_id


def test_the_life_of_a_comment(ada: Person, grace: Person, spec_id: str, pictures: Path) -> None:
    select(ada, spec_id, "two hundred")
    ada.press("ControlOrMeta+Alt+m")
    expect(ada.page.locator(".jp-ThreadComposer-text:visible")).to_be_focused()
    ada.type("Which two hundred? @gr")
    expect(ada.page.get_by_role("option", name="Grace Hopper")).to_be_visible()
    ada.press("Enter")
    ada.press("ControlOrMeta+Enter")
    for person in (ada, grace):
        expect(cards(person)).to_have_count(1)
        expect(cards(person)).to_contain_text("Which two hundred? @Grace Hopper")
        assert marked(person, spec_id) == ["two hundred"]
    ada.picture(pictures / "comment-of-ada.png")

    cards(grace).click()
    grace.press("ControlOrMeta+Alt+m")
    grace.picture(pictures / "comment-answering.png")
    expect(grace.page.locator(".jp-ThreadComposer-text:visible")).to_be_focused()
    grace.type("Those with the highest score.")
    grace.press("ControlOrMeta+Enter")
    expect(cards(ada)).to_contain_text("Those with the highest score.")

    grace.type_after(spec_id, "Every Monday ", "morning ")
    agree(spec_id, ada, grace)
    for person in (ada, grace):
        assert marked(person, spec_id) == ["two hundred"]

    cards(grace).get_by_role("button", name="Resolve").click()
    for person in (ada, grace):
        expect(person.spec(spec_id).locator(".cm-content .cm-thread")).to_have_count(0)


def test_words_that_go_and_come_back(ada: Person, grace: Person, spec_id: str, pictures: Path) -> None:
    comment(ada, spec_id, "one in five", "Since when?")
    expect(cards(grace)).to_contain_text("Since when?")
    select(grace, spec_id, "Of the people who get a box, one in five stops")
    grace.press("Delete")
    agree(spec_id, ada, grace)
    ada.run("speccollab:show-comments")
    ada.page.locator(".jp-Threads-filter", has_text="Words are gone").click()
    expect(cards(ada)).to_contain_text("Its words are gone")
    ada.picture(pictures / "comment-gone.png")
    grace.press("ControlOrMeta+z")
    agree(spec_id, ada, grace)
    for person in (ada, grace):
        person.until(lambda person=person: marked(person, spec_id) == ["one in five"], "the mark")  # type: ignore[misc]


def test_a_suggestion_is_accepted(ada: Person, grace: Person, spec_id: str, pictures: Path) -> None:
    select(grace, spec_id, "one in five")
    grace.run("speccollab:suggest")
    expect(grace.page.locator(".jp-ThreadComposer-text:visible").first).to_be_focused()
    grace.picture(pictures / "suggesting.png")
    grace.press("ControlOrMeta+a")
    grace.type("one in four")
    grace.press("ControlOrMeta+Enter")
    expect(cards(ada)).to_contain_text("one in four")
    ada.picture(pictures / "suggestion.png")
    ada.type_after(spec_id, "stops within a ", "whole ")
    ada.put_caret(spec_id, after="one in")
    ada.press("Alt+a")
    text = agree(spec_id, ada, grace)
    ada.until(lambda: "one in four stops within a whole quarter" in ada.text(spec_id), "the new words")
    assert "one in four" in agree(spec_id, ada, grace), text
    runs = ada.call("GET", f"api/specs/{spec_id}/attribution")
    place = ada.text(spec_id).index("four") + 1  # the f was there before
    at = 0
    for length, _, person, _ in runs["runs"]:
        if at <= place < at + length:
            assert runs["people"][person]["userName"] == "Grace Hopper"
        at += length


def test_who_may_only_comment_types_suggestions(
    ada: Person, people: People, spec_id: str, pictures: Path
) -> None:
    ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:kate", {"role": "commenter"})
    kate = people("kate", "Katherine Johnson")
    kate.show(spec_id)
    kate.put_caret(spec_id, after="nobody is called twice in a ")
    kate.type("calendar ")
    kate.picture(pictures / "commenter-types.png")
    kate.press("Enter")
    expect(cards(ada)).to_contain_text("calendar")
    assert ada.text(spec_id) == SPEC
    assert kate.text(spec_id) == SPEC


def test_what_is_written_offline_is_sent_once(ada: Person, grace: Person, spec_id: str) -> None:
    with ada.offline(spec_id):
        comment(ada, spec_id, "two hundred", "Written on a train.")
        expect(cards(ada)).to_contain_text("Not sent yet")
    expect(cards(grace)).to_contain_text("Written on a train.")
    expect(cards(ada)).not_to_contain_text("Not sent yet")
    assert len(ada.call("GET", f"api/specs/{spec_id}/threads")["threads"]) == 1


def test_comments_outlive_the_server(ada: Person, grace: Person, spec_id: str, lab: JupyterServer) -> None:
    comment(ada, spec_id, "two hundred", "Before.")
    expect(cards(grace)).to_contain_text("Before.")
    lab.kill()
    for person in (ada, grace):
        person.until_status(spec_id, "offline")
    comment(grace, spec_id, "one in five", "Meanwhile.")
    lab.start()
    for person in (ada, grace):
        expect(cards(person)).to_have_count(2)
        assert sorted(marked(person, spec_id)) == ["one in five", "two hundred"]
