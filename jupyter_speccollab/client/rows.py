"""Rows: the cells of a table, from what a program has: dictionaries, columns, or a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from numbers import Integral, Rational, Real
from typing import Any, Final

from jupyter_speccollab.markdown.tables import table

Data = Iterable[Mapping[str, object]] | Mapping[str, Iterable[object]] | Any
"""What a table can be made of; the last is a DataFrame of pandas or polars, neither of which is imported."""

MISSING: Final = ("NAType", "NaTType")
"""The classes of the values by which pandas says that there is none. They can't be compared with anything."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of text. ``columns`` is ``None`` if they have no names; ``right`` are the columns of numbers."""

    columns: Sequence[str] | None
    cells: Sequence[Sequence[str]]
    right: Sequence[bool]


def markdown_table(data: Data) -> str:
    """A table in Markdown with aligned columns; see `rows_of` for what ``data`` may be.

    ``|`` and line breaks in cells are escaped. Columns of numbers are aligned right.
    """
    rows = rows_of(data)
    return table(rows.columns or [], rows.cells, rows.right)


def rows_of(data: Data) -> Rows:
    """The rows of a list of dictionaries, a dictionary of columns, or a DataFrame.

    The columns of dictionaries stand in the order in which they first occur; what one does not have is empty. The
    index of a DataFrame is included unless it only numbers the rows. Raises `TypeError`, and `ValueError` for no
    columns or columns of different lengths.
    """
    columns: list[Any]
    values: list[list[object]]
    if hasattr(data, "itertuples"):
        columns, values = _of_pandas(data)
    elif hasattr(data, "iter_rows"):
        columns, values = _of_polars(data)
    elif isinstance(data, Mapping):
        columns = list(data)
        values = [list(row) for row in zip(*map(_column, data.values()), strict=True)]
    else:
        records = [_record(record) for record in data]
        columns = list(dict.fromkeys(name for record in records for name in record))
        values = [[record.get(name) for name in columns] for record in records]
    if not columns:
        raise ValueError("There are no columns to make a table of.")
    return _rows([str(column) for column in columns], values)


def row_of(row: Mapping[str, object] | Sequence[object]) -> Rows:
    """One row: a dictionary by column, or the cells in order."""
    if isinstance(row, Mapping):
        return _rows([str(column) for column in row], [list(row.values())])
    if isinstance(row, str):
        raise TypeError("A row is a dictionary or a list of cells, not a text.")
    return _rows(None, [list(row)])


def _rows(columns: Sequence[str] | None, values: Sequence[Sequence[object]]) -> Rows:
    width = len(columns) if columns is not None else len(values[0])
    right = [_is_numeric([row[place] for row in values]) for place in range(width)]
    return Rows(columns, [[shown(value) for value in row] for row in values], right)


def _of_polars(frame: Any) -> tuple[list[Any], list[list[object]]]:
    return list(frame.columns), [list(row) for row in frame.iter_rows()]


def _of_pandas(frame: Any) -> tuple[list[Any], list[list[object]]]:
    columns: list[Any] = [_joined(column) for column in frame.columns]
    values = [list(row) for row in frame.itertuples(index=False, name=None)]
    if type(frame.index).__name__ == "RangeIndex" and frame.index.name is None:
        return columns, values
    names = ["" if name is None else name for name in frame.index.names]
    keys = [list(key) if isinstance(key, tuple) else [key] for key in frame.index]
    return [*names, *columns], [[*key, *row] for key, row in zip(keys, values, strict=True)]


def _joined(column: object) -> object:
    return " / ".join(map(str, column)) if isinstance(column, tuple) else column


def _column(values: object) -> Iterable[object]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError("A dictionary of columns has a list for each of them. For one row pass [row].")
    return values


def _record(record: object) -> Mapping[str, object]:
    if not isinstance(record, Mapping):
        raise TypeError("A table is made of a list of dictionaries, a dictionary of lists, or a DataFrame.")
    return record


def shown(value: object) -> str:
    """A value as it stands in a cell: a float with ten digits at the most, and nothing for a missing value."""
    if value is None or type(value).__name__ in MISSING:
        return ""
    if isinstance(value, Real) and not isinstance(value, Rational):
        return "" if isnan(value) else f"{float(value):.10g}"
    return str(value)


def _is_numeric(values: Sequence[object]) -> bool:
    known = [value for value in values if value is not None and type(value).__name__ not in MISSING]
    return bool(known) and all(
        isinstance(value, Real | Integral) and not isinstance(value, bool) for value in known
    )
