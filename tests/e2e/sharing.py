"""Specs that their owner shares with a guest; nobody else sees them, since the default role is ``none``.

Fixtures and steps of the tests of sharing. A test module imports the fixtures that it uses.
"""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from jupyter_speccollab.demo.content import text as demo_text
from tests.e2e.conftest import People
from tests.e2e.person import Person

TITLE: Final = "Churn model"
ANCHOR: Final = "Every Monday"


@pytest.fixture(scope="module")
def lab_options() -> dict[str, object]:
    return {"SpecCollabApp.default_role": "none"}


@pytest.fixture(scope="module")
def owner(people: People) -> Person:
    owner = people("ada", "Ada Lovelace")
    owner.visit("lab/workspaces/ada?reset")
    return owner


@pytest.fixture(scope="module")
def guest(people: People) -> Person:
    guest = people("vera", "Vera Rubin")
    guest.visit("lab/workspaces/vera?reset")
    return guest


@pytest.fixture
def spec_id(owner: Person, guest: Person) -> str:
    """A spec of the owner's, who has it open; nobody else sees it, and there is no other one."""
    for person in (owner, guest):
        person.close_specs()
        for spec in person.call("GET", "api/specs")["specs"]:
            if spec["role"] == "owner":
                person.call("DELETE", f"api/specs/{spec['specId']}")
    spec_id = owner.new_spec(TITLE, demo_text())
    owner.run("speccollab:open", specId=spec_id)
    owner.opened(spec_id)
    return spec_id


@pytest.fixture
def written_by_both(owner: Person, guest: Person, spec_id: str) -> str:
    """The same spec, in which the guest is a contributor and writes."""
    give(owner, spec_id, "contributor")
    guest.run("speccollab:open", specId=spec_id)
    guest.opened(spec_id)
    guest.put_caret(spec_id, after=ANCHOR)
    return spec_id


def place(spec_id: str) -> str:
    return f"api/specs/{spec_id}/collaborators/user:vera"


def give(owner: Person, spec_id: str, role: str) -> None:
    owner.call("PUT", place(spec_id), {"role": role})


def take(owner: Person, spec_id: str) -> None:
    owner.call("DELETE", place(spec_id))


def share_window(person: Person, spec_id: str) -> Locator:
    """The window that the toolbar's button opens."""
    person.spec(spec_id).get_by_role("button", name="Share", exact=True).click()
    window = person.page.get_by_role("dialog", name=f"Share “{TITLE}”")
    expect(window).to_be_visible()
    return window


def close(window: Locator) -> None:
    window.get_by_role("button", name="Done").click()
    expect(window).to_have_count(0)


def entry(window: Locator, name: str) -> Locator:
    return window.get_by_role("listitem").filter(has_text=name)


def show_specs(person: Person) -> Locator:
    """The sidebar's list."""
    person.page.evaluate("() => jupyterapp.shell.activateById('jupyter-speccollab:specs')")
    return person.page.get_by_role("list", name="Specs")


def page_instead(person: Person, spec_id: str, title: str) -> Locator:
    """The page that stands where a spec was."""
    page = person.spec(spec_id).get_by_role("region", name=title)
    expect(page).to_be_visible()
    return page


def role_of(owner: Person, spec_id: str) -> str | None:
    """What the guest has."""
    listed = owner.call("GET", f"api/specs/{spec_id}/collaborators")["collaborators"]
    return next((entry["role"] for entry in listed if entry["principal"] == "user:vera"), None)
