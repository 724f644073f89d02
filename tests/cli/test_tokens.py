"""``jupyter speccollab tokens revoke``, while a server runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.logins import Login
from tests.serving import JupyterServer

SHORT = "too short"


def run(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "jupyter_speccollab.cli", *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


async def minted(login: Login, spec_id: str) -> str:
    return str((await login.call("POST", f"api/specs/{spec_id}/token"))["token"])


async def test_a_running_server_refuses_revoked_tokens(tmp_path: Path) -> None:
    with JupyterServer(tmp_path) as server:
        ada, bob = server.login("ada", "Ada"), server.login("bob", "Bob")
        spec_id = await ada.new_spec("text")
        agents = {
            name: Login(server.address, {"Authorization": f"Bearer {await minted(login, spec_id)}"})
            for name, login in (("ada", ada), ("bob", bob))
        }
        sockets = {name: await agent.joined(spec_id) for name, agent in agents.items()}
        path = f"--SpecCollabApp.database_path={server.database}"
        code, said, errors = run("tokens", "revoke", "--user", "ada", path)
        assert (code, errors) == (0, "")
        assert "ada" in said
        assert await agents["ada"].refused("GET", "api/specs") == (401, "UNAUTHENTICATED")
        assert await sockets["ada"].closed() == 4401
        await agents["bob"].call("GET", "api/specs")
        await sockets["bob"].nothing_more_but("user_left", "remote_cursor")
        fresh: Any = Login(server.address, {"Authorization": f"Bearer {await minted(ada, spec_id)}"})
        await fresh.call("GET", "api/specs")


def test_a_missing_argument_is_explained() -> None:
    code, _, errors = run("tokens", "revoke")
    assert code == 1
    assert "--user" in errors


@pytest.mark.parametrize("where", ["environment", "file", "beside the specs"])
def test_a_server_with_a_short_secret_does_not_start(tmp_path: Path, where: str) -> None:
    environment, options = {}, {}
    if where == "environment":
        environment["SPECCOLLAB_TOKEN_SECRET"] = SHORT
    elif where == "file":
        (tmp_path / "secret").write_text(SHORT)
        options["SpecCollabApp.token_secret_file"] = str(tmp_path / "secret")
    else:
        (tmp_path / "data" / "speccollab").mkdir(parents=True)
        (tmp_path / "data" / "speccollab" / "token-secret").write_text(SHORT)
    server = JupyterServer(tmp_path, environment=environment, options=options)
    with pytest.raises(RuntimeError, match="the server ended"):
        server.start()
    log = server.log.read_text()
    assert "The secret that signs tokens has 9 bytes, and needs 32" in log
    assert SHORT not in log
