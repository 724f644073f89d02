"""Ports for servers that tests start, none of them given to two processes at once."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FIRST: Final = 20_000
LAST: Final = 32_000
"""Below the ports of outgoing connections on Linux and macOS: one of those could take a stopped server's port."""

BLOCK: Final = 100
"""Ports that a process reserves at a time."""

_locks: list[int] = []
"""Open files that hold the locks of this process; the operating system closes them when it ends."""


def free_port() -> int:
    """A port that nothing listens on. No other run of the tests takes it while this process lives."""
    for port in _ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port between {FIRST} and {LAST} is free")


def _all_of_this_process() -> Iterator[int]:
    for first in range(FIRST, LAST, BLOCK):
        if _reserve(first):
            yield from range(first, first + BLOCK)


_ports: Final = _all_of_this_process()


def _reserve(first: int) -> bool:
    """Lock the block of ports that begins here; false where another process has it."""
    directory = Path(tempfile.gettempdir(), f"speccollab-ports-{os.getuid()}")
    directory.mkdir(exist_ok=True)
    lock = os.open(directory / str(first), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    _locks.append(lock)
    return True
