"""A statement that is compiled once, where SQLAlchemy's work on each execution would be most of the time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """What SQLite's driver executes for ``statement``, with positional parameters.

    ``row`` is the list of placeholders that an INSERT ends with; more of them insert more rows.
    """

    def __init__(self, statement: Insert | Update, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None, "the driver takes parameters by name"
        self.sql = str(compiled)
        self.row = f"({', '.join('?' * len(compiled.positiontup))})"
        self._stored = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """``parameters`` in the order of their places, as the driver stores them."""
        return [
            parameters[name] if stored is None else stored(parameters[name]) for name, stored in self._stored
        ]
