"""Sizes of stored values, by which a page is cut before its values are read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Text


class StoredSize(FunctionElement[int]):
    """The size of one column's value in bytes.

    Of a text it is the length of its UTF-8. JSON counts as it lies in the table, which PostgreSQL may compress.
    PostgreSQL knows both without reading the value. SQLite reads it, but hands nothing of it on.
    """

    type = Integer()
    inherit_cache = True


@compiles(StoredSize)
def _compile(element: StoredSize, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    function = "octet_length" if isinstance(column.type, Text) else "pg_column_size"
    return f"{function}({compiler.process(column, **options)})"


@compiles(StoredSize, "sqlite")
def _compile_for_sqlite(element: StoredSize, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    return f"length(CAST({compiler.process(column, **options)} AS BLOB))"
