"""Installs what the systems consist of, once: npm packages beside this file, Python packages in an environment of
their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench.system import NotHere
from tests.serving import ROOT

HERE: Final = Path(__file__).parent
ENVIRONMENT: Final = ROOT / ".make" / "bench" / "jupyter-collaboration"
PYTHON: Final = ENVIRONMENT / "bin" / "python"
COLLABORATION: Final = "jupyter-collaboration>=5,<6"
LONGEST: Final = 900
"""Seconds that an installation may take."""


def node() -> str:
    """The path of Node, with all packages there. Raises `NotHere`."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        raise NotHere("not run: it needs Node.js and npm")
    wanted, done = (HERE / "package-lock.json").read_text(), HERE / "node_modules" / ".installed"
    if not done.exists() or done.read_text() != wanted:
        _run([npm, "--prefix", str(HERE), "--loglevel=error", "ci"])
        done.write_text(wanted)
    return program


def node_versions(*names: str) -> Mapping[str, str]:
    """Of packages, and Node's own."""
    installed = {
        name: json.loads((HERE / "node_modules" / name / "package.json").read_text())["version"]
        for name in names
    }
    shown = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True)
    return {**installed, "Node": shown.stdout.strip().removeprefix("v")}


def collaboration() -> Path:
    """The Python that has jupyter-collaboration, and pycrdt for the clients. Raises `NotHere`."""
    done = ENVIRONMENT / "installed"
    if not done.exists():
        _run([sys.executable, "-m", "venv", str(ENVIRONMENT)])
        _run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", COLLABORATION])
        done.touch()
    return PYTHON


def python_versions(*names: str) -> Mapping[str, str]:
    """Of packages in that environment."""
    program = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    shown = subprocess.run(
        [str(collaboration()), "-c", program, *names], capture_output=True, text=True, check=True
    )
    return dict(zip(names, shown.stdout.split(), strict=True))


def show_pycrdt() -> None:
    """Let this process import pycrdt from there; what is installed here comes first. Raises `NotHere`."""
    collaboration()
    (packages,) = ENVIRONMENT.glob("lib/python*/site-packages")
    if str(packages) not in sys.path:
        sys.path.append(str(packages))


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise NotHere(f"not run: installing it took longer than {LONGEST} s") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise NotHere(f"not run: it can't be installed ({' '.join(last)[:150]})")
