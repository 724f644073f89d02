"""A real JupyterHub with its proxy, as processes of their own, that can be stopped and started again.

::

    with Hub(tmp_path) as hub:
        ada = hub.visitor("ada")                    # a browser's session: logs in as Ada
        ada.start_server()
        token = ada.page_token("ada")               # what JupyterLab has in the page of her own server
        login = hub.login(token)                    # a `Login`: REST and WebSockets of the service
        hub.api("DELETE", "/groups/team/users", {"users": ["ada"]})

The hub is configured by ``docs/examples/jupyterhub_config.py`` and, below it, by what makes it a test: who
there is, how they log in, how their servers start.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import requests

from tests.handlers.logins import Login
from tests.ports import free_port
from tests.serving import BUNDLE, NO_NEWS, OTHER_EXTENSIONS, ROOT

EXAMPLE: Final = ROOT / "docs" / "examples" / "jupyterhub_config.py"
PROXY: Final = Path(__file__).parent / "node_modules" / ".bin" / "configurable-http-proxy"
CONFIG: Final = Path(__file__).parent / "jupyterhub_test_config.py"
SERVICE: Final = "services/speccollab/"


class Hub:
    """A hub on ``127.0.0.1``; everything that it writes stands below ``directory``.

    ``users`` may log in; of them ``admins`` are the hub's admins, and ``team`` are in the group of that name.
    ``credentials`` are put into files of which the service is told, ``environment`` is added to the hub's.
    ``service_url`` is where a service listens that the hub does not start. ``ids`` are the user ids that people's
    servers run as, by ``python``; without them they run as whoever runs the tests.
    """

    def __init__(
        self,
        directory: Path,
        *,
        users: tuple[str, ...] = ("ada", "grace"),
        admins: tuple[str, ...] = (),
        team: tuple[str, ...] = (),
        credentials: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        service_url: str = "",
        ids: Mapping[str, int] | None = None,
        python: str = sys.executable,
        patience: float = 120.0,
    ) -> None:
        self.directory = directory
        self.token = secrets.token_hex(16)
        self.service_token = secrets.token_hex(16)
        self.log = directory / "hub.log"
        self.port, self.service_port = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._patience = patience
        self._environment = {
            "HUB_TESTS": json.dumps(
                {
                    "directory": str(directory),
                    "example": str(EXAMPLE),
                    "proxy": str(PROXY),
                    "port": self.port,
                    "hub_port": free_port(),
                    "proxy_api_port": free_port(),
                    "users": users,
                    "admins": admins,
                    "team": team,
                    "token": self.token,
                    "service_token": self.service_token,
                    "service_url": service_url,
                    "ids": dict(ids or {}),
                    "python": python,
                }
            ),
            "SPECCOLLAB_LISTEN": f"http://127.0.0.1:{self.service_port}",
            "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16),
            "JUPYTERHUB_CRYPT_KEY": secrets.token_hex(32),
            **(environment or {}),
        }
        self._write_files()
        for name, value in (credentials or {}).items():
            file = directory / "credentials" / name
            file.write_text(value)
            file.chmod(0o600)
            self._environment[f"{name}_FILE"] = str(file)

    # the process ------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Start the hub, its proxy and its service, and wait until they answer."""
        assert self.process is None, "it runs already"
        if not PROXY.exists():
            raise RuntimeError("The proxy that JupyterHub needs is not there: run `make proxy`.")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)],
                cwd=self.directory,
                env=self._full_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_with_interrupts,  # noqa: PLW1509 (no other thread starts processes here)
            )
        self.until(self._answers, "the hub and its service to answer")
        return self

    def stop(self) -> None:
        """Shut it down with its proxy, its service and everybody's servers."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self._patience)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill(self) -> None:
        """End the hub alone, as a crash does: its proxy, its service and everybody's servers stay."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def until(self, holds: Any, what: str) -> None:
        """Wait until ``holds()``; fails with the end of the hub's log."""
        deadline = time.monotonic() + self._patience
        while not holds():
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                end = "\n".join(self.log.read_text(errors="replace").splitlines()[-60:])
                raise RuntimeError(f"waited in vain for {what}; the hub's log:\n{end}")
            time.sleep(0.2)  # the hub answers each question itself

    # who asks ---------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def login(self, token: str) -> Login:
        """Whoever holds this token, at the service."""
        return Login(f"127.0.0.1:{self.port}/{SERVICE}", {"Authorization": f"token {token}"})

    def stranger(self) -> Login:
        """Somebody without a token, at the service."""
        return Login(f"127.0.0.1:{self.port}/{SERVICE}", {})

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the hub as its admin; the answer, which has to be a success."""
        headers = {"Authorization": f"token {self.token}"}
        url = f"{self.url}hub/api{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=30)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def service_pid(self) -> int:
        """The process of the service that the hub has started last."""
        return int(self.api("GET", "/services/speccollab")["pid"])

    def new_token(self, user: str, *scopes: str) -> str:
        """A token that ``user`` makes for a script; without ``scopes`` it may do what they may."""
        asked = {"scopes": list(scopes)} if scopes else {}
        return str(self.api("POST", f"/users/{user}/tokens", asked)["token"])

    def visitor(self, user: str) -> Visitor:
        """A browser in which ``user`` has logged in."""
        return Visitor(self, user)

    # how it is started ------------------------------------------------------------------------------------

    def _answers(self) -> bool:
        try:
            hub = requests.get(f"{self.url}hub/health", timeout=5)
            service = requests.get(f"{self.url}{SERVICE}api/specs", timeout=5)
        except requests.RequestException:
            return False
        return hub.ok and service.status_code == 401

    def _full_environment(self) -> dict[str, str]:
        more = self._environment.get("PYTHONPATH") or os.environ.get("PYTHONPATH")
        path = os.pathsep.join(filter(None, [str(ROOT), more]))
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")},
            "JUPYTER_CONFIG_DIR": str(self.directory / "config"),
            "JUPYTER_DATA_DIR": str(self.directory / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.directory / "runtime"),
            "IPYTHONDIR": str(self.directory / "ipython"),
            "JUPYTER_PREFER_ENV_PATH": "0",
            "HOME": str(self.directory),
            **self._environment,
            "PYTHONPATH": path,
        }

    def _write_files(self) -> None:
        for name in ("config", "credentials", "data", "runtime", "ipython", "home"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        enabled = {**dict.fromkeys(OTHER_EXTENSIONS, False), "jupyter_speccollab": True, "jupyterlab": True}
        (self.directory / "config" / "jupyter_server_config.d").mkdir(exist_ok=True)
        (self.directory / "config" / "jupyter_server_config.d" / "zz_tests.json").write_text(
            json.dumps({"ServerApp": {"jpserver_extensions": enabled}})
        )
        link = self.directory / "data" / "labextensions" / "jupyter-speccollab"
        link.parent.mkdir(exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(BUNDLE, target_is_directory=True)
        page_config = self.directory / "config" / "labconfig" / "page_config.json"
        page_config.parent.mkdir(exist_ok=True)
        page_config.write_text(json.dumps(NO_NEWS))


class Visitor:
    """One browser's cookies, without the browser."""

    def __init__(self, hub: Hub, user: str) -> None:
        self.hub = hub
        self.user = user
        self.session = requests.Session()
        self.session.headers["User-Agent"] = "tests"
        self.get("hub/login")
        answer = self.post("hub/login?next=/hub/home", {"username": user, "password": "trial"})
        assert "logout" in answer.text, answer.text[:500]

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.hub.url + path, timeout=60, **options)

    def post(self, path: str, form: Mapping[str, Any], **options: Any) -> requests.Response:
        """Send a form as the page at this path would."""
        data = {"_xsrf": self._xsrf("/hub/"), **form}
        return self.session.post(self.hub.url + path, data=data, timeout=60, **options)

    def start_server(self) -> None:
        """Start this user's own server, and wait until it runs."""
        self.hub.api("POST", f"/users/{self.user}/server")
        self.hub.until(self.has_server, f"the server of {self.user}")

    def stop_server(self) -> None:
        self.hub.api("DELETE", f"/users/{self.user}/server")
        self.hub.until(lambda: not self.has_server(), f"the end of the server of {self.user}")

    def has_server(self) -> bool:
        return bool(self.hub.api("GET", f"/users/{self.user}")["servers"].get("", {}).get("ready"))

    def lab(self, owner: str) -> requests.Response:
        """Open the JupyterLab of ``owner``, agreeing where the hub asks whether that may be."""
        answer = self.get(f"user/{owner}/lab")
        if "oauth2/authorize" in answer.url:
            scopes = re.findall(r'name="scopes" *[^>]*value="([^"]+)"', answer.text)
            path = answer.url.removeprefix(self.hub.url)
            answer = self.post(path, {"scopes": scopes}, headers={"Referer": answer.url})
        return answer

    def page_token(self, owner: str) -> str:
        """The token that JupyterLab finds in its page on the server of ``owner``."""
        return str(self.page_config(owner)["token"])

    def page_config(self, owner: str) -> dict[str, Any]:
        page = self.lab(owner)
        found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page.text, re.DOTALL)
        assert found, (page.status_code, page.url, page.text[:2000])
        return dict(json.loads(found[1]))

    def _xsrf(self, path: str) -> str:
        return next(
            str(cookie.value)
            for cookie in self.session.cookies
            if cookie.name == "_xsrf" and cookie.path == path
        )


def _with_interrupts() -> None:
    """A process that ignores SIGINT, as a shell's background jobs do, takes half a minute to end its servers."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
