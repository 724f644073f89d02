"""Nobody loses a word: without a network, through restarts, reloads and crashes, and where edits can't be sent."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Route, WebSocketRoute, expect

from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person, agree
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

AWAY = float(os.environ.get("SPECCOLLAB_AWAY_SECONDS", "5"))
"""Seconds without a server or a network; it was a minute when this was written, too."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"

START = "# Plan\n\nAda writes here.\n\nGrace writes here.\n"
SOCKETS = re.compile(r"/ws/specs/")
POLLING = re.compile(r"/api/specs/[^/]+/session")


@pytest.fixture(scope="module")
def pair(people: People) -> tuple[Person, Person]:
    """Two people who look at specs only."""
    return people("ada", "Ada Lovelace"), people("grace", "Grace Hopper")


@pytest.fixture
def spec_id(pair: tuple[Person, Person]) -> str:
    """A spec that both have open."""
    spec_id = pair[0].new_spec("Plan", START)
    for person in pair:
        person.show(spec_id)
    return spec_id


@contextmanager
def no_session(person: Person) -> Iterator[None]:
    """JupyterLab is there, but nothing of a spec's session gets through, by no transport."""
    is_down = [True]

    def socket(route: WebSocketRoute) -> None:
        if is_down[0]:
            route.close(code=1011, reason="blocked")
        else:
            route.connect_to_server()

    def request(route: Route) -> None:
        if is_down[0]:
            route.abort()
        else:
            route.fallback()

    person.context.route_web_socket(SOCKETS, socket)
    person.context.route(POLLING, request)
    try:
        yield
    finally:
        is_down[0] = False


def stored_edits(person: Person) -> str:
    """What the browser's database holds of edits that have not been acknowledged, as JSON."""
    return str(
        person.page.evaluate(
            """() => new Promise((resolve, reject) => {
              const opening = indexedDB.open('jupyter-speccollab');
              opening.onerror = () => reject(opening.error);
              opening.onsuccess = () => {
                const reading = opening.result.transaction('edits').objectStore('edits').getAll();
                reading.onerror = () => reject(reading.error);
                reading.onsuccess = () => { opening.result.close(); resolve(JSON.stringify(reading.result)); };
              };
            })"""
        )
    )


def stored(person: Person) -> str:
    """Everything that the browser holds of edits: in its database, on the way to it, and who holds the locks."""
    held = person.page.evaluate(
        """async () => {
          const { held, pending } = await navigator.locks.query();
          return JSON.stringify({ leaving: { ...localStorage }, tab: { ...sessionStorage }, held, pending });
        }"""
    )
    return f"edits: {stored_edits(person)}; the rest: {held}"


def crash(person: Person) -> None:
    """The page's process is gone, without a word to anybody; another page takes its place."""
    with suppress(Error):
        person.page.goto("chrome://crash")
    person.page.close()  # what is left of it
    person.page = person.new_page()


def test_typing_through_a_restart_of_some_seconds(
    pair: tuple[Person, Person], lab: JupyterServer, spec_id: str
) -> None:
    ada, grace = pair
    ada.type_after(spec_id, "Ada writes", " before,")
    lab.kill()
    for person in pair:
        person.until_status(spec_id, "offline")
    back_at = time.monotonic() + AWAY
    typed = {ada: "", grace: ""}
    ada.put_caret(spec_id, after="Ada writes before,")
    grace.put_caret(spec_id, after="Grace writes")
    number = 0
    while time.monotonic() < back_at:
        number += 1
        for person in pair:
            person.type(f" {number}", delay=10)
            typed[person] += f" {number}"
    lab.start()
    text = agree(spec_id, *pair)
    assert text == START.replace("Ada writes", f"Ada writes before,{typed[ada]}").replace(
        "Grace writes", f"Grace writes{typed[grace]}"
    )
    undo_everything(ada, spec_id)
    assert agree(spec_id, *pair) == START.replace("Grace writes", f"Grace writes{typed[grace]}")


def undo_everything(person: Person, spec_id: str) -> None:
    """Take one's own edits of this page back, all of them."""
    person.page.evaluate(
        f"""id => {{
          const {{ connection }} = [...jupyterapp.shell.widgets('main')].find(
            each => each.id === `jupyter-speccollab:${{id}}`).content;
          while (connection.canUndo) {{ connection.undo(); }}
          ({VIEW})(id);
        }}""",
        spec_id,
    )


def test_many_edits_without_a_network(pair: tuple[Person, Person], spec_id: str) -> None:
    ada, grace = pair
    heading, line = [], []
    with ada.offline(spec_id):
        began = time.monotonic()
        for number in range(60):
            heading.append(LETTERS[number % 26])
            line.append(LETTERS[number % 25])
            ada.type_after(spec_id, "# Plan", heading[-1])
            ada.type_after(spec_id, "Ada writes", line[-1])
            if number % 12 == 0:
                grace.type_after(spec_id, "Grace writes", f" {number}")
        assert ada.connection(spec_id)["pendingOperations"] >= 120
        ada.page.wait_for_timeout(max(0.0, AWAY - (time.monotonic() - began)) * 1000)
    alone = START.replace("Grace writes", "Grace writes 48 36 24 12 0")
    both = alone.replace("# Plan", "# Plan" + "".join(reversed(heading)))
    both = both.replace("Ada writes", "Ada writes" + "".join(reversed(line)))
    assert agree(spec_id, *pair) == both
    undo_everything(ada, spec_id)
    assert agree(spec_id, *pair) == alone


def test_a_reload_while_the_session_is_blocked(pair: tuple[Person, Person], spec_id: str) -> None:
    ada, _ = pair
    with no_session(ada):
        with ada.offline(spec_id):
            ada.type_after(spec_id, "Ada writes", " offline")
            assert " offline" in ada.text(spec_id)
        ada.leave()
        ada.visit(f"lab/workspaces/ada-{time.monotonic_ns()}?spec={spec_id}")
        ada.until(lambda: " offline" in ada.text(spec_id), "the edits")
        state = ada.connection(spec_id)
        assert (state["status"], state["canEdit"], state["pendingOperations"]) == ("offline", True, 8)
        ada.type_after(spec_id, "Ada writes offline", ", then again")
    ada.until(lambda: reconnected(ada, spec_id), "the network")
    assert agree(spec_id, *pair) == START.replace("Ada writes", "Ada writes offline, then again")


def reconnected(person: Person, spec_id: str) -> bool:
    person.page.evaluate(
        """id => [...jupyterapp.shell.widgets('main')].find(
          each => each.id === `jupyter-speccollab:${id}`).content.connection.reconnectNow()""",
        spec_id,
    )
    return person.status(spec_id) == "synchronised"


def test_a_page_that_is_closed_at_once_and_one_that_crashes(
    pair: tuple[Person, Person], lab: JupyterServer, spec_id: str
) -> None:
    ada, _ = pair
    lab.kill()
    ada.type_after(spec_id, "Ada writes", " closed at once")
    ada.leave()
    lab.start()
    ada.show(spec_id)
    assert agree(spec_id, *pair) == START.replace("Ada writes", "Ada writes closed at once")

    lab.kill()
    ada.type_after(spec_id, "Ada writes", " crashed,")
    ada.until(lambda: "crashed," in stored_edits(ada), "the edits to be in the browser's database")
    crash(ada)
    lab.start()
    ada.show(spec_id)
    assert agree(spec_id, *pair) == START.replace("Ada writes", "Ada writes crashed, closed at once")


def test_edits_of_a_closed_tab_are_sent_though_nobody_opens_their_spec(
    pair: tuple[Person, Person], lab: JupyterServer, spec_id: str
) -> None:
    ada, grace = pair
    lab.kill()
    ada.type_after(spec_id, "Ada writes", " and leaves")
    ada.leave()
    lab.start()
    ada.visit(f"lab/workspaces/ada-{time.monotonic_ns()}")
    grace.until(lambda: "and leaves" in grace.text(spec_id), "the edits of a closed tab")
    assert grace.text(spec_id) == START.replace("Ada writes", "Ada writes and leaves")


def test_a_session_goes_on_after_a_reload_and_not_in_a_duplicate_of_the_tab(
    pair: tuple[Person, Person], spec_id: str
) -> None:
    ada, _ = pair
    ada.leave()
    ada.show(spec_id)
    session = ada.connection(spec_id)["me"]["sessionId"]
    ada.page.goto(ada.page.url.split("?")[0] + f"?spec={spec_id}")
    ada.ready()
    ada.opened(spec_id)
    assert ada.connection(spec_id)["me"]["sessionId"] == session

    first = ada.page
    address = f"{ada.server.url}lab/workspaces/ada-{time.monotonic_ns()}?spec={spec_id}"
    with ada.context.expect_page() as opened:
        first.evaluate("address => { window.open(address); }", address)  # with a copy of the session storage
    ada.page = opened.value
    ada.ready()
    ada.opened(spec_id)
    assert ada.connection(spec_id)["me"]["sessionId"] != session
    ada.type_after(spec_id, "Ada writes", " twice")
    both = agree(spec_id, *pair)
    ada.page.close()
    ada.page = first
    assert ada.connection(spec_id)["me"]["sessionId"] == session
    ada.type_after(spec_id, "Ada writes twice", " over")
    assert agree(spec_id, *pair) == both.replace("twice", "twice over")


def test_two_tabs_of_one_user_that_both_lose_the_network(
    pair: tuple[Person, Person], lab: JupyterServer, spec_id: str
) -> None:
    ada, _ = pair
    first, second = ada.page, ada.new_page()
    ada.page = second
    ada.visit(f"lab/workspaces/ada-{time.monotonic_ns()}?spec={spec_id}")
    ada.opened(spec_id)
    lab.kill()
    ada.type_after(spec_id, "Ada writes", " in the second tab")
    ada.page = first
    first.bring_to_front()
    ada.type_after(spec_id, "# Plan", " (first tab)")
    for page in (first, second):
        page.goto("about:blank")
    lab.start()
    second.close()
    ada.show(spec_id)
    expected = START.replace("Ada writes", "Ada writes in the second tab").replace(
        "# Plan", "# Plan (first tab)"
    )
    try:
        ada.until(lambda: ada.text(spec_id) == expected, "the edits of both tabs")
    except AssertionError as error:
        raise AssertionError(f"{error}: {ada.text(spec_id)!r}; {stored(ada)}") from None
    assert agree(spec_id, *pair) == expected


def test_edits_under_a_lost_login_are_rescued(
    people: People, lab: JupyterServer, pair: tuple[Person, Person], pictures: Path
) -> None:
    eve = people("eve", "Eve")
    spec_id = eve.new_spec("Plan", START)
    eve.show(spec_id)
    lab.kill()
    eve.type_after(spec_id, "Ada writes", " by Eve, who is forgotten")
    assert "who is forgotten" in eve.text(spec_id)
    eve.leave()
    lab.start()
    eve.context.clear_cookies()
    eve.context.add_cookies(lab.browser_cookies("adam", "Adam"))  # type: ignore[arg-type]
    eve.visit(f"lab/workspaces/adam-{time.monotonic_ns()}?spec={spec_id}")
    eve.until_status(spec_id, "synchronised")  # what was rescued may lie before it
    assert eve.text(spec_id) == START
    view = eve.page.locator(".jp-RescueView")
    eve.run("speccollab:show-rescued")
    expect(view.locator("ins")).to_have_text(" by Eve, who is forgotten")
    expect(view).to_contain_text("Made in this browser by Eve")

    rescued = START.replace("Ada writes", "Ada writes by Eve, who is forgotten")
    assert eve.copied_by(view.get_by_role("button", name="Copy text")) == rescued
    with eve.page.expect_download() as download:
        view.get_by_role("button", name="Save as file").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == rescued
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        eve.choose_theme(theme)
        for width in (1280, 800):
            eve.resize(width)
            eve.picture(pictures / "screens" / f"rescued-{theme.split()[-1].lower()}-{width}.png")

    view.get_by_role("button", name="Save as new spec").click()
    expect(eve.page.locator(".jp-SpecDocument:visible .cm-content")).to_contain_text("who is forgotten")
    eve.run("speccollab:show-rescued")
    view.get_by_role("button", name="Discard…").click()
    eve.page.locator(".jp-Dialog").get_by_role("button", name="Discard").click()
    expect(view).to_contain_text("There are none")


def test_edits_of_a_deleted_spec_are_rescued_and_stay_through_a_reload(
    pair: tuple[Person, Person], lab: JupyterServer
) -> None:
    ada, grace = pair
    spec_id = ada.new_spec("Short-lived", START)
    ada.show(spec_id)
    with ada.offline(spec_id):
        ada.type_after(spec_id, "Ada writes", " too late")
        grace.call("DELETE", f"api/specs/{spec_id}")
    ada.until_status(spec_id, "ended")
    view = ada.page.locator(".jp-RescueView")
    expect(view.locator("pre")).to_contain_text("Ada writes too late")
    ada.leave()
    ada.visit(f"lab/workspaces/ada-{time.monotonic_ns()}")
    ada.run("speccollab:show-rescued")
    expect(view.locator("pre")).to_contain_text("Ada writes too late")
    expect(view).to_contain_text("The spec was deleted")
