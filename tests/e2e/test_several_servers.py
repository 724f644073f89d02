"""Two servers on one database and one Redis: for two people it is as if they were on one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from jupyter_speccollab.demo.content import text as demo_text
from tests.backends.postgres import PostgresServer
from tests.backends.redis import RedisServer
from tests.e2e.browser import chromium
from tests.e2e.conftest import People
from tests.e2e.firewall import Firewall
from tests.e2e.person import Person, agree, names_stay
from tests.servers.team import Team
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

FIRST, SECOND = "Every Monday", "the support team"


@pytest.fixture(scope="module")
def team(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,
    migrated_database: str,
    redis_server: RedisServer,
) -> Iterator[Team]:
    url = postgres_server.url(postgres_server.new_database(migrated_database))
    with Team(tmp_path_factory.mktemp("team"), url, redis_server.url(), lab=True) as team:
        yield team


@pytest.fixture(scope="module")
def browser(team: Team) -> Iterator[Browser]:
    """After the servers: while it runs, this thread can run no other event loop, and a database is made by one."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def lab(team: Team) -> JupyterServer:
    """The first of them."""
    return team.servers[0]


def sits_at(people: People, browser: Browser, server: JupyterServer, username: str, name: str) -> Person:
    person = Person(browser, server, username, name)
    people.made.append(person)  # type: ignore[attr-defined]
    return person


def both_open(spec_id: str, *people: Person) -> None:
    for person in people:
        person.visit_anew(spec_id)
        person.opened(spec_id)


def both_write(one: Person, other: Person, spec_id: str, count: int = 10) -> str:
    """By turns, each in a place of their own; returns the text on which all end."""
    one.put_caret(spec_id, after=FIRST)
    other.put_caret(spec_id, after=SECOND)
    for number in range(count):
        one.type(f"[{number}]", delay=10)
        other.type(f"({number})", delay=10)
    text = agree(spec_id, one, other)
    assert FIRST + "".join(f"[{number}]" for number in range(count)) in text
    assert SECOND + "".join(f"({number})" for number in range(count)) in text
    return text


def test_typing_cursors_and_people_are_as_on_one(
    people: People, browser: Browser, team: Team, pictures: Path
) -> None:
    ada = sits_at(people, browser, team.servers[0], "ada", "Ada Lovelace")
    grace = sits_at(people, browser, team.servers[1], "grace", "Grace Hopper")
    spec_id = ada.new_spec("Churn model", demo_text())
    both_open(spec_id, ada, grace)
    for person in (ada, grace):
        expect(person.spec(spec_id).locator(".jp-SpecPeople-face")).to_have_count(1)
    with names_stay(ada), names_stay(grace):
        both_write(ada, grace, spec_id)
        for person, other in ((ada, "Grace Hopper"), (grace, "Ada Lovelace")):
            expect(person.spec(spec_id).locator(".cm-specCaret")).to_have_count(1)
            assert person.flags(spec_id) == [other]
        ada.picture(pictures / "several-servers" / "ada.png")
    ada.press("ControlOrMeta+Z")  # only ada's own
    assert SECOND + "(0)" in agree(spec_id, ada, grace)
    grace.leave()
    expect(ada.spec(spec_id).locator(".jp-SpecPeople-face")).to_have_count(0)
    expect(ada.spec(spec_id).locator(".cm-specCaret")).to_have_count(0)


def test_behind_a_proxy_that_takes_turns_one_polls_and_one_has_a_websocket(
    people: People, browser: Browser, team: Team
) -> None:
    with (
        Firewall(*team.servers).running() as blocking,
        Firewall(*team.servers, blocks=False).running() as open_,
    ):
        alan = sits_at(people, browser, blocking.front, "alan", "Alan Turing")
        edith = sits_at(people, browser, open_.front, "edith", "Edith Clarke")
        spec_id = edith.new_spec("Churn model", demo_text())
        both_open(spec_id, alan, edith)
        both_write(alan, edith, spec_id)
        ways = [person.connection(spec_id)["transport"] for person in (alan, edith)]
        assert ways == ["polling", "websocket"]
        alan.leave()
        edith.leave()
        # A polling session that lives on the other server is joined anew: the refusal is no fault.
        alan.faults[:] = [fault for fault in alan.faults if "status of 409" not in fault]
