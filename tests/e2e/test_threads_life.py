"""The whole life of a comment and of a suggestion, while everybody types in and around their words all the time."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.person import Person, agree
from tests.e2e.threads import (
    Facts,
    about,
    agree_on_threads,
    begin_comment,
    card,
    comment,
    filter_button,
    in_page,
    open_card,
    reply,
    select,
)
from tests.serving import JupyterServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

AWAY: Final = 10.0
"""Seconds without a network."""

SPEC: Final = """# Calls

Every Monday the support team calls two hundred subscribers.

## Why

Of the people who get a box, one in five stops within a quarter.

- FR-001: the list is made on Sunday.
- FR-002: nobody is called twice in a month.
- FR-003: who asks is never rung again.
"""

CALLED, PHONED = "called twice in a month", "phoned twice in a quarter"
EARLY: Final = "early "


class Place:
    """Where one person types, in portions: behind ``after``, and behind what they have typed there before."""

    def __init__(self, person: Person, after: str, portion: str) -> None:
        self.person = person
        self.after = after
        self.typed = ""
        self._portion = portion

    def type(self, spec_id: str, number: int) -> None:
        portion = self._portion.format(number)
        self.person.type_after(spec_id, self.after + self.typed, portion)
        self.typed += portion


class Writing:
    """Several people who type, each at places of their own, so that the text that comes of it is known.

    Each portion has a number, and stands in `text` once.
    """

    def __init__(self, spec_id: str, places: Mapping[str, Place]) -> None:
        self.places = places
        self._spec_id = spec_id
        self._number = count(1)

    def go_on(self, *names: str) -> None:
        """A portion more at each of these places, or at all."""
        for name in names or self.places:
            self.places[name].type(self._spec_id, next(self._number))

    def passage(self) -> str:
        """The words of the comment, with what was typed in them."""
        first, second = self.places["in"], self.places["deeper in"]
        return f"one in{first.typed} five{second.typed} stops"

    def text(self, without: str) -> str:
        """The text, of one without what was typed."""
        for place in self.places.values():
            assert without.count(place.after) == 1, place.after
            without = without.replace(place.after, place.after + place.typed)
        return without


@pytest.fixture(scope="module")
def lab_options() -> dict[str, object]:
    return {"SpecCollabApp.default_role": "none", "SpecCollabApp.operations_per_minute": 10_000}


@pytest.fixture(scope="module")
def ada(people: People) -> Person:
    return people("ada", "Ada Lovelace", width=1366)


@pytest.fixture(scope="module")
def grace(people: People) -> Person:
    return people("grace", "Grace Hopper", width=1366)


@pytest.fixture(scope="module")
def kate(people: People) -> Person:
    return people("kate", "Katherine Johnson", width=1366)


@pytest.fixture
def spec_id(ada: Person, grace: Person, kate: Person) -> str:
    """A spec of Ada's, to which Grace contributes and on which Kate comments; all have it open."""
    spec_id = ada.new_spec("Calls", SPEC)
    for username, role in (("grace", "contributor"), ("kate", "commenter")):
        ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:{username}", {"role": role})
    for person in (ada, grace, kate):
        person.show(spec_id)
    for person in (grace, kate):
        person.show_source(spec_id)
    return spec_id


@pytest.fixture
def writing(ada: Person, grace: Person, spec_id: str) -> Writing:
    places = {
        "before": Place(ada, "a box, ", "a{} "),  # right before the comment's first letter
        "in": Place(grace, "one in", " g{}"),
        "deeper in": Place(ada, "five", " a{}"),
        "behind": Place(grace, "stops", " g{}"),  # right behind its last letter
        "elsewhere": Place(ada, "Of the people", " a{}"),
        "above": Place(grace, "Every Monday", " g{}"),
        "in the suggestion": Place(grace, "twice", " g{}"),
        "before the suggestion": Place(ada, "nobody is ", "a{} "),
        "at the insertion": Place(grace, "made on ", "g{} "),
    }
    return Writing(spec_id, places)


AROUND: Final = ("elsewhere", "before the suggestion")
"""Places of Ada's that stay when the words of the comment are gone."""


class Life:
    """What happens to the threads of one spec, and what has to be true then."""

    def __init__(self, writing: Writing, spec_id: str, everybody: Sequence[Person]) -> None:
        self.writing = writing
        self.spec_id = spec_id
        self.everybody = everybody
        self.text = SPEC
        """Without what was typed."""

        self.before_early = ""
        """What stood behind "made on " when Katherine suggested to insert something there."""

    def goes_on(self) -> Facts:
        """Everybody types on, and then nobody lacks anything; what they have."""
        self.writing.go_on()
        facts = agree_on_threads(self.spec_id, *self.everybody)
        assert self.everybody[0].text(self.spec_id) == self.writing.text(self.text)
        return facts

    def told(self, thread_id: str, state: str) -> dict[str, Any]:
        """What everybody has of the comment, which is in this state and on its words."""
        told = self.goes_on()[thread_id]
        assert told["state"] == state
        assert told["words"] == self.writing.passage()
        return told


@pytest.fixture
def life(ada: Person, grace: Person, kate: Person, writing: Writing, spec_id: str) -> Life:
    life = Life(writing, spec_id, (ada, grace, kate))
    life.goes_on()
    return life


def test_nothing_is_lost_doubled_or_moved_to_other_words(
    ada: Person, grace: Person, kate: Person, life: Life, lab: JupyterServer
) -> None:
    the_comment = is_begun_and_answered(life, ada, grace, kate)
    is_resolved_and_opened_again(life, the_comment, ada, grace)
    loses_its_words_and_gets_them_back(life, the_comment, ada, grace, kate)
    suggested = is_suggested(life, ada, grace, kate)
    is_accepted_and_rejected_at_once(life, suggested, ada, grace)
    goes_on_without_a_network(life, the_comment, ada, grace)
    early = outlives_the_server(life, the_comment, ada, grace, kate, lab)
    is_accepted(life, early, ada)
    has_it_all_after_a_reload(life, the_comment, grace)


def is_begun_and_answered(life: Life, ada: Person, grace: Person, kate: Person) -> str:
    """Ada comments, with a mention, while Grace types in the words; both others answer, and Ada puts it right."""
    writing = life.writing
    begin_comment(ada, life.spec_id, writing.passage())
    ada.type("Who counted that? @gr")
    expect(ada.page.get_by_role("option", name="Grace Hopper")).to_be_visible()
    writing.go_on("in", "behind", "above")
    ada.press("Enter")
    quote = writing.passage()
    agree(life.spec_id, *life.everybody)
    ada.press("ControlOrMeta+Enter")
    thread_id, told = about(life.goes_on(), quote)
    assert told["words"] == writing.passage() != quote
    assert told["messages"][0]["mentions"] == [grace.connection(life.spec_id)["me"]["userId"]]
    expect(card(grace, thread_id)).to_contain_text("@ you")

    reply(grace, thread_id, "Sales did.")
    writing.go_on()
    reply(kate, thread_id, "Since when?")
    edit_first_message(ada, thread_id, "Please say.")
    told = life.told(thread_id, "open")
    assert [each["body"].split()[0] for each in told["messages"]] == ["Who", "Sales", "Since"]
    assert told["messages"][0]["body"].endswith("Please say.")
    assert told["messages"][0]["editedAt"]
    return thread_id


def edit_first_message(person: Person, thread_id: str, more: str) -> None:
    first = open_card(person, thread_id).locator(".jp-ThreadMessage").first
    first.hover()
    first.get_by_role("button", name="Edit this message").click()
    expect(first.get_by_role("textbox", name="Edit the message")).to_be_focused()
    person.press("ControlOrMeta+End")
    person.type(more)
    person.press("ControlOrMeta+Enter")
    expect(first).to_contain_text(more)


def is_resolved_and_opened_again(life: Life, thread_id: str, ada: Person, grace: Person) -> None:
    open_card(grace, thread_id).get_by_role("button", name="Resolve").click()
    life.told(thread_id, "resolved")
    ada.run("speccollab:show-comments")
    filter_button(ada, "Resolved").click()
    open_card(ada, thread_id).get_by_role("button", name="Open again").click()
    told = life.told(thread_id, "open")
    assert len(told["messages"]) == 3
    filter_button(ada, "Open").click()


def loses_its_words_and_gets_them_back(
    life: Life, thread_id: str, ada: Person, grace: Person, kate: Person
) -> None:
    writing = life.writing
    select(grace, life.spec_id, writing.passage())
    grace.press("Delete")
    writing.go_on(*AROUND)
    assert agree_on_threads(life.spec_id, *life.everybody)[thread_id]["words"] is None
    filter_button(ada, "Words are gone").click()
    expect(card(ada, thread_id)).to_contain_text("Its words are gone")
    reply(kate, thread_id, "Where is it?")
    writing.go_on(*AROUND)
    grace.press("ControlOrMeta+z")
    grace.until(lambda: writing.passage() in grace.text(life.spec_id), "the words")
    assert len(life.told(thread_id, "open")["messages"]) == 4
    filter_button(ada, "Open").click()


def is_suggested(life: Life, ada: Person, grace: Person, kate: Person) -> str:
    """Who may only comment types over words, beside which Ada types; she sees in the text what would change."""
    writing = life.writing
    typed = writing.places["in the suggestion"].typed
    quote = CALLED.replace("twice", f"twice{typed}")
    select(kate, life.spec_id, quote)
    kate.type(PHONED.replace("twice", f"twice{typed}"))
    writing.go_on("before the suggestion", "above", "in")
    kate.press("Enter")
    thread_id, told = about(life.goes_on(), quote)
    assert told["words"] == CALLED.replace("twice", f"twice{writing.places['in the suggestion'].typed}")
    assert told["replacement"] == PHONED.replace("twice", f"twice{typed}")
    for person in (ada, grace):
        shown = person.spec(life.spec_id).locator(f'.cm-threadInserted[data-thread="{thread_id}"]')
        expect(shown.first).to_have_attribute("data-letters", "phoned")
        expect(person.spec(life.spec_id).locator(".cm-threadDeleted").first).to_have_text("called")
    return thread_id


def is_accepted_and_rejected_at_once(life: Life, thread_id: str, ada: Person, grace: Person) -> None:
    """One of both comes first; then that holds for everybody, and the text is as it says."""
    for person in (ada, grace):
        open_card(person, thread_id)
        life.writing.go_on("in the suggestion", "before the suggestion")
    ada.press("Alt+a")
    grace.press("Alt+r")
    life.writing.go_on("in", "before")
    ada.until(lambda: in_page(ada)[thread_id]["state"] != "open", "an end of the suggestion")
    if in_page(ada)[thread_id]["state"] == "accepted":
        life.text = life.text.replace("called twice", "phoned twice").replace("a month", "a quarter")
    told = life.goes_on()[thread_id]
    assert told["state"] in ("accepted", "rejected")
    for person in (ada, grace):  # who came second was refused
        person.faults[:] = [fault for fault in person.faults if "status of 409" not in fault]


def goes_on_without_a_network(life: Life, thread_id: str, ada: Person, grace: Person) -> None:
    """Ada types, comments and answers on a train; what she wrote is sent once."""
    until = time.monotonic() + AWAY
    with ada.offline(life.spec_id):
        life.writing.go_on()
        comment(ada, life.spec_id, "two hundred", "Written on a train.")
        expect(ada.page.locator(".jp-Thread:visible", has_text="Written on a train.")).to_contain_text(
            "Not sent yet"
        )
        reply(ada, thread_id, "Asked on a train.")
        reply(grace, thread_id, "Asked at home.")
        while time.monotonic() < until:
            life.writing.go_on()
    facts = life.goes_on()
    assert bodies(facts).count("Written on a train.") == 1
    assert bodies(facts).count("Asked on a train.") == 1
    assert about(facts, "two hundred")[1]["words"] == "two hundred"
    assert facts[thread_id]["words"] == life.writing.passage()


def outlives_the_server(
    life: Life, thread_id: str, ada: Person, grace: Person, kate: Person, lab: JupyterServer
) -> str:
    """The server is killed while they type, and comes back; each has done something meanwhile."""
    life.writing.go_on()
    lab.kill()
    for person in life.everybody:
        person.until_status(life.spec_id, "offline")
    life.writing.go_on()
    comment(grace, life.spec_id, "never rung again", "Meanwhile.")
    place = life.writing.places["at the insertion"]
    life.before_early = typed_there(place, kate, life.spec_id)
    kate.put_caret(life.spec_id, after=place.after + life.before_early)
    kate.type(EARLY)
    kate.press("Enter")
    edit_first_message(ada, thread_id, "Today.")
    reply(kate, thread_id, "Nobody hears me.")
    life.writing.go_on()
    for person in life.everybody:
        assert any(each["waits"] for each in in_page(person).values())
    lab.start()
    facts = life.goes_on()
    told = facts[thread_id]
    assert told["words"] == life.writing.passage()
    assert told["messages"][0]["body"].endswith("Please say.Today.")
    assert [bodies(facts).count(body) for body in ("Meanwhile.", "Nobody hears me.")] == [1, 1]
    (early,) = (key for key, each in facts.items() if each["replacement"] == EARLY)
    return early


def typed_there(place: Place, person: Person, spec_id: str) -> str:
    """What somebody sees of what another has typed at a place, which ends before “Sunday”."""
    return person.text(spec_id).split(place.after)[1].split("Sunday")[0]


def is_accepted(life: Life, thread_id: str, ada: Person) -> None:
    """An insertion, at whose very place Grace goes on to type: it comes before what she has typed since."""
    life.goes_on()
    open_card(ada, thread_id).get_by_role("button", name="Accept").click()
    ada.until(lambda: in_page(ada)[thread_id]["state"] == "accepted", "the suggested words")
    place, before = life.writing.places["at the insertion"], life.before_early
    place.typed = f"{before}{EARLY}{place.typed.removeprefix(before)}"
    agree(life.spec_id, *life.everybody)
    assert life.goes_on()[thread_id]["state"] == "accepted"


def has_it_all_after_a_reload(life: Life, thread_id: str, person: Person) -> None:
    """Open ones are there at once, the others when they are asked for."""
    person.reload()
    person.opened(life.spec_id)
    expect(card(person, thread_id)).to_be_visible()
    person.run("speccollab:show-comments")
    filter_button(person, "Resolved").click()
    expect(person.page.locator(".jp-Thread.jp-mod-closed")).to_have_count(2)
    life.told(thread_id, "open")


def bodies(facts: Facts) -> list[str]:
    """All messages of all threads."""
    return [message["body"] for thread in facts.values() for message in thread["messages"]]
