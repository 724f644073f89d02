"""The content of the demo: a spec, a notebook, and a workspace of JupyterLab that shows both."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Final

from jupyterlab_server.workspaces_handler import WorkspacesManager

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.service.services import build
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.base import SpecMissing
from jupyter_speccollab.store.sqlite import SqliteStore

SPEC_ID: Final = "5bec0011-ab00-4de0-8000-c4a12f0de100"
"""A fixed id, so that a second start finds the spec of the first."""

TITLE: Final = "Churn model"
NOTEBOOK: Final = "churn-model.ipynb"
ADDRESS: Final = f"lab/tree/{NOTEBOOK}?spec={SPEC_ID}"
"""The address, relative to the server's base URL, that opens the spec beside its notebook."""

WORKSPACE: Final = "demo"
"""A workspace with the same two panes. Jupyter can append its token to the address of a workspace."""

COLLEAGUE_WORKSPACE: Final = "colleague"
"""A workspace that shows the spec alone."""

ISSUER: Final = "jupyter_speccollab.demo"
AUTHOR: Final = User(user_id=user_id_of(ISSUER, "demo"), login="demo", name="Demo", issuer=ISSUER)


def text() -> str:
    """The text of the demo spec."""
    return (files(__package__) / "files" / "churn-model.md").read_text(encoding="utf-8")


def write_notebook(directory: Path) -> Path:
    """Write the notebook to ``directory``. An existing one is not changed."""
    target = directory / NOTEBOOK
    if not target.exists():
        target.write_bytes((files(__package__) / "files" / NOTEBOOK).read_bytes())
    return target


async def store_spec(database: Path) -> bool:
    """Create the spec in the database at ``database``. Returns ``False`` if it exists already, edited or not."""
    services = build(SqliteStore(database), Limits(), Role.OWNER, ISSUER)
    await services.documents.ready()
    try:
        try:
            await services.documents.store.spec(SPEC_ID)
        except SpecMissing:
            await services.documents.save_user(AUTHOR)
            description = "Which subscribers to call, and how we know that it was worth it"
            new = NewSpec(TITLE, text(), description, spec_id=SPEC_ID)
            await services.specs.create(Caller(AUTHOR), new)
            return True
        return False
    finally:
        await services.documents.close()


def write_workspaces(directory: Path) -> None:
    """Write the workspaces to ``directory``, JupyterLab's directory of workspaces."""
    notebook, spec = f"notebook:{NOTEBOOK}", f"jupyter-speccollab:{SPEC_ID}"
    _write_workspace(directory, WORKSPACE, [notebook, spec])
    _write_workspace(directory, COLLEAGUE_WORKSPACE, [spec])


def _write_workspace(directory: Path, name: str, widgets: list[str]) -> None:
    """Write a workspace that shows these widgets side by side, and the last one as the current one."""
    contents = {
        f"notebook:{NOTEBOOK}": {"path": NOTEBOOK, "factory": "Notebook"},
        f"jupyter-speccollab:{SPEC_ID}": {"specId": SPEC_ID, "title": TITLE},
    }
    panes = [{"type": "tab-area", "currentIndex": 0, "widgets": [pane]} for pane in widgets]
    dock = {
        "type": "split-area",
        "orientation": "horizontal",
        "sizes": [1 / len(panes)] * len(panes),
        "children": panes,
    }
    side = {"collapsed": True, "visible": True}
    layout = {"main": {"dock": dock, "current": widgets[-1]}, "left": side, "right": side}
    data = {
        "layout-restorer:data": layout,
        **{widget: {"data": contents[widget]} for widget in widgets},
    }
    workspaces = WorkspacesManager(str(directory))
    workspaces.save(name, json.dumps({"data": data, "metadata": {"id": name}}))


def write_config(directory: Path) -> None:
    """Write JupyterLab's settings for the demo: no announcements, and no check for updates."""
    directory.mkdir(parents=True, exist_ok=True)
    lab = {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"}
    (directory / "jupyter_lab_config.json").write_text(json.dumps({"LabApp": lab}, indent=2) + "\n")
    page = directory / "labconfig" / "page_config.json"
    page.parent.mkdir(exist_ok=True)
    news = {"@jupyterlab/apputils-extension:announcements": True}
    page.write_text(json.dumps({"disabledExtensions": news}, indent=2) + "\n")
