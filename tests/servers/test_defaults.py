"""The defaults with PostgreSQL: users see only specs that are shared with them, and no tokens are made."""

from __future__ import annotations

from pathlib import Path

from tests.serving import JupyterServer


def names_of_files(directory: Path) -> set[str]:
    return {path.name for path in directory.rglob("*")}


async def test_on_postgresql_nothing_is_given_that_nobody_gave(tmp_path: Path, postgres_url: str) -> None:
    environment = {"SPECCOLLAB_DATABASE_URL": postgres_url}
    with JupyterServer(tmp_path, environment=environment) as server:
        ada, bob = server.login("ada", "Ada"), server.login("bob", "Bob")
        spec_id = await ada.new_spec("text")
        path = f"api/specs/{spec_id}"
        assert (await ada.call("GET", f"{path}/collaborators"))["defaultRole"] == "none"
        assert await bob.refused("GET", f"{path}/document") == (404, "SPEC_NOT_FOUND")
        assert (await bob.call("GET", "api/specs"))["specs"] == []
        assert await bob.refused("POST", f"{path}/token") == (404, "SPEC_NOT_FOUND")
        assert await ada.refused("POST", f"{path}/token") == (404, "NOT_FOUND")
        assert "no token_secret is set, so this server makes no tokens" in server.log.read_text()
        assert not names_of_files(tmp_path) & {"token-secret", "specs.sqlite3"}


async def test_with_a_secret_of_its_own_it_makes_tokens(tmp_path: Path, postgres_url: str) -> None:
    environment = {"SPECCOLLAB_DATABASE_URL": postgres_url, "SPECCOLLAB_TOKEN_SECRET": "s" * 32}
    with JupyterServer(tmp_path, environment=environment) as server:
        ada = server.login("ada", "Ada")
        assert (await ada.call("POST", f"api/specs/{await ada.new_spec()}/token"))["token"]
        assert "s" * 32 not in server.log.read_text()
