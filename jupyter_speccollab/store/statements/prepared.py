"""Statements compiled once, because SQLAlchemy's work at each execution would take most of the time of a commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """The SQL of ``statement`` for SQLite's driver, with positional parameters.

    ``columns`` are those that an INSERT sets, by default all. ``row`` is the list of placeholders at the end of an
    INSERT; repeating it inserts more rows.
    """

    def __init__(
        self, statement: Insert | Update, dialect: Dialect, columns: Sequence[str] | None = None
    ) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None, "the driver takes parameters by name"
        self.sql = str(compiled)
        self.row = f"({', '.join('?' * len(compiled.positiontup))})"
        self._stored = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Return ``parameters`` in the order of the placeholders, converted for the driver."""
        return [
            parameters[name] if stored is None else stored(parameters[name]) for name, stored in self._stored
        ]
