"""The files and the spec that the demo creates, at the first and the second start."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest

from jupyter_speccollab.demo.__main__ import main, usable
from jupyter_speccollab.demo.content import (
    COLLEAGUE_WORKSPACE,
    NOTEBOOK,
    SPEC_ID,
    TITLE,
    WORKSPACE,
    store_spec,
    text,
    write_config,
    write_notebook,
    write_workspaces,
)
from jupyter_speccollab.markdown.front_matter import fields
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import check_content


async def stored(database: Path) -> list[str]:
    """The titles of all specs."""
    store = SqliteStore(database)
    await store.open()
    try:
        return [record.title for record in (await store.specs("", None, 50)).specs]
    finally:
        await store.close()


async def test_the_spec_is_stored_once(tmp_path: Path) -> None:
    database = tmp_path / "data" / "specs.sqlite3"
    assert await store_spec(database)
    assert not await store_spec(database)
    assert await stored(database) == [TITLE]


async def test_a_spec_that_was_edited_or_renamed_stays_so(tmp_path: Path) -> None:
    database = tmp_path / "specs.sqlite3"
    await store_spec(database)
    store = SqliteStore(database)
    await store.open()
    await store.update_spec(SPEC_ID, {"title": "Ours"})
    await store.close()
    assert not await store_spec(database)
    assert await stored(database) == ["Ours"]


def test_the_spec_is_one_that_a_team_would_write() -> None:
    content = text()
    check_content(content)
    assert fields(content) == {
        "title": TITLE,
        "status": "review",
        "type": "feature",
        "notebook": NOTEBOOK,
    }
    assert content.count("\n") > 100
    for part in (
        "\n| ",
        "\n$$\n",
        "```mermaid",
        "```python",
        "- [ ] ",
        "- [x] ",
        "## Decisions",
        "## Open questions",
    ):
        assert part in content, part


def test_the_notebook_runs_without_a_kernel_up_to_the_widget(tmp_path: Path) -> None:
    notebook = nbformat.read(write_notebook(tmp_path), as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs for cell in cells)
    names: dict[str, object] = {}
    for cell in cells[:-1]:
        exec(cell.source, names)
    assert str(names["table"]).startswith("| Measure |")
    assert f'SpecWidget("{TITLE}")' in cells[-1].source


def test_a_notebook_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / NOTEBOOK).write_text("mine")
    write_notebook(tmp_path)
    assert (tmp_path / NOTEBOOK).read_text() == "mine"


def test_the_workspace_shows_both_and_the_colleagues_the_spec(tmp_path: Path) -> None:
    write_workspaces(tmp_path)
    write_workspaces(tmp_path)
    found = [json.loads(file.read_text()) for file in tmp_path.iterdir()]
    workspaces = {workspace["metadata"]["id"]: workspace["data"] for workspace in found}
    assert workspaces.keys() == {WORKSPACE, COLLEAGUE_WORKSPACE}
    for data in workspaces.values():
        assert data[f"jupyter-speccollab:{SPEC_ID}"]["data"]["specId"] == SPEC_ID
    assert workspaces[WORKSPACE][f"notebook:{NOTEBOOK}"]["data"]["path"] == NOTEBOOK
    assert f"notebook:{NOTEBOOK}" not in workspaces[COLLEAGUE_WORKSPACE]


def test_the_news_are_off(tmp_path: Path) -> None:
    write_config(tmp_path / "config")
    lab = json.loads((tmp_path / "config" / "jupyter_lab_config.json").read_text())
    assert lab["LabApp"]["news_url"] is None


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_can_not_be_written_is_replaced(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert usable(closed / "demo") != closed / "demo"


def test_a_file_in_the_place_of_the_directory_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    assert usable(tmp_path / "taken").is_dir()
    assert (tmp_path / "taken").read_text() == "mine"


def test_preparing_only_fills_the_usual_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        main(["--prepare-only", "--dir", "here"])
    assert (tmp_path / "here" / NOTEBOOK).exists()
    assert (tmp_path / "data" / "speccollab" / "specs.sqlite3").exists()
    assert f"lab/tree/here/{NOTEBOOK}?spec={SPEC_ID}" in capsys.readouterr().out
