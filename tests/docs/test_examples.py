"""The notebooks among the examples run, on a server with a spec that two people wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.handlers.test_revisions import put
from tests.serving import JupyterServer

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))

TEXT = "# Churn model\n\nWhy people leave.\n"


async def a_spec(server: JupyterServer) -> None:
    """A spec with the title that the examples name, of two sittings."""
    ada, bob = server.login("ada", "Ada Lovelace"), server.login("bob", "Bob Kahn")
    spec_id = await ada.new_spec(TEXT, "Churn model")
    await put(bob, spec_id, f"{TEXT}\n## Results\n\nAUC 0.87\n", 1)
    await put(ada, spec_id, f"{TEXT}\n## Results\n\nAUC 0.91\n", 2)


async def run(notebook: Path) -> list[Any]:
    """Run a notebook as its reader does; the outputs of its cells."""
    cells = nbformat.read(notebook, as_version=4)
    await NotebookClient(cells, timeout=120).async_execute()
    return [cell.outputs for cell in cells.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
async def test_a_notebook_runs(notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with JupyterServer(tmp_path) as server:
        await a_spec(server)
        monkeypatch.setenv("SPECCOLLAB_URL", server.url)
        monkeypatch.setenv("SPECCOLLAB_TOKEN", server.token)
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
        outputs = await run(notebook)
    shown = str(outputs)
    assert "Ada Lovelace" in shown
    assert "Bob Kahn" in shown
    assert "image/png" in shown


def test_the_notebooks_are_stored_without_outputs() -> None:
    assert NOTEBOOKS
    for notebook in NOTEBOOKS:
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type == "code":
                assert not cell.outputs, notebook.name
                assert cell.execution_count is None, notebook.name
