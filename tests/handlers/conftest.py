"""A Jupyter server with the extension, and its users."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from tests.handlers.logins import Login, Logins
from tests.handlers.threads import TEXT, Spec


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    """Traits of the extension. Override this fixture to set some."""
    return {}


@pytest.fixture
def jp_server_config(
    tmp_path: Path, speccollab_config: dict[str, Any], migrated_file: Path
) -> dict[str, Any]:
    database = shutil.copy(migrated_file, tmp_path / "specs.sqlite3")
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_speccollab": True}},
        "SpecCollabApp": {"database_path": str(database), **speccollab_config},
    }


@pytest.fixture
def logins(jp_serverapp: ServerApp, http_server: Any, jp_base_url: str) -> Logins:
    """Makes users who are logged in with a cookie, like browsers."""
    return Logins(jp_serverapp, jp_base_url)


@pytest.fixture
def ada(logins: Logins) -> Login:
    return logins.of("ada", "Ada Lovelace")


@pytest.fixture
def bob(logins: Logins) -> Login:
    return logins.of("bob", "Bob Kahn")


@pytest.fixture
def spec(ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Spec:
    """Ada owns it, Bob may comment."""

    async def make() -> Spec:
        made = Spec(ada, await ada.new_spec(TEXT))
        await bob.call("GET", "api/specs")  # so that he is known
        await made.role("bob", "commenter")
        return made

    return jp_asyncio_loop.run_until_complete(make())
