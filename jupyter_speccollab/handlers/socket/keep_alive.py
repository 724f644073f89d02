"""TCP keep-alive: the operating system finds connections whose other end has disappeared."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Final

OPTIONS: Final = (("TCP_KEEPIDLE", 5), ("TCP_KEEPALIVE", 5), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 2))
"""Socket options in seconds, and the number of tries: a lost connection is noticed after 15 seconds.

The probes are answered by the operating system of the client, so a busy client is not taken for a lost one.
``TCP_KEEPALIVE`` is the name of ``TCP_KEEPIDLE`` on macOS.
"""


def keep_alive(connection: socket.socket | None) -> None:
    """Enable keep-alive on an open TCP connection; do nothing for ``None`` and for other kinds of sockets."""
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with suppress(OSError):  # some systems refuse options on a connection that the client has reset
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in OPTIONS:
            if option := getattr(socket, name, None):
                connection.setsockopt(socket.IPPROTO_TCP, option, value)
