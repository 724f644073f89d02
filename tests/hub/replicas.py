"""Replicas of the hub service, and a load balancer in front of them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from tests.hub.hub import SERVICE, Hub
from tests.ports import free_port
from tests.serving import ROOT


class Replica:
    """A process of the hub service that JupyterHub does not start itself."""

    def __init__(self, hub: Hub, environment: Mapping[str, str]) -> None:
        self.port = free_port()
        self.log = hub.directory / f"replica-{self.port}.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")},
            "PYTHONPATH": str(ROOT),
            "HOME": str(hub.directory),
            "JUPYTER_CONFIG_DIR": str(hub.directory / "service-config"),
            "JUPYTER_RUNTIME_DIR": str(hub.directory / f"runtime-{self.port}"),
            "JUPYTERHUB_API_URL": f"{hub.url}hub/api",
            "JUPYTERHUB_API_TOKEN": hub.service_token,
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{self.port}",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> Self:
        """Start the process, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = await asyncio.to_thread(
                subprocess.Popen,
                [sys.executable, "-m", "jupyter_speccollab.hub", "--HubIdentityProvider.recheck_seconds=1"],
                cwd=Path("/"),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with asyncio.timeout(60):
            while not await asyncio.to_thread(self._is_up):
                assert self._process.poll() is None, self.log.read_text()[-4000:]
                await asyncio.sleep(0.05)
        return self

    def kill(self) -> None:
        """Kill the process."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def _is_up(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/{SERVICE}health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


class Balancer:
    """Forwards each connection to one of ``ports``, in turn, or to the next one if nobody listens."""

    def __init__(self, *ports: int) -> None:
        self.port = 0
        self._ports = list(ports)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, port: int) -> None:
        """Add a port to forward connections to."""
        self._ports.append(port)

    async def start(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._ports:
            self._ports.append(port := self._ports.pop(0))
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                continue
        else:
            writer.transport.abort()
            return
        pumps = [
            asyncio.create_task(_pump(reader, far_writer)),
            asyncio.create_task(_pump(far_reader, writer)),
        ]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for each in (writer, far_writer):
            each.transport.abort()
        await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
