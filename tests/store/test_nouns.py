"""A noun of the store is one module in each package: contract, implementations, statements and tests."""

from __future__ import annotations

import inspect
from importlib.util import find_spec
from pathlib import Path

import pytest

from jupyter_speccollab.store.base import Store
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sql import SqlStore
from jupyter_speccollab.store.sqlite import SqliteStore

STORE = "jupyter_speccollab.store"
PROTOCOLS = {
    base.__module__.rpartition(".")[2]: base for base in Store.__bases__ if base.__name__ != "Protocol"
}
IN_EACH_DATABASE = ("lifecycle", "other_servers")
"""Nouns that `SqliteStore` and `PostgresStore` implement differently."""


def methods(protocol: type) -> list[str]:
    return [name for name in vars(protocol) if inspect.isfunction(vars(protocol)[name]) and name[0] != "_"]


def exists(module: str) -> bool:
    return find_spec(f"{STORE}.{module}") is not None


def test_every_module_of_the_contract_is_part_of_store() -> None:
    folder = Path(inspect.getfile(Store)).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == PROTOCOLS.keys()


@pytest.mark.parametrize("noun", PROTOCOLS)
def test_every_noun_has_a_module_in_each_package(noun: str) -> None:
    assert exists(f"memory.{noun}")
    assert (Path(__file__).parent / "contract" / f"test_{noun}.py").exists()
    if noun not in IN_EACH_DATABASE:
        assert exists(f"sql.{noun}")
        assert exists(f"statements.{noun}")


@pytest.mark.parametrize("implementation", [MemoryStore, SqliteStore, PostgresStore])
@pytest.mark.parametrize("noun", PROTOCOLS)
def test_every_store_has_the_methods_of_the_contract(noun: str, implementation: type) -> None:
    for name in methods(PROTOCOLS[noun]):
        declared = inspect.signature(getattr(PROTOCOLS[noun], name)).parameters
        assert inspect.signature(getattr(implementation, name)).parameters == declared, name


@pytest.mark.parametrize("package", [MemoryStore, SqlStore])
@pytest.mark.parametrize("noun", [noun for noun in PROTOCOLS if noun not in IN_EACH_DATABASE])
def test_every_noun_is_implemented_in_its_own_module(noun: str, package: type) -> None:
    (part,) = [base for base in package.__bases__ if base.__module__.endswith(f".{noun}")]
    implemented = [name for name in vars(part) if name[0] != "_"]
    assert set(implemented) >= set(methods(PROTOCOLS[noun])) - {"exclusive"}
