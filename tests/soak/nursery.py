"""Servers that start within a tenth of a second: forked from a process that has loaded everything they need.

What is forked is a real server all the same: it reads its configuration, opens its database and listens.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.serving import JupyterServer

PROGRAM: Final = "jupyter_server"


class Nursery:
    """The process that forks; one for as many servers, one after the other, as there may be."""

    def __init__(self, server: JupyterServer) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.nursery"],
            cwd=server.notebooks,
            env=server.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str, *details: Any) -> Any:
        """Let it do one of the functions below."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, *details]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class Forked:
    """A forked server, in the shape of `subprocess.Popen`."""

    def __init__(self, nursery: Nursery, arguments: Sequence[str], log: Path) -> None:
        self._nursery = nursery
        self.pid: int = nursery.ask("start", list(arguments), str(log))
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        if self._code is None:
            self._code = self._nursery.ask("poll", self.pid)
        return self._code

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end."""
        if self._code is None:
            self._code = self._nursery.ask("wait", self.pid)
        return self._code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it is there."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


class QuickServer(JupyterServer):
    """A `JupyterServer` that is forked."""

    def __enter__(self) -> Self:
        self._nursery = Nursery(self)
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._nursery.close()

    def _spawn(self) -> Any:
        return Forked(self._nursery, self._arguments(), self.log)


# the process that forks -----------------------------------------------------------------------------------


def start(arguments: list[str], log: str) -> int:
    """The pid of a new server."""
    if pid := os.fork():
        return pid
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    from jupyter_server.serverapp import ServerApp

    sys.argv = [PROGRAM, *arguments]
    ServerApp.launch_instance()
    os._exit(0)


def poll(pid: int, options: int = os.WNOHANG) -> int | None:
    """Its exit code, if it has ended."""
    ended, status = os.waitpid(pid, options)
    return os.waitstatus_to_exitcode(status) if ended else None


def wait(pid: int) -> int | None:
    """Its exit code."""
    return poll(pid, 0)


def main() -> None:
    import jupyter_server.serverapp  # noqa: F401 (loaded here, so that the servers need not)

    import jupyter_speccollab.app  # noqa: F401

    for line in iter(sys.stdin.readline, ""):
        what, *details = json.loads(line)
        answer = {"start": start, "poll": poll, "wait": wait}[what](*details)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
