"""``python -m jupyter_speccollab.demo``: starts JupyterLab with a demo spec beside its notebook."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from jupyter_speccollab.demo.content import (
    ADDRESS,
    NOTEBOOK,
    WORKSPACE,
    store_spec,
    write_config,
    write_notebook,
    write_workspaces,
)
from jupyter_speccollab.demo.identity import DemoIdentityProvider
from jupyter_speccollab.demo.server import HOST, DemoLab

DATABASE = Path("speccollab", "specs.sqlite3")
"""The path of the extension's database in Jupyter's data directory."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare the demo, and start JupyterLab with it."""
    asked, for_lab = parser().parse_known_args(arguments)
    directory = usable(asked.dir)
    if asked.prepare_only:
        prepare(directory, Path(jupyter_data_dir()) / DATABASE)
        write_line(
            f"{directory / NOTEBOOK} is ready. Open {ADDRESS.replace(NOTEBOOK, shown(directory))} in JupyterLab."
        )
        return
    own = directory / ".jupyter"
    prepare(directory, own / "data" / DATABASE)
    write_config(own / "config")
    write_workspaces(own / "workspaces")
    os.environ["JUPYTER_CONFIG_DIR"] = str(own / "config")
    os.environ["JUPYTER_DATA_DIR"] = str(own / "data")
    write_line(f"The demo is in {directory}; delete that directory to start again from scratch.")
    DemoLab.launch_instance([*options(asked, directory), *for_lab])


def parser() -> ArgumentParser:
    """The parser of the command line. Unknown options are passed on to JupyterLab."""
    parser = ArgumentParser(
        prog="python -m jupyter_speccollab.demo",
        description="Start JupyterLab with a demo spec beside its notebook.",
        epilog="Any other option is passed on to JupyterLab.",
    )
    parser.add_argument("--port", type=int, help="default: 8888, or the next free port")
    parser.add_argument(
        "--dir",
        type=Path,
        default=Path("speccollab-demo"),
        help="directory of the notebook, the database and the settings; default: speccollab-demo",
    )
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument(
        "--prepare-only",
        action="store_true",
        help="write the notebook, create the spec in the database of this user's JupyterLab, and start nothing",
    )
    return parser


def prepare(directory: Path, database: Path) -> None:
    """Write the notebook and create the spec, unless they exist."""
    write_notebook(directory)
    asyncio.run(store_spec(database))


def usable(directory: Path) -> Path:
    """The directory, created if it is missing; a new temporary directory if it is not writable."""
    directory = directory.expanduser().absolute()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return directory
    except OSError:
        return Path(tempfile.mkdtemp(prefix="speccollab-demo-"))


def options(asked: Namespace, directory: Path) -> list[str]:
    """The command line of JupyterLab."""
    chosen = [
        f"--ServerApp.root_dir={directory}",
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.identity_provider_class={DemoIdentityProvider.__module__}.{DemoIdentityProvider.__name__}",
        f"--LabApp.workspaces_dir={directory / '.jupyter' / 'workspaces'}",
        f"--LabApp.default_url=/lab/workspaces/{WORKSPACE}",
    ]
    if asked.port is not None:
        chosen += [f"--ServerApp.port={asked.port}", "--ServerApp.port_retries=0"]
    if asked.no_browser:
        chosen.append("--ServerApp.open_browser=False")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        chosen.append(
            "--allow-root"
        )  # for containers; the server listens on this machine only, and needs a token
    return chosen


def shown(directory: Path) -> str:
    """The path of the notebook in a JupyterLab that was started in the working directory."""
    notebook = directory / NOTEBOOK
    try:
        return notebook.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return NOTEBOOK


def write_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
