"""``docs/configuration.md`` lists every setting, with the default that it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from jupyter_server.extension.application import ExtensionApp

from jupyter_speccollab.app import SpecCollabApp

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
SETTINGS = {
    name: trait
    for name, trait in SpecCollabApp.class_traits(config=True).items()
    if name not in ExtensionApp.class_traits(config=True)
}


def rows() -> dict[str, list[str]]:
    """The cells of each row that begins with a name in code font."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_lists_every_setting_and_no_other() -> None:
    assert set(rows()) == set(SETTINGS)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_names_the_default(name: str) -> None:
    default = SETTINGS[name].default_value
    told = rows()[name][0].strip("`")
    if isinstance(default, int):
        assert told == f"{default:,}"
    elif default:
        assert told == default


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_the_program_explains_it_too(name: str) -> None:
    assert len(SETTINGS[name].help) > 20
