"""Whoever types goes on, whatever happens to the network and to JupyterLab around them: no letter is lost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from jupyter_speccollab.demo.content import NOTEBOOK
from tests.e2e.conftest import People
from tests.e2e.firewall import Firewall
from tests.e2e.person import Person, agree
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

SECONDS: Final = float(os.environ.get("SPECCOLLAB_TYPING_SECONDS", "15"))
"""Seconds of typing in each test, of which the middle half is spent with a fault; a minute in the soak."""

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
A_SECOND: Final = 8
"""Letters that are typed in a second."""

START: Final = "# Plan\n\nAda writes here.\n"

Fault = Callable[[Person, JupyterServer, Firewall], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def firewall(lab: JupyterServer) -> Iterator[Firewall]:
    with Firewall(lab, blocks=False).running() as firewall:
        yield firewall


@pytest.fixture(scope="module")
def writer(people: People, browser: Browser, firewall: Firewall) -> Person:
    """Ada, with every dialog of JupyterLab's own."""
    ada = Person(browser, firewall.front, "ada", "Ada Lovelace", server_dialog=True)
    people.made.append(ada)  # type: ignore[attr-defined]
    return ada


@contextmanager
def no_network(person: Person, lab: JupyterServer, firewall: Firewall) -> Iterator[None]:
    person.context.set_offline(True)
    try:
        yield
    finally:
        person.context.set_offline(False)


@contextmanager
def killed_server(person: Person, lab: JupyterServer, firewall: Firewall) -> Iterator[None]:
    lab.kill()
    try:
        yield
    finally:
        lab.start()


@contextmanager
def half_open_line(person: Person, lab: JupyterServer, firewall: Firewall) -> Iterator[None]:
    firewall.swallows = True
    try:
        yield
    finally:
        firewall.swallows = False


def nothing(person: Person) -> None:
    person.visit_anew()


def notebook(person: Person) -> None:
    person.visit(f"lab/workspaces/ada-{time.monotonic_ns()}/tree/ada/{NOTEBOOK}")
    expect(person.page.locator(".jp-NotebookPanel:visible")).to_have_count(1)
    person.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.ready")


def terminal(person: Person) -> None:
    person.visit_anew()
    person.run("terminal:create-new")
    expect(person.page.locator(".jp-Terminal:visible")).to_have_count(1)


def launcher(person: Person) -> None:
    person.visit_anew()
    person.run("launcher:create")
    expect(person.page.locator(".jp-Launcher:visible")).to_have_count(1)


@pytest.fixture
def spec_id(writer: Person, beside: Callable[[Person], None]) -> str:
    """A spec on the right of something else."""
    spec_id = writer.new_spec("Plan", START)
    beside(writer)
    writer.run("speccollab:open-beside", specId=spec_id)
    writer.opened(spec_id)
    return spec_id


def type_on(person: Person, seconds: float) -> str:
    """Type for so long, as fast as people do; returns what was typed."""
    typed = ""
    over = time.monotonic() + seconds
    while time.monotonic() < over:
        part = "".join(LETTERS[(len(typed) + each) % len(LETTERS)] for each in range(A_SECOND))
        person.type(part, delay=1000 / A_SECOND)
        typed += part
    return typed


FAULTS: Final = (no_network, killed_server, half_open_line)
BESIDE: Final = (nothing, notebook, terminal, launcher)
SOME: Final = (
    *((fault, nothing) for fault in FAULTS),
    (no_network, notebook),
    (killed_server, notebook),
    (killed_server, terminal),
    (no_network, launcher),
)
"""What is tried each time; with a minute each, every fault is tried beside everything."""


@pytest.mark.parametrize(
    ("fault", "beside"),
    [(fault, beside) for fault in FAULTS for beside in BESIDE] if SECONDS >= 60 else SOME,
)
def test_every_letter_is_there(
    writer: Person, lab: JupyterServer, firewall: Firewall, spec_id: str, fault: Fault
) -> None:
    writer.put_caret(spec_id, after="Ada writes ")
    typed = type_on(writer, SECONDS / 4)
    with fault(writer, lab, firewall):
        typed += type_on(writer, SECONDS / 2)
        expect(writer.spec(spec_id).locator(".cm-content")).to_be_focused()
        expect(writer.page.locator(".jp-Dialog")).to_have_count(0)
    typed += type_on(writer, SECONDS / 4)
    text = agree(spec_id, writer)
    assert (len(text), text) == (len(START + typed), START.replace("writes ", f"writes {typed}"))


@pytest.mark.parametrize("beside", [notebook])
def test_jupyterlabs_own_dialog_comes_once_the_focus_is_in_its_own_document(
    writer: Person, lab: JupyterServer, firewall: Firewall, spec_id: str
) -> None:
    writer.put_caret(spec_id, after="Ada writes ")
    with no_network(writer, lab, firewall):
        typed = type_on(writer, SECONDS / 4)
        writer.until_status(spec_id, "offline")
        expect(writer.page.locator(".jp-Dialog")).to_have_count(0)
        writer.page.locator(".jp-CodeCell .cm-content:visible").first.click()
        dialog = writer.page.locator(".jp-Dialog")
        expect(dialog).to_contain_text("Server Connection Error")
        dialog.get_by_role("button", name="Close").first.click()
    assert agree(spec_id, writer) == START.replace("writes ", f"writes {typed}")


@pytest.mark.parametrize("beside", [nothing])
def test_a_lost_network_is_told_at_once(
    writer: Person, lab: JupyterServer, firewall: Firewall, spec_id: str
) -> None:
    """The page hears it from the browser, and does not wait for a silence of seconds to be told of."""
    writer.put_caret(spec_id, after="Ada writes ")
    with no_network(writer, lab, firewall):
        writer.type("x")
        state = offline_state(writer, spec_id)
    agree(spec_id, writer)
    assert state == {"pendingOperations": 1, "isKeeping": True, "told": []}


def offline_state(person: Person, spec_id: str) -> object:
    """What is kept as soon as the page knows that it is offline, and what it said was wrong before that."""
    return person.page.evaluate(
        """async specId => {
          const widget = [...jupyterapp.shell.widgets('main')].find(each => each.id.endsWith(specId));
          const { connection } = widget.content;
          const told = [];
          while (connection.state.status !== 'offline') {
            await new Promise(resolve => connection.subscribe(resolve));
            told.push(...[connection.state.trouble?.code].filter(Boolean));
          }
          const { pendingOperations, isKeeping } = connection.state;
          return { pendingOperations, isKeeping, told };
        }""",
        spec_id,
    )
