"""Two users of a hub, each in their own JupyterLab, edit one spec."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.person import agree, names_stay
from tests.hub.conftest import SPECS, at_home
from tests.hub.hub import Hub, Visitor
from tests.hub.person import HubPerson

pytestmark = pytest.mark.e2e

CONTENT = "# Churn\n\nEvery Monday the support team can call two hundred subscribers.\n"
TEAM = "group:team"


@pytest.fixture
def jp_asyncio_loop() -> None:
    """None here: Playwright has its own loop in this thread."""


@pytest.fixture
def jp_server_cleanup() -> None:
    """Nothing to clean up."""


@pytest.fixture(scope="module")
def ada(ada_at_desk: HubPerson) -> HubPerson:
    return ada_at_desk


@pytest.fixture(scope="module")
def grace(grace_at_desk: HubPerson) -> HubPerson:
    return grace_at_desk


@pytest.fixture(scope="module")
def spec_id(ada: HubPerson, grace: HubPerson) -> str:
    """A spec of Ada's, shared with the group of both, and open in both browsers."""
    spec_id = ada.new_spec("Churn", CONTENT)
    ada.call("PUT", f"api/specs/{spec_id}/collaborators/{TEAM}", {"role": "contributor"})
    for person in (ada, grace):
        person.visit(f"lab?spec={spec_id}")
        person.opened(spec_id)
    return spec_id


def test_they_write_at_once_and_see_each_other(
    ada: HubPerson, grace: HubPerson, spec_id: str, pictures: Path
) -> None:
    assert ada.page.url != grace.page.url
    with names_stay(ada), names_stay(grace):
        ada.put_caret(spec_id, after="Every Monday")
        grace.put_caret(spec_id, after="the support team")
        for mine, yours in zip(", rain or shine,", " (all four) ....", strict=True):
            ada.type(mine)
            grace.type(yours)
        ada.until(lambda: ada.flags(spec_id) == ["grace"], "the caret of Grace")
        grace.until(lambda: grace.flags(spec_id) == ["Ada Lovelace"], "the caret of Ada")
        ada.picture(pictures / "hub-ada.png")
        grace.picture(pictures / "hub-grace.png")
    text = agree(spec_id, ada, grace)
    assert "Every Monday, rain or shine, the support team (all four) .... can" in text
    expect(ada.spec(spec_id).locator(".jp-SpecPeople-face")).to_have_count(1)


def test_the_history_says_who_wrote_what(ada: HubPerson, grace: HubPerson, spec_id: str) -> None:
    hunks = ada.call("GET", f"api/specs/{spec_id}/revisions/{ada.stored(spec_id)['version']}/diff?against=1")[
        "hunks"
    ]
    authors = {hunk["added"]: [author["userName"] for author in hunk["authors"]] for hunk in hunks}
    assert authors == {", rain or shine,": ["Ada Lovelace"], " (all four) ....": ["grace"]}


def test_a_list_of_specs_stands_in_both_sidebars(ada: HubPerson, grace: HubPerson, spec_id: str) -> None:
    for person in (ada, grace):
        person.page.get_by_role("tab", name="Specs").click()
        expect(person.page.locator(".jp-SpecList").get_by_text("Churn").first).to_be_visible()


def test_neither_gets_to_see_the_others_server(
    hub: Hub, ada: HubPerson, grace: HubPerson, pictures: Path
) -> None:
    for person, owner in ((ada, "grace"), (grace, "ada")):
        page = person.context.new_page()
        answer = page.goto(f"{hub.url}user/{owner}/lab")
        assert answer is not None
        assert answer.status == 403
        expect(page.get_by_text("403").first).to_be_visible()
        page.screenshot(path=pictures / f"hub-{person.username}-at-{owner}.png")
        page.close()


def test_a_page_without_the_scopes_names_the_lines_to_add(
    browser: Browser, hub: Hub, spec_id: str, pictures: Path
) -> None:
    token = hub.new_token("forgotten", SPECS)
    person = HubPerson(browser, hub, at_home(hub, "forgotten"), token, "Forgotten")
    person.visit_anew(spec_id)
    person.page.evaluate("() => jupyterapp.shell.activateById('jupyter-speccollab:specs')")
    for place in (person.page.locator(".jp-SpecList-error"), person.spec(spec_id)):
        for line in (SPECS, "c.JupyterHub.load_roles", "oauth_client_allowed_scopes", "server_token_scopes"):
            expect(place).to_contain_text(line)
    for theme in ("Dark", "Light"):
        person.choose_theme(f"JupyterLab {theme}")
        told = person.page.locator(".jp-SpecList-error p")
        assert told.evaluate("node => node.scrollWidth <= node.clientWidth"), "nothing is cut off"
        person.picture(pictures / f"hub-without-scopes-{theme.lower()}.png")
    person.close()


def test_the_servers_of_their_own_hold_no_database(hub: Hub, spec_id: str) -> None:
    found = [path for path in (hub.directory / "home").rglob("*.sqlite3") if path.is_file()]
    assert found == []
    assert not (hub.directory / "data" / "speccollab").exists()


def session_tokens(hub: Hub) -> list[str]:
    """The ids of the tokens that Ada's logins in a browser have."""
    tokens = hub.api("GET", "/users/ada/tokens")["api_tokens"]
    return [token["id"] for token in tokens if token["session_id"]]


def test_a_page_whose_token_was_revoked_takes_the_fresh_one(
    hub: Hub, ada: HubPerson, grace: HubPerson, ada_here: Visitor, spec_id: str
) -> None:
    """The browser logs in to its server again in another tab, and the open page continues."""
    while tokens := session_tokens(
        hub
    ):  # asked again each time: the hub deletes tokens of one login together
        hub.api("DELETE", f"/users/ada/tokens/{tokens[0]}")
    ada.until(lambda: ada.status(spec_id) != "synchronised", "being sent away")
    ada.context.clear_cookies(path="/user/ada/")  # as if the login had expired
    other = ada.context.new_page()
    other.goto(f"{hub.url}user/ada/lab/workspaces/other", wait_until="domcontentloaded")
    other.close()

    def is_back() -> bool:
        again = ada.spec(spec_id).get_by_role("button", name="Reconnect now")
        if ada.status(spec_id) == "ended" and again.is_visible():
            again.click()
        return ada.status(spec_id) == "synchronised"

    ada.until(is_back, "the fresh token")
    ada.put_caret(spec_id, after="# Churn")
    ada.type(" model")
    assert "# Churn model\n" in agree(spec_id, ada, grace)
