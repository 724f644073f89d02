"""The Python package and the labextension are one release."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jupyter_speccollab

LABEXTENSION = Path(__file__).parents[2] / "labextension"


def test_both_languages_say_the_same_version() -> None:
    package = json.loads((LABEXTENSION / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((LABEXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    assert package["version"] == lock["version"] == jupyter_speccollab.__version__


def test_jupyter_finds_the_labextension_under_its_npm_name() -> None:
    package = json.loads((LABEXTENSION / "package.json").read_text(encoding="utf-8"))
    [path] = jupyter_speccollab._jupyter_labextension_paths()
    assert path["dest"] == package["name"]


def test_the_lock_names_no_registry() -> None:
    lock = (LABEXTENSION / "package-lock.json").read_text(encoding="utf-8")
    assert not re.search(r'"resolved":', lock)
