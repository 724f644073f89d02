"""The demo's JupyterLab: it listens at a second port, for a colleague."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

from jupyter_server.serverapp import ServerApp, random_ports
from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]
from tornado.netutil import bind_sockets

from jupyter_speccollab.demo.content import COLLEAGUE_WORKSPACE
from jupyter_speccollab.demo.identity import COLLEAGUE

HOST: Final = "127.0.0.1"
"""The demo is reached from this machine only."""

TRIES: Final = 50
"""How many ports are tried."""


class DemoServer(ServerApp):
    """A Jupyter server whose second port is the address of a colleague."""

    colleague_port: int | None = None
    """``None`` where no port is free."""

    def init_httpserver(self) -> None:
        """Listen at a second port, too."""
        super().init_httpserver()
        sockets = _free_sockets(self.port + 1)
        if sockets:
            self.colleague_port = sockets[0].getsockname()[1]
            self.io_loop.add_callback(self.http_server.add_sockets, sockets)

    def start_app(self) -> None:
        """Print both addresses."""
        super().start_app()
        if self.colleague_port is not None:
            about = f"As a colleague, {COLLEAGUE.name}, in a second window:"
            sys.stderr.write(f"\n    {about}\n        {self.colleague_url}\n\n")
            sys.stderr.flush()

    @property
    def colleague_url(self) -> str:
        """The address that opens the demo spec as the colleague."""
        token = self.identity_provider.token
        query = f"?{urlencode({'token': token})}" if token else ""
        return (
            f"http://{HOST}:{self.colleague_port}{self.base_url}lab/workspaces/{COLLEAGUE_WORKSPACE}{query}"
        )


class DemoLab(LabApp):  # type: ignore[misc]
    """JupyterLab on a `DemoServer`."""

    serverapp_class = DemoServer

    @classmethod
    def get_extension_package(cls) -> Any:
        """JupyterLab's own package."""
        return LabApp.get_extension_package()


def _free_sockets(first: int) -> list[socket.socket]:
    """Sockets that listen at the first free port from ``first`` on, or near it; empty if none of them is free."""
    for port in random_ports(first, TRIES):
        with suppress(OSError):
            return bind_sockets(port, HOST)
    return []
