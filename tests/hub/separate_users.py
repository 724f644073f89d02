"""Everybody's server as a user of the operating system of its own, as a hub of many people runs them."""

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
"""User ids from here on, which nobody on a usual machine has."""


class SeparateUsersSpawner(SimpleLocalProcessSpawner):
    """Needs a hub that runs as root; ``ids`` says which user id each name has."""

    ids = Dict(key_trait=Unicode()).tag(config=True)

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """The user's own directories, where the other hub's tests share some."""
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
    """A Python that this user may run, and that finds JupyterHub on ``path``; ``None`` where there is none."""
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
