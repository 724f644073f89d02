"""Behind a network that lets no WebSocket through: everything works over plain requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from jupyter_speccollab.demo.content import text as demo_text
from tests.e2e.conftest import People
from tests.e2e.firewall import Firewall
from tests.e2e.person import Person, agree
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

THEMES = ("JupyterLab Dark High Contrast", "JupyterLab Dark", "JupyterLab Light")
FIRST, SECOND = "Every Monday", "the support team"


@pytest.fixture(scope="module")
def firewall(lab: JupyterServer) -> Iterator[Firewall]:
    with Firewall(lab).running() as firewall:
        yield firewall


@pytest.fixture(scope="module")
def alan(people: People, browser: Browser, firewall: Firewall) -> Person:
    """Sits behind the firewall."""
    alan = Person(browser, firewall.front, "alan", "Alan Turing")
    people.made.append(alan)  # type: ignore[attr-defined]
    return alan


@pytest.fixture(scope="module")
def edith(people: People) -> Person:
    """Does not."""
    return people("edith", "Edith Clarke")


@pytest.fixture
def spec_id(alan: Person, edith: Person, firewall: Firewall) -> str:
    """A spec that both have open; WebSockets are blocked again."""
    firewall.blocks = True
    spec_id = edith.new_spec("Churn model", demo_text())
    alan.visit_anew(spec_id)  # a page waits ever longer before it tries a WebSocket again
    alan.opened(spec_id)
    edith.show(spec_id)
    assert transport(alan, spec_id) == "polling"
    assert transport(edith, spec_id) == "websocket"
    return spec_id


def transport(person: Person, spec_id: str) -> str:
    return str(person.connection(spec_id)["transport"])


def type_together(alan: Person, edith: Person, count: int, *, delay: float = 0) -> None:
    """Both type numbers in brackets, by turns, each in a place of their own."""
    for number in range(count):
        alan.type(f"[{number}]", delay=delay)
        edith.type(f"({number})", delay=delay)


def typed(brackets: str, count: int) -> str:
    return "".join(f"{brackets[0]}{number}{brackets[1]}" for number in range(count))


def test_two_people_converge_one_on_each_transport(
    alan: Person, edith: Person, firewall: Firewall, spec_id: str
) -> None:
    assert firewall.refused > 0
    assert alan.connection(spec_id)["me"]["userName"] == "Alan Turing"
    alan.put_caret(spec_id, after=FIRST)
    edith.put_caret(spec_id, after=SECOND)
    type_together(alan, edith, 12, delay=10)
    text = agree(spec_id, alan, edith)
    assert FIRST + typed("[]", 12) in text
    assert SECOND + typed("()", 12) in text
    expect(alan.spec(spec_id).locator(".cm-specCaret")).to_have_count(1)
    expect(edith.spec(spec_id).locator(".cm-specCaret")).to_have_count(1)
    alan.press("ControlOrMeta+Z")
    assert SECOND + typed("()", 12) in agree(spec_id, alan, edith)


def test_it_goes_back_to_a_websocket_by_itself(
    alan: Person, edith: Person, firewall: Firewall, spec_id: str
) -> None:
    alan.put_caret(spec_id, after=FIRST)
    edith.put_caret(spec_id, after=SECOND)
    alan.page.evaluate(
        """id => {
          const widget = [...jupyterapp.shell.widgets('main')].find(each => each.id.endsWith(id));
          window.shown = new Set();
          widget.content.connection.subscribe(({ status }) => window.shown.add(status));
        }""",
        spec_id,
    )
    firewall.blocks = False
    count = 0
    while transport(alan, spec_id) == "polling":
        assert count < 400
        alan.type(f"[{count}]", delay=20)
        count += 1
    for number in range(count, count + 10):
        alan.type(f"[{number}]", delay=10)
    assert FIRST + typed("[]", count + 10) in agree(spec_id, alan, edith)
    assert not {"offline", "ended"} & set(alan.page.evaluate("() => [...window.shown]"))
    assert alan.connection(spec_id)["obstacle"] is None

    firewall.blocks = True
    alan.until(lambda: transport(alan, spec_id) == "polling", "plain requests")
    alan.until_status(spec_id, "synchronised")
    alan.type("!")
    agree(spec_id, alan, edith)


def test_the_server_is_killed_and_started_again(
    alan: Person, edith: Person, lab: JupyterServer, spec_id: str
) -> None:
    alan.put_caret(spec_id, after=FIRST)
    edith.put_caret(spec_id, after=SECOND)
    type_together(alan, edith, 5)
    lab.kill()
    for person in (alan, edith):
        person.until_status(spec_id, "offline")
    alan.put_caret(spec_id, after=f"{FIRST}{typed('[]', 5)}")
    alan.type("while it was away")
    lab.start()
    text = agree(spec_id, alan, edith)
    assert f"{FIRST}{typed('[]', 5)}while it was away" in text
    assert SECOND + typed("()", 5) in text
    assert transport(alan, spec_id) == "polling"


def test_whoever_closes_the_page_has_left(alan: Person, edith: Person, spec_id: str) -> None:
    faces = edith.spec(spec_id).locator(".jp-SpecPeople-face")
    expect(faces).to_have_count(1)
    alan.page.goto("about:blank")
    expect(faces).to_have_count(0)  # before the silence would be noticed, which takes longer


def test_the_status_bar_says_how_it_stands(
    alan: Person, edith: Person, lab: JupyterServer, pictures: Path, spec_id: str
) -> None:
    page = alan.page
    details = page.get_by_role("dialog", name="How this spec stands")
    item = page.locator(".jp-SpecStatus-text")
    item.focus()
    alan.press("Enter")
    expect(details).to_contain_text("Long polling")
    expect(details).to_contain_text("lets no WebSocket through")
    expect(details).to_contain_text("Alan Turing (you), Edith Clarke")
    expect(details).to_contain_text("of 100 messages left this minute")
    alan.until(lambda: alan.connection(spec_id)["roundTripMs"] is not None, "a ping")
    expect(details).to_contain_text(" ms")
    for theme in THEMES:
        alan.choose_theme(theme)
        for width in (1280, 800):
            alan.resize(width)
            alan.picture(pictures / "status" / f"{theme[11:].lower().replace(' ', '-')}-{width}.png")
    alan.resize(1280)
    details.focus()
    alan.press("Escape")
    expect(details).to_have_count(0)
    expect(item).to_be_focused()

    item.click()
    lab.kill()
    try:
        expect(details.get_by_role("button", name="Reconnect now")).to_be_visible()
        alan.picture(pictures / "status" / "offline.png")
    finally:
        lab.start()
    agree(spec_id, alan, edith)
