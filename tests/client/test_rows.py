"""Tables from what programs have."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from jupyter_speccollab.client import markdown_table
from jupyter_speccollab.client.rows import row_of, rows_of, shown


class RangeIndex:
    """The index of a frame that only numbers its rows, by the name that it has in pandas."""

    name = None


class Index(list[Any]):
    def __init__(self, values: list[Any], names: list[str | None]) -> None:
        super().__init__(values)
        self.names = names
        self.name = names[0]


class Frame:
    """As much of a DataFrame of pandas as is used."""

    def __init__(self, columns: list[Any], rows: list[list[Any]], index: Any) -> None:
        self.columns, self.rows, self.index = columns, rows, index

    def itertuples(self, *, index: bool, name: str | None) -> list[list[Any]]:
        assert (index, name) == (False, None)
        return self.rows


class NAType:
    def __bool__(self) -> bool:
        raise TypeError


def test_dictionaries_columns_and_frames() -> None:
    expected = "| run |  AUC |\n| --: | ---: |\n|   1 | 0.87 |\n|   2 |      |\n"
    assert markdown_table([{"run": 1, "AUC": 0.87}, {"run": 2}]) == expected
    assert markdown_table({"run": [1, 2], "AUC": [0.87, None]}) == expected
    assert markdown_table(Frame(["run", "AUC"], [[1, 0.87], [2, float("nan")]], RangeIndex())) == expected
    assert markdown_table(Frame(["AUC"], [[0.87], [NAType()]], Index([1, 2], ["run"]))) == expected


def test_an_index_of_several_levels() -> None:
    frame = Frame([("AUC", "mean"), "n"], [[0.5, 3]], Index([("a", "b")], ["model", None]))
    rows = rows_of(frame)
    assert rows.columns == ["model", "", "AUC / mean", "n"]
    assert rows.cells == [["a", "b", "0.5", "3"]]
    assert list(rows.right) == [False, False, True, True]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0.1 + 0.2, "0.3"),
        (1234567.891, "1234567.891"),
        (1e-12, "1e-12"),
        (10**30, str(10**30)),
        (None, ""),
        (float("nan"), ""),
        (True, "True"),
        (Fraction(1, 3), "1/3"),
        (Decimal("1.50"), "1.50"),
        (NAType(), ""),
    ],
)
def test_a_value_in_a_cell(value: object, cell: str) -> None:
    assert shown(value) == cell


def test_what_is_no_table_says_what_one_is() -> None:
    with pytest.raises(TypeError, match="list of dictionaries"):
        rows_of([[1, 2]])
    with pytest.raises(TypeError, match=r"For one row pass \[row\]"):
        rows_of({"a": 1})
    with pytest.raises(ValueError, match="no columns"):
        rows_of([])
    with pytest.raises(TypeError, match="not a text"):
        row_of("text")
