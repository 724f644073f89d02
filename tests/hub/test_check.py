"""``jupyter speccollab check`` on a real hub."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_db import run
from tests.hub.conftest import SPECS
from tests.hub.hub import SERVICE, Hub


def check(hub: Hub, tmp_path: Path, token: str) -> tuple[int, str]:
    """What somebody sees in a terminal of Ada's server that has this token."""
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
