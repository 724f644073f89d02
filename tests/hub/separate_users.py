"""A spawner that starts each user's server as its own user of the operating system, like a production hub."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Dict, Unicode

FIRST: Final = 61_000
"""The first of the user ids, which a usual machine does not use."""


class SeparateUsersSpawner(SimpleLocalProcessSpawner):
    """Needs a hub that runs as root. ``ids`` has the user id of each name."""

    ids = Dict(key_trait=Unicode()).tag(config=True)

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Directories of the user's own. In the other tests of the hub some are shared."""
        env = dict(super().user_env(env))
        own = {"JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
        return {**env, **{name: f"{self.home_dir}/{place}" for name, place in own.items()}}

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        user = self.ids[name]
        home = Path(self.home_dir)
        home.mkdir(mode=0o700, exist_ok=True)
        os.chown(home, user, user)

        def become() -> None:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            os.umask(0o077)
            os.chdir(home)

        return become


def python_for(user: int, path: str) -> str | None:
    """A Python that this user may run and that can import JupyterHub from ``path``; ``None`` if there is none."""
    minor = f"python3.{sys.version_info.minor}"
    for program in (sys.executable, shutil.which(minor, path="/usr/bin:/usr/local/bin")):
        if program is None:
            continue
        try:
            done = subprocess.run(
                [program, "-c", "import jupyterhub.singleuser, ipykernel, jupyter_speccollab.app"],
                env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin", "HOME": "/"},
                cwd="/",
                user=user,
                group=user,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if done.returncode == 0:
            return program
    return None
