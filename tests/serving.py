"""A real Jupyter server in a process of its own, that can be killed and started again on its files.

::

    with JupyterServer(tmp_path) as server:              # lab=True: all of JupyterLab, with the labextension
        ada = server.login("ada", "Ada Lovelace")        # a `Login`: REST and WebSockets as Ada
        spec_id = await ada.new_spec("# Churn\\n")
        server.kill()                                    # SIGKILL: nothing is flushed, nobody is told
        server.start()                                   # same port, same database, same logins
        await context.add_cookies(server.browser_cookies("bob", "Bob Kahn"))     # Playwright
        await page.goto(f"{server.url}lab/workspaces/bob?reset")

Starting takes two to four seconds. What the server says stands in ``server.log``. The
methods block; in a coroutine that has other work to do call them by `asyncio.to_thread`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.error import URLError
from urllib.request import Request, urlopen

from tornado.web import create_signed_value

from tests.handlers.logins import XSRF, Login
from tests.ports import free_port

ROOT: Final = Path(__file__).parents[1]
BUNDLE: Final = ROOT / "jupyter_speccollab" / "labextension"
COOKIE_SECRET: Final = b"only for tests: thirty-two bytes"

OTHER_EXTENSIONS: Final = (
    "jupyter_lsp",
    "jupyter_server_terminals",
    "jupyterlab",
    "notebook",
    "notebook_shim",
)
"""What an installation usually enables; a plain server goes without, for speed."""

LAB_OPTIONS: Final[Mapping[str, object]] = {
    "LabApp.expose_app_in_browser": True,
    "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "LabApp.extension_manager": "readonly",
    "LabApp.collaborative": False,
}
NO_NEWS: Final = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


class JupyterServer:
    """A server process on ``127.0.0.1``; everything that it writes stands below ``directory``.

    ``options`` are traits, such as ``{"SpecCollabApp.operations_per_minute": 1_000_000}``; ``environment`` is
    added to this process's own. ``patience`` is how many seconds starting and stopping may take. ``front`` is the
    port that logins made from now on go to: that of a proxy, or the server's own. ``configuration`` is Python that
    the server runs at its start.
    """

    def __init__(
        self,
        directory: Path,
        *,
        lab: bool = False,
        options: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
        port: int | None = None,
        patience: float = 60.0,
        configuration: str = "",
    ) -> None:
        self.directory = directory
        self.lab = lab
        self.port = self.front = port or free_port()
        self.token = "t" * 40
        self.notebooks = directory / "notebooks"
        self.database = directory / "data" / "speccollab" / "specs.sqlite3"
        self.log = directory / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._options = dict(options or {})
        self._environment = dict(environment or {})
        self._patience = patience
        self._configuration = configuration
        self._write_files()

    # the process ------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Start it and wait until it answers. Raises `RuntimeError`, with the end of the log, if it doesn't."""
        self.launch()
        self.wait()
        return self

    def launch(self) -> None:
        """Start it."""
        assert self.process is None, "it runs already"
        self.process = self._spawn()

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Shut it down as an operating system does, by SIGTERM; kills it if that takes too long."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self._patience)
        self.kill()

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    @property
    def pid(self) -> int:
        assert self.process is not None, "it does not run"
        return self.process.pid

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # who asks ---------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Host, port and base path, as `Login` takes it."""
        return f"127.0.0.1:{self.front}/"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def cookies(self, username: str, name: str) -> dict[str, str]:
        """The cookies of somebody who has logged in; they outlive a restart."""
        user = {
            "username": username,
            "name": name,
            "display_name": name,
            "initials": name[0],
            "color": None,
            "avatar_url": None,
        }
        login = f"username-127-0-0-1-{self.front}"
        return {
            login: create_signed_value(COOKIE_SECRET, login, json.dumps(user)).decode(),
            "_xsrf": XSRF,
        }

    def headers(self, username: str, name: str) -> dict[str, str]:
        """The headers that a browser of theirs would send."""
        cookies = "; ".join(f"{key}={value}" for key, value in self.cookies(username, name).items())
        return {"Cookie": cookies, "X-XSRFToken": XSRF}

    def browser_cookies(self, username: str, name: str) -> list[dict[str, Any]]:
        """The cookies as Playwright's ``context.add_cookies`` takes them; open `url` with these, without a token.

        Without ``_xsrf``: a page gets one of the server.
        """
        cookies = self.cookies(username, name)
        del cookies["_xsrf"]
        return [{"name": key, "value": value, "url": self.url} for key, value in cookies.items()]

    def login(self, username: str, name: str) -> Login:
        """Somebody with a login of their own."""
        return Login(self.address, self.headers(username, name))

    def owner(self) -> Login:
        """Whoever holds the server's token."""
        return Login(self.address, {"Authorization": f"token {self.token}"})

    # how it is started ------------------------------------------------------------------------------------

    def _spawn(self) -> subprocess.Popen[bytes]:
        program = "jupyterlab" if self.lab else "jupyter_server"
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", program, *self._arguments()],
                cwd=self.notebooks,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _arguments(self) -> list[str]:
        options: dict[str, object] = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,
            "IdentityProvider.token": self.token,
            **(LAB_OPTIONS if self.lab else {}),
            **self._options,
        }
        return [f"--{name}={value}" for name, value in options.items()]

    def environment(self) -> dict[str, str]:
        """The environment of the process."""
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        return {
            **os.environ,
            "PYTHONPATH": path,
            "JUPYTER_CONFIG_DIR": str(self.directory / "config"),
            "JUPYTER_DATA_DIR": str(self.directory / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.directory / "runtime"),
            "IPYTHONDIR": str(self.directory / "ipython"),
            "JUPYTER_PREFER_ENV_PATH": "0",  # else an environment's own configuration comes before ours
            "HOME": str(self.directory),
            **self._environment,
        }

    def _write_files(self) -> None:
        for name in ("config", "data", "runtime", "ipython", "notebooks"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        enabled = {"jupyter_speccollab": True, **dict.fromkeys(OTHER_EXTENSIONS, False)}
        if self.lab:
            enabled = {"jupyter_speccollab": True, "jupyterlab": True}
            self._show_labextension()
        config = self.directory / "config"
        (config / "jupyter_server_config.py").write_text(
            f"c.ServerApp.cookie_secret = {COOKIE_SECRET!r}\n{self._configuration}"
        )
        (config / "jupyter_server_config.d").mkdir(exist_ok=True)
        (config / "jupyter_server_config.d" / "zz_tests.json").write_text(
            json.dumps({"ServerApp": {"jpserver_extensions": enabled}})
        )

    def _show_labextension(self) -> None:
        """Link the bundle of this tree, so that nothing needs to be installed."""
        link = self.directory / "data" / "labextensions" / "jupyter-speccollab"
        link.parent.mkdir(exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(BUNDLE, target_is_directory=True)
        page_config = self.directory / "config" / "labconfig" / "page_config.json"
        page_config.parent.mkdir(exist_ok=True)
        page_config.write_text(json.dumps(NO_NEWS))

    def wait(self) -> None:
        """Wait until it answers. Raises `RuntimeError` as `start`."""
        deadline = time.monotonic() + self._patience
        while not self._answers():
            assert self.process is not None
            ended = self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.kill()
                end = "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])
                raise RuntimeError(f"the server {'ended' if ended else 'does not answer'}; its log:\n{end}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        request = Request(
            f"http://127.0.0.1:{self.port}/api/specs", headers={"Authorization": f"token {self.token}"}
        )
        try:
            with urlopen(request, timeout=5) as response:
                return bool(response.status == 200)
        except (URLError, OSError):
            return False
