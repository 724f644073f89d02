"""A user's code can't read the credentials of the service, if servers run as users of their own."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.backends.postgres import PostgresServer
from tests.backends.redis import RedisServer
from tests.handlers.logins import Login
from tests.hub.conftest import SPECS
from tests.hub.hub import Hub
from tests.hub.kernel import printed
from tests.hub.separate_users import FIRST, python_for
from tests.hub.test_own_server import environment_of_server
from tests.serving import ROOT

USERS = ("ada", "mallory")

SEARCH = """
import json, os
from pathlib import Path

def content(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""

def files():
    for process in Path("/proc").glob("[0-9]*"):
        if process.name != str(os.getpid()):
            yield from (process / name for name in ("environ", "cmdline"))
    for place, _, names in os.walk(DIRECTORY):
        yield from (Path(place, name) for name in names)

secrets = [backwards[::-1].encode() for backwards in BACKWARDS]
found = [str(path) for path in files() if any(secret in content(path) for secret in secrets)]
print(json.dumps(sorted(found)))
"""
"""Searches all processes and all files of the hub. The secrets are reversed, so that it does not find itself."""

ATTEMPTS = """
import asyncio, os, socket, asyncpg

async def connect():
    await asyncpg.connect("POSTGRES", ssl=False)

def ping():
    with socket.create_connection(("127.0.0.1", REDIS_PORT)) as connection:
        connection.sendall(b"PING\\r\\n")
        if connection.recv(100).startswith(b"-NOAUTH"):
            raise PermissionError

for name, attempt in {
    "database": lambda: asyncio.run(connect()),
    "redis": ping,
    "signal": lambda: os.kill(SERVICE, 0),
    "memory": lambda: open("/proc/SERVICE/mem", "rb"),
    "open files": lambda: os.listdir("/proc/SERVICE/fd"),
    "home": lambda: os.listdir("HOME_OF_ADA"),
}.items():
    try:
        attempt()
    except Exception as error:
        print(name, type(error).__name__)
    else:
        print(name, "WORKED")
"""


@pytest.fixture
def python() -> str:
    if os.geteuid() != 0:
        pytest.skip("only root can start servers as other users")
    path = os.pathsep.join([str(ROOT), *site.getsitepackages()])
    found = python_for(FIRST, path)
    if found is None:
        pytest.skip(
            f"no Python of version 3.{sys.version_info.minor} that other users of this machine may run"
        )
    return found


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory that other users can read, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="speccollab-hub-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def guarded(postgres_server: PostgresServer, migrated_database: str) -> Iterator[dict[str, str]]:
    """A database and a Redis server that require a password."""
    database = postgres_server.new_database(migrated_database)
    passwords = secrets.token_hex(16), secrets.token_hex(16)
    postgres_server.guard(database, passwords[0])
    redis = RedisServer("--requirepass", passwords[1])
    try:
        at_redis = redis.start().url().replace("//", f"//:{passwords[1]}@")
        at_postgres = postgres_server.url(database).replace("postgres@", f"{database}:{passwords[0]}@")
        yield {
            "SPECCOLLAB_DATABASE_URL": at_postgres,
            "SPECCOLLAB_REDIS_URL": at_redis,
            "SPECCOLLAB_TOKEN_SECRET": secrets.token_hex(32),
        }
    finally:
        redis.remove()


async def test_what_another_user_reads_of_the_credentials_is_nothing(
    python: str, directory: Path, guarded: dict[str, str]
) -> None:
    ids = {user: FIRST + number for number, user in enumerate(USERS)}
    path = {"PYTHONPATH": os.pathsep.join(site.getsitepackages())}
    hub = Hub(directory, users=USERS, credentials=guarded, environment=path, ids=ids, python=python)
    try:
        await asyncio.to_thread(hub.start)
        for user in USERS:
            await asyncio.to_thread(lambda user=user: hub.visitor(user).start_server())
        await they_write_together(*(hub.login(hub.new_token(user, SPECS)) for user in USERS))

        database, redis = (urlsplit(guarded[f"SPECCOLLAB_{name}_URL"]) for name in ("DATABASE", "REDIS"))
        token_of_ada = environment_of_server(hub, "ada")["JUPYTERHUB_API_TOKEN"]
        wanted = [database.password, redis.password, guarded["SPECCOLLAB_TOKEN_SECRET"], hub.service_token]
        backwards = [str(each)[::-1] for each in (*wanted, token_of_ada)]
        search = f"DIRECTORY, BACKWARDS = {str(directory)!r}, {backwards!r}\n{SEARCH}"
        service = hub.service_pid()
        readable = found_by_root(search)
        assert {f"/proc/{service}/environ", *(f"{directory}/credentials/{name}" for name in guarded)} <= set(
            readable
        )
        assert f"{directory}/jupyterhub.sqlite" not in readable

        key = hub.new_token("mallory")
        who = await printed(hub, "mallory", key, "import os; print(os.getresuid(), os.getgroups())")
        assert who.strip() == f"{(ids['mallory'],) * 3} []"
        assert (await printed(hub, "mallory", key, search)).strip() == "[]"
        known = {
            "POSTGRES": f"postgresql://postgres@127.0.0.1:{database.port}{database.path}",
            "REDIS_PORT": redis.port,
            "SERVICE": service,
            "HOME_OF_ADA": f"{directory}/home/ada",
        }
        attempts = ATTEMPTS
        for name, value in known.items():
            attempts = attempts.replace(name, str(value))
        by_itself = f"""
import subprocess, sys
done = subprocess.run([sys.executable, "-c", {attempts!r}], capture_output=True, text=True)
print(done.stdout + done.stderr, end="")
"""
        assert (await printed(hub, "mallory", key, by_itself)).split("\n")[:-1] == [
            "database InvalidPasswordError",
            "redis PermissionError",
            "signal PermissionError",
            "memory PermissionError",
            "open files PermissionError",
            "home PermissionError",
        ]
    finally:
        await asyncio.to_thread(hub.stop)


async def they_write_together(ada: Login, mallory: Login) -> None:
    """Use the service, so that it uses all its credentials."""
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:mallory", {"role": "contributor"})
    assert (await mallory.joined(spec_id)).welcome["role"] == "contributor"
    await ada.call("POST", f"api/specs/{spec_id}/token")


def found_by_root(search: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", search], capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))
