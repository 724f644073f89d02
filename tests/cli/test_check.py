"""``jupyter speccollab check``, run as a command."""

from __future__ import annotations

from pathlib import Path

from tests.backends.postgres import PostgresServer
from tests.backends.redis import RedisServer
from tests.cli.test_db import run
from tests.ports import free_port

SECRET = "s" * 32


def test_a_good_setup_passes_and_nothing_is_changed(
    tmp_path: Path, postgres_url: str, redis_server: RedisServer
) -> None:
    status, output = run(
        tmp_path,
        "check",
        SPECCOLLAB_DATABASE_URL=postgres_url,
        SPECCOLLAB_REDIS_URL=redis_server.url(),
        SPECCOLLAB_TOKEN_SECRET=SECRET,
    )
    assert (status, output.count("ok  "), output.count("mend")) == (0, 4, 0), output
    assert list(tmp_path.glob("**/*.sqlite3")) == []


def test_each_fault_is_reported_with_its_remedy(tmp_path: Path, postgres_server: PostgresServer) -> None:
    empty = postgres_server.url(postgres_server.new_database())
    away = f"redis://:hunter2@127.0.0.1:{free_port()}/0"
    status, output = run(
        tmp_path,
        "check",
        SPECCOLLAB_DATABASE_URL=empty,
        SPECCOLLAB_REDIS_URL=away,
        SPECCOLLAB_TOKEN_SECRET="short",
        JUPYTERHUB_API_URL=f"http://127.0.0.1:{free_port()}/hub/api",
        JUPYTERHUB_API_TOKEN="0" * 32,
    )
    assert (status, output.count("mend"), output.count("ok  ")) == (1, 4, 0), output
    for told in ("jupyter speccollab db upgrade", "redis_url", "needs 32", "JUPYTERHUB_API_URL"):
        assert told in output
    assert "hunter2" not in output


def test_addresses_that_can_not_be_read_are_reported_without_their_passwords(tmp_path: Path) -> None:
    status, output = run(
        tmp_path,
        "check",
        SPECCOLLAB_DATABASE_URL="postgresql://ada:hunter2/x@localhost/specs",
        SPECCOLLAB_REDIS_URL="redis://:hunter2/x@localhost/0",
    )
    assert (status, output.count("mend")) == (1, 2), output
    assert output.count("write %2F for /") == 2
    assert "hunter2" not in output
    status, output = run(
        tmp_path,
        "check",
        SPECCOLLAB_URL=f"http://127.0.0.1:{free_port()}/services/speccollab/?token=hunter2",
        JUPYTERHUB_API_URL=f"http://127.0.0.1:{free_port()}/hub/api",
        JUPYTERHUB_API_TOKEN="0" * 32,
        JUPYTERHUB_USER="ada",
    )
    assert "/services/speccollab/ does not answer" in output
    assert "hunter2" not in output


def test_credentials_may_be_in_files(tmp_path: Path, postgres_url: str, redis_server: RedisServer) -> None:
    known = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_server.url(), "TOKEN_SECRET": SECRET}
    for name, value in known.items():
        (tmp_path / name).write_text(f"{value}\n")
    files = {f"SPECCOLLAB_{name}_FILE": str(tmp_path / name) for name in known}
    status, output = run(tmp_path, "check", **files)
    assert (status, output.count("mend")) == (0, 0), output
    for told in ("PostgreSQL answers", "Redis: answers", "Secret of tokens: is set"):
        assert told in output


def test_a_single_server_needs_no_configuration(tmp_path: Path) -> None:
    status, output = run(tmp_path, "check")
    assert (status, output.count("mend")) == (0, 0), output
    assert list(tmp_path.glob("**/*.sqlite3")) == []
