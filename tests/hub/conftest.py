"""One JupyterHub for all tests of this directory; what a test changes there, it puts back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.backends.postgres import PostgresServer
from tests.backends.redis import RedisServer
from tests.e2e.browser import chromium
from tests.handlers.logins import Login
from tests.hub.hub import Hub, Visitor
from tests.hub.person import HubPerson

SPECS = "access:services!service=speccollab"
"""What takes part in shared specs has to have this scope."""


SECRET = "only for tests, of the hub's service: no less than thirty-two bytes"


@pytest.fixture(scope="package")
def credentials(
    postgres_server: PostgresServer, migrated_database: str, redis_server: RedisServer
) -> dict[str, str]:
    """What the service has and nobody's own server."""
    database = postgres_server.new_database(migrated_database)
    return {
        "SPECCOLLAB_DATABASE_URL": postgres_server.url(database),
        "SPECCOLLAB_REDIS_URL": redis_server.url(),
        "SPECCOLLAB_TOKEN_SECRET": SECRET,
    }


@pytest.fixture(scope="package")
def hub(tmp_path_factory: pytest.TempPathFactory, credentials: dict[str, str]) -> Iterator[Hub]:
    users = ("ada", "grace", "mallory", "root", "forgotten")
    directory = tmp_path_factory.mktemp("hub")
    with Hub(directory, users=users, admins=("root",), team=("ada", "grace"), credentials=credentials) as hub:
        yield hub


@pytest.fixture(scope="package")
def ada_here(hub: Hub) -> Visitor:
    """Ada, logged in, her server running."""
    return at_home(hub, "ada")


@pytest.fixture(scope="package")
def grace_here(hub: Hub) -> Visitor:
    return at_home(hub, "grace")


@pytest.fixture(scope="package")
def mallory_here(hub: Hub) -> Visitor:
    """Mallory, logged in; she is in no group."""
    return hub.visitor("mallory")


@pytest.fixture(scope="package")
def pictures() -> Path:
    """Where screenshots go, as in the tests of one server."""
    return Path(os.environ.get("SPECCOLLAB_ARTIFACTS") or Path(__file__).parents[2] / "test-results")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def ada_at_desk(browser: Browser, hub: Hub, ada_here: Visitor) -> Iterator[HubPerson]:
    """Ada in front of her own JupyterLab, logged in anew: other tests revoke tokens of hers."""
    person = HubPerson(browser, hub, hub.visitor("ada"), hub.new_token("ada", SPECS), "Ada Lovelace")
    yield person
    person.close()


@pytest.fixture(scope="module")
def grace_at_desk(browser: Browser, hub: Hub, grace_here: Visitor) -> Iterator[HubPerson]:
    person = HubPerson(browser, hub, hub.visitor("grace"), hub.new_token("grace", SPECS), "grace")
    yield person
    person.close()


@pytest.fixture
def ada(hub: Hub) -> Login:
    """Ada at the service, by a token of her own."""
    return hub.login(hub.new_token("ada", SPECS))


@pytest.fixture
def grace(hub: Hub) -> Login:
    return hub.login(hub.new_token("grace", SPECS))


@pytest.fixture
def mallory(hub: Hub) -> Login:
    return hub.login(hub.new_token("mallory", SPECS))


def at_home(hub: Hub, user: str) -> Visitor:
    visitor = hub.visitor(user)
    visitor.start_server()
    return visitor
