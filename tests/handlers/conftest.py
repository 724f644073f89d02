"""A Jupyter server with the extension, and its users."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from tests.handlers.logins import Login, Logins


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
