"""Sizes of stored values, by which a page is cut before its values are read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Text


class StoredSize(FunctionElement[int]):
    """The size of one column's value in bytes: the length of its UTF-8.

    Compression does not count, because a reader gets the value uncompressed. PostgreSQL knows the length of a text
    without reading it. It reads JSON, and SQLite reads both, but neither hands anything of the value on.
    """

    type = Integer()
    inherit_cache = True


@compiles(StoredSize)
def _compile(element: StoredSize, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    value = compiler.process(column, **options)
    return f"octet_length({value})" if isinstance(column.type, Text) else f"octet_length(({value})::text)"


@compiles(StoredSize, "sqlite")
def _compile_for_sqlite(element: StoredSize, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    return f"length(CAST({compiler.process(column, **options)} AS BLOB))"
