"""jupyter-collaboration: Yjs documents on a Jupyter server, one file each, saved a second after an edit."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from tests.bench.frames import BINARY
from tests.bench.load import Recorder, Typist
from tests.bench.peers import ysync
from tests.bench.peers.install import collaboration, python_versions, show_pycrdt
from tests.bench.peers.ysync import Reader, YTypist, chunk, number
from tests.bench.program import Program
from tests.serving import OTHER_EXTENSIONS

TOKEN: Final = "t" * 40
LOGIN: Final = {"Authorization": f"token {TOKEN}"}


class CollaborationClient(YTypist):
    """Everybody gets every update, whoever made it; one's own, coming back, is all the acknowledgement there is."""

    def opened(self) -> None:
        self.send_sync(ysync.STEP_1, ysync.NOTHING_KNOWN)

    def send_sync(self, kind: int, payload: bytes) -> None:
        self.send(number(ysync.SYNC) + number(kind) + chunk(payload), BINARY)

    def take(self, payload: bytes, now: float) -> None:
        reader = Reader(payload)
        if reader.number() == ysync.SYNC:
            self.take_sync(reader, now)

    def take_own(self, key: Hashable, now: float) -> None:
        if key in self.recorder.due:
            self.acknowledged(key, now)


class Collaboration(Program):
    name = "jupyter-collaboration"
    durable = False
    keeps = True

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, where=directory)  # beside which it keeps the updates
        self._files = directory / "notebooks"
        self._config = directory / "config"
        enabled = {"jupyter_server_fileid": True, "jupyter_server_ydoc": True}
        enabled |= dict.fromkeys((*OTHER_EXTENSIONS, "jupyter_speccollab", "jupyterlab"), False)
        (self._config / "jupyter_server_config.d").mkdir(parents=True)
        self._files.mkdir()
        self._data = directory / "data"
        self._data.mkdir()
        (self._config / "jupyter_server_config.d" / "zz_bench.json").write_text(
            json.dumps({"ServerApp": {"jpserver_extensions": enabled}})
        )

    def start(self) -> None:
        show_pycrdt()
        super().start()

    def command(self) -> Sequence[str]:
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,
            "ServerApp.root_dir": self._files,
            "IdentityProvider.token": TOKEN,
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return [str(collaboration()), "-m", "jupyter_server", *arguments]

    def environment(self) -> Mapping[str, str]:
        return {
            "PYTHONPATH": "",
            "JUPYTER_CONFIG_DIR": str(self._config),
            "JUPYTER_DATA_DIR": str(self._data),
            "JUPYTER_RUNTIME_DIR": str(self.directory / "runtime"),
            "JUPYTER_PREFER_ENV_PATH": "0",
            "HOME": str(self.directory),
        }

    def versions(self) -> Mapping[str, str]:
        return python_versions("jupyter-collaboration", "pycrdt", "jupyter_server")

    def disk_bytes(self) -> int:
        """The files, and the updates that it keeps beside them."""
        files = [*self._files.rglob("*"), *self.directory.glob(".jupyter_ystore.db*")]
        return sum(file.stat().st_size for file in files if file.is_file())

    async def new_document(self, text: str) -> str:
        document = f"{uuid4()}.txt"
        (self._files / document).write_text(text)
        return document

    async def join(self, document: str, number: int, recorder: Recorder) -> Typist:
        session = await self._session(document)
        path = f"/api/collaboration/room/text:file:{session['fileId']}?sessionId={session['sessionId']}"
        return await CollaborationClient(
            recorder, self.port, path, {**LOGIN, "Person": str(number)}
        ).connect()

    async def _session(self, document: str) -> Any:
        request = HTTPRequest(
            f"http://127.0.0.1:{self.port}/api/collaboration/session/{document}",
            method="PUT",
            headers=LOGIN,
            body=json.dumps({"format": "text", "type": "file"}),
        )
        return json.loads((await AsyncHTTPClient(force_instance=True).fetch(request)).body)

    def rebuilt(self, first: str, watchers: Sequence[Typist]) -> str | None:
        return ysync.rebuilt(watchers[0])
