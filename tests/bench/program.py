"""A server that is one program, given a port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.bench import cores
from tests.serving import ROOT, free_port

PATIENCE = 60.0


class Program:
    """Starts and ends it; what it says stands in ``server.log`` of its directory; it runs in ``where``."""

    def __init__(self, directory: Path, where: Path = ROOT) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.port = free_port()
        self._where = where
        self._log = directory / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        """What to run."""
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        """What is added to this process's own."""
        return {}

    def start(self) -> None:
        with cores.on(cores.SERVER), self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self._where,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not start; its log:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
        self.kill()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        self.stop()

    def pids(self) -> Sequence[int]:
        return [self._process.pid] if self._process else []

    def database_pids(self) -> Sequence[int]:
        return []

    def disk_bytes(self) -> int:
        """Everything below its directory but the log."""
        return sum(
            file.stat().st_size for file in self.directory.rglob("*") if file.is_file() and file != self._log
        )

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False
