"""Stores of each kind, as those of the stores' own suite."""

from tests.store.conftest import connect

__all__ = ["connect"]
