"""Servers that start within 0.1 s, because they are forked from a process that has imported all modules.

A forked server is a real server: it reads its configuration, opens its database and listens.
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


class ForkServer:
    """The process that forks servers, one after the other."""

    def __init__(self, server: JupyterServer) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.fork_server"],
            cwd=server.notebooks,
            env=server.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str, *details: Any) -> Any:
        """Call one of the functions below in that process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, *details]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class ForkedProcess:
    """A forked server with the interface of `subprocess.Popen`."""

    def __init__(self, fork_server: ForkServer, arguments: Sequence[str], log: Path) -> None:
        self._fork_server = fork_server
        self.pid: int = fork_server.ask("start", list(arguments), str(log))
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code, if the server has ended."""
        if self._code is None:
            self._code = self._fork_server.ask("poll", self.pid)
        return self._code

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until the server has ended; the exit code."""
        if self._code is None:
            self._code = self._fork_server.ask("wait", self.pid)
        return self._code

    def send_signal(self, number: int) -> None:
        """Send a signal, if the process exists."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


class ForkedServer(JupyterServer):
    """A `JupyterServer` that starts by a fork."""

    def __enter__(self) -> Self:
        self._fork_server = ForkServer(self)
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._fork_server.close()

    def _spawn(self) -> Any:
        return ForkedProcess(self._fork_server, self._arguments(), self.log)


# functions of the process that forks ----------------------------------------------------------------------


def start(arguments: list[str], log: str) -> int:
    """Fork a new server; its pid."""
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
    """The exit code of a server, if it has ended."""
    ended, status = os.waitpid(pid, options)
    return os.waitstatus_to_exitcode(status) if ended else None


def wait(pid: int) -> int | None:
    """Wait until a server has ended; its exit code."""
    return poll(pid, 0)


def main() -> None:
    import jupyter_server.serverapp  # noqa: F401 (imported before the fork)

    import jupyter_speccollab.app  # noqa: F401

    for line in iter(sys.stdin.readline, ""):
        what, *details = json.loads(line)
        answer = {"start": start, "poll": poll, "wait": wait}[what](*details)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
