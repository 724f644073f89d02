"""TCP keep-alive is enabled on connections."""

from __future__ import annotations

import socket

from jupyter_speccollab.handlers.socket.keep_alive import keep_alive


def test_an_idle_connection_is_probed_by_the_operating_system() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as client:
        client.connect(listening.getsockname())
        accepted, _ = listening.accept()
        with accepted:
            keep_alive(accepted)
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0
            idle = getattr(socket, "TCP_KEEPIDLE", None) or socket.TCP_KEEPALIVE  # type: ignore[attr-defined]
            names = (idle, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            after, between, tries = (accepted.getsockopt(socket.IPPROTO_TCP, name) for name in names)
            assert after + between * tries <= 15
    one, other = socket.socketpair()  # a Unix socket, as behind a proxy on the same machine
    with one, other:
        keep_alive(one)
    keep_alive(None)  # the client has left already
