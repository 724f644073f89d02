"""One JupyterLab and one browser a module, with two people in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from jupyter_speccollab.demo.content import NOTEBOOK, write_notebook
from tests.e2e.browser import chromium
from tests.e2e.person import Person
from tests.serving import JupyterServer

People = Callable[..., Person]


@pytest.fixture
def jp_asyncio_loop() -> None:
    """None here: Playwright has its own loop in this thread, and pytest-jupyter's would close it."""


@pytest.fixture
def jp_server_cleanup() -> None:
    """Nothing to clean up: the server is a process of its own."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def lab_options() -> dict[str, object]:
    """Traits for the module's server; override it in a module to set some."""
    return {}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, lab_options: dict[str, object]) -> Iterator[JupyterServer]:
    server = JupyterServer(tmp_path_factory.mktemp("lab"), lab=True, options=lab_options)
    for username in (
        "ada",
        "grace",
    ):  # a notebook each: two people who save the same one get JupyterLab's own dialogs
        (server.notebooks / username).mkdir()
        write_notebook(server.notebooks / username)
    with server:
        yield server


@pytest.fixture(scope="module")
def pictures() -> Path:
    """Where screenshots go: ``SPECCOLLAB_ARTIFACTS``, else a directory that git does not see."""
    return Path(os.environ.get("SPECCOLLAB_ARTIFACTS") or Path(__file__).parents[2] / "test-results")


@pytest.fixture(scope="module")
def people(browser: Browser, lab: JupyterServer) -> Iterator[People]:
    """Makes people; they stay for the module."""
    made: list[Person] = []

    def person(username: str, name: str, **options: object) -> Person:
        made.append(Person(browser, lab, username, name, **options))  # type: ignore[arg-type]
        return made[-1]

    person.made = made  # type: ignore[attr-defined]
    yield person
    for each in made:
        each.close()


def in_notebook(person: Person) -> Person:
    """With JupyterLab open at a notebook, and at rest: no cell will take the focus any more.

    When JupyterLab has met a kernel it runs a command that makes an entry of its help menu, and any command closes
    the command palette.
    """
    name = person.username
    person.visit(f"lab/workspaces/{name}/tree/{name}/{NOTEBOOK}")
    expect(person.page.locator(".jp-NotebookPanel:visible")).to_have_count(1)
    person.page.locator(".jp-Notebook-cell:focus, .jp-Notebook-cell :focus").wait_for()
    person.page.wait_for_function(
        "() => jupyterapp.commands.listCommands().some(id => /^help-menu-.*:banner$/.test(id))"
    )
    return person


@pytest.fixture(scope="module")
def ada(people: People) -> Person:
    return in_notebook(people("ada", "Ada Lovelace"))


@pytest.fixture(scope="module")
def grace(people: People) -> Person:
    return in_notebook(people("grace", "Grace Hopper"))


@pytest.fixture(autouse=True)
def quiet_consoles(
    people: People, lab: JupyterServer, pictures: Path, request: pytest.FixtureRequest
) -> Iterator[None]:
    """What a console called an error fails the test; a failed test leaves everybody's screen."""
    if lab.process is None:  # a test that kills it failed
        lab.start()
    made: list[Person] = people.made  # type: ignore[attr-defined]
    for each in made:
        each.faults.clear()
    failed_before = request.session.testsfailed
    yield
    faults = {each.name: list(each.faults) for each in made if each.faults}
    if faults or request.session.testsfailed > failed_before:
        for each in made:
            each.picture(pictures / "failed" / f"{request.node.name}-{each.username}.png")
    assert not faults
