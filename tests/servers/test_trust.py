"""Several servers with one database: roles do not protect specs from those who run a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_speccollab.store.postgres import PostgresStore
from tests.backends.redis import RedisServer
from tests.servers.team import Team
from tests.serving import JupyterServer


@pytest.fixture
def strict_team(tmp_path: Path, postgres_url: str, redis_server: RedisServer) -> Iterator[Team]:
    """Two servers with the default of PostgreSQL: a spec belongs to its creator until it is shared."""
    options = {"SpecCollabApp.default_role": "none"}
    with Team(tmp_path, postgres_url, redis_server.url(), options=options) as team:
        yield team


async def test_a_login_is_the_same_person_on_both_and_roles_hold(strict_team: Team) -> None:
    spec_id = await strict_team.login(0, "ada").new_spec("# Secret\n")
    assert (await strict_team.login(1, "ada").call("GET", f"api/specs/{spec_id}"))["role"] == "owner"
    bob = strict_team.login(1, "bob")
    assert await bob.refused("GET", f"api/specs/{spec_id}/document") == (404, "SPEC_NOT_FOUND")


async def test_another_issuer_makes_a_stranger_of_the_same_login(
    strict_team: Team, tmp_path: Path, postgres_url: str
) -> None:
    spec_id = await strict_team.login(0, "ada").new_spec("# Secret\n")
    options: dict[str, object] = {"SpecCollabApp.default_role": "none", "SpecCollabApp.issuer": "elsewhere"}
    with JupyterServer(
        tmp_path, options=options, environment={"SPECCOLLAB_DATABASE_URL": postgres_url}
    ) as third:
        ada = third.login("ada", "Ada")
        assert await ada.refused("GET", f"api/specs/{spec_id}/document") == (404, "SPEC_NOT_FOUND")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
async def test_whoever_runs_one_of_them_reads_everything(strict_team: Team) -> None:
    """The limit in docs/jupyterhub.md: a kernel has the environment of its server, with the password."""
    spec_id = await strict_team.login(0, "ada").new_spec("# Secret\n")
    process = strict_team.servers[1].process
    assert process is not None
    store = PostgresStore(environment_of(process.pid)["SPECCOLLAB_DATABASE_URL"])
    try:
        snapshot = await store.snapshot(spec_id)
    finally:
        await store.close()
    assert snapshot is not None
    assert snapshot.content == "# Secret\n"


def environment_of(pid: int) -> dict[str, str]:
    content = Path(f"/proc/{pid}/environ").read_text()
    return dict(entry.split("=", 1) for entry in content.split("\0") if "=" in entry)
