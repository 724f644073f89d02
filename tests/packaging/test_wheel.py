"""The built wheel works in a new environment, on a machine without Node."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODEMIRROR_WORDS = ("Selection points outside of document", "Measure loop restarted more than 5 times")
BUNDLE = "data/share/jupyter/labextensions/jupyter-speccollab/"

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made of the sdist, as an index would do: so the sdist is proven as well."""
    out = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)], os.environ | {"PIP_QUIET": "1"})
    [path] = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that holds the wheel and what it depends on."""
    path = tmp_path_factory.mktemp("environment")
    venv.create(path, with_pip=True)
    pip = [str(path / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, str(wheel)], without_node(path))
    return path


def without_node(environment: Path) -> dict[str, str]:
    """The environment's programs and no others, so that nothing can call Node."""
    own = {"PATH": str(environment / "bin"), "HOME": str(environment), "JUPYTER_PREFER_ENV_PATH": "1"}
    inherited = {
        name: value for name, value in os.environ.items() if name.startswith(("PIP_", "LANG", "LC_", "SSL_"))
    }
    return inherited | own


def run(command: list[str], env: dict[str, str] | os._Environ[str]) -> str:
    result = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def jupyter(environment: Path, *arguments: str) -> str:
    return run([str(environment / "bin" / "jupyter"), *arguments], without_node(environment))


def line_with(words: str, text: str) -> str:
    return next((line for line in text.splitlines() if words in line), "")


def test_holds_one_bundle_and_no_test(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert len([name for name in names if name.endswith("static/style.js")]) == 1
    assert any(BUNDLE + "install.json" in name for name in names)
    assert not [name for name in names if "/tests/" in name or name.endswith((".map", ".ts"))]


def test_the_bundle_is_a_production_build_without_codemirror(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    chunks = [name for name in archive.namelist() if BUNDLE in name and name.endswith(".js")]
    assert chunks
    for name in chunks:
        text = archive.read(name).decode("utf-8")
        assert "\n//# sourceMappingURL=" not in text, name
        for words in CODEMIRROR_WORDS:
            assert words not in text, name


def test_the_server_extension_is_found(environment: Path) -> None:
    listed = jupyter(environment, "server", "extension", "list")
    assert "enabled" in line_with("jupyter_speccollab", listed), listed
    assert "OK" in line_with(f"jupyter_speccollab {version(environment)}", listed), listed


def test_the_labextension_is_found(environment: Path) -> None:
    listed = jupyter(environment, "labextension", "list")
    ours = line_with("jupyter-speccollab", listed)
    assert "enabled" in ours, listed
    assert "OK" in ours, listed


def version(environment: Path) -> str:
    code = "import jupyter_speccollab; print(jupyter_speccollab.__version__)"
    return run([str(environment / "bin" / "python"), "-c", code], without_node(environment)).strip()


def test_it_holds_the_schemas_of_the_audit_trail(wheel: Path) -> None:
    here = {path.name for path in (ROOT / "jupyter_speccollab" / "event_schemas").glob("*.yaml")}
    names = zipfile.ZipFile(wheel).namelist()
    packed = {Path(name).name for name in names if name.startswith("jupyter_speccollab/event_schemas/")}
    assert len(here) >= 9
    assert here <= packed


def test_an_extra_holds_all_that_it_needs(wheel: Path, environment: Path) -> None:
    """PostgreSQL's driver alone is not enough. The last test, as it adds to the environment."""
    python = str(environment / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, f"{wheel}[postgres,redis]"], without_node(environment))
    modules = "jupyter_speccollab.store.postgres, jupyter_speccollab.bus.redis"
    run([python, "-c", f"import {modules}"], without_node(environment))
