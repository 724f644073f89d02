"""Imports go one way (docs/architecture); the rules themselves stand in ``pyproject.toml``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = ROOT / "pyproject.toml"


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=project,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(project), "PATH": ""},
        check=False,
    )


def test_imports_go_one_way() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("text/wrong.py", "import jupyter_speccollab.document", "Imports go one way"),
        ("store/wrong.py", "import jupyter_speccollab.protocol", "Imports go one way"),
        ("service/wrong.py", "import jupyter_speccollab.handlers", "Imports go one way"),
        ("service/access/wrong.py", "import jupyter_speccollab.service.live", "Inside the service"),
        ("document/wrong.py", "import time", "are pure"),
        ("text/wrong.py", "import sqlalchemy", "are pure"),
    ],
)
def test_a_wrong_import_is_caught(tmp_path: Path, module: str, line: str, contract: str) -> None:
    package = tmp_path / "jupyter_speccollab"
    layers = ("text", "document", "markdown", "protocol", "store", "bus", "service", "handlers")
    rooms = ("service/access", "service/live")
    for layer in (*layers, *rooms):
        (package / layer).mkdir(parents=True)
        (package / layer / "__init__.py").touch()
    for name in ("__init__.py", "errors.py", "app.py"):
        (package / name).touch()
    (tmp_path / "pyproject.toml").write_text(RULES.read_text(encoding="utf-8"), encoding="utf-8")
    assert lint(tmp_path).returncode == 0

    (package / module).write_text(line + "\n", encoding="utf-8")

    result = lint(tmp_path)
    assert result.returncode != 0
    assert any(contract in row and "BROKEN" in row for row in result.stdout.splitlines()), result.stdout
