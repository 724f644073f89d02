"""``jupyter speccollab check`` on a real hub."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_db import run
from tests.hub.conftest import SPECS
from tests.hub.hub import SERVICE, Hub


def check(hub: Hub, tmp_path: Path, token: str) -> tuple[int, str]:
    """The status and output of the command in a terminal of Ada's server with this token."""
    return run(
        tmp_path,
        "check",
        JUPYTERHUB_API_URL=f"{hub.url}hub/api",
        JUPYTERHUB_API_TOKEN=token,
        JUPYTERHUB_USER="ada",
        SPECCOLLAB_URL=f"{hub.url}{SERVICE}",
    )


def test_a_server_that_reaches_the_service(hub: Hub, tmp_path: Path) -> None:
    status, output = check(hub, tmp_path, hub.new_token("ada", SPECS))
    assert (status, output.count("ok  "), output.count("mend")) == (0, 2, 0), output


def test_a_server_without_the_scope_is_told_the_line(hub: Hub, tmp_path: Path) -> None:
    status, output = check(hub, tmp_path, hub.new_token("ada", "access:servers!user=ada"))
    assert (status, output.count("mend")) == (1, 2), output
    assert SPECS in output
    assert "c.Spawner.server_token_scopes" in output


def check_service(hub: Hub, tmp_path: Path, token: str, credentials: dict[str, str]) -> tuple[int, str]:
    """The status and output of the command in the environment of the service."""
    return run(
        tmp_path, "check", JUPYTERHUB_API_URL=f"{hub.url}hub/api", JUPYTERHUB_API_TOKEN=token, **credentials
    )


def test_the_service_finds_all_that_it_needs(hub: Hub, tmp_path: Path, credentials: dict[str, str]) -> None:
    status, output = check_service(hub, tmp_path, hub.service_token, credentials)
    assert (status, output.count("ok  "), output.count("mend")) == (0, 4, 0), output
    assert "Hub: knows this token as speccollab, with the scopes it needs" in output


def test_a_service_without_its_role_is_told_which(
    hub: Hub, tmp_path: Path, credentials: dict[str, str]
) -> None:
    for token, told in (
        (hub.new_token("ada", SPECS), "read:users:name and read:users:groups in c.JupyterHub.load_roles"),
        ("0" * 32, "JUPYTERHUB_API_TOKEN"),
    ):
        status, output = check_service(hub, tmp_path, token, credentials)
        assert (status, output.count("mend")) == (1, 1), output
        assert told in output
