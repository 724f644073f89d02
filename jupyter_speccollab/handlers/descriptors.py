"""File descriptors: how many this process may have, and how many of them are for connections."""

from __future__ import annotations

import sys
from typing import Final

LARGEST: Final = 100_000
"""The limit that is assumed where the system has none, or a larger one."""


def descriptor_limit() -> int:
    """How many descriptors this process may have, at most `LARGEST`."""
    if sys.platform == "win32":
        return LARGEST
    import resource  # noqa: PLC0415 (not on Windows)

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return LARGEST if soft == resource.RLIM_INFINITY else min(soft, LARGEST)


def sockets_within(limit: int) -> int:
    """How many of ``limit`` descriptors WebSockets may take.

    A quarter, and at least 128, remain for requests, logins, files, the database and kernels; with a very low
    limit, three quarters do.
    """
    return max(limit - max(limit // 4, 128), limit // 4, 1)


def connections_within(limit: int) -> int:
    """How many descriptors may be in use when a connection is accepted: the last sixteenth is for the server."""
    return max(limit - max(limit // 16, 16), 1)
