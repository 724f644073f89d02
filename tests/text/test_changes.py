"""The stored form of operations, over random operations."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import Operation, Text, normalise, to_stored
from jupyter_speccollab.text.changes import operation_of, pack, unpack

TEXT = "añ🎈\u2028b\n" * 20
component = st.one_of(st.integers(-9, 9), st.text("ab🎈\n", max_size=3))
operations = st.lists(component, max_size=12).map(lambda components: normalise(Operation.of(*components)))


@given(operations)
def test_packing_is_reversible(operation: Operation) -> None:
    stored = to_stored(operation, Text(TEXT))
    packed: Any = msgspec.json.decode(msgspec.json.encode(pack(stored)))
    assert unpack(packed) == stored
    assert operation_of(packed) == operation


@pytest.mark.parametrize(
    ("operation", "packed"),
    [
        (Operation.of(), "[]"),
        (Operation.of(4, "very "), '[[4,"","very "]]'),
        (Operation.of(9, "dog", -3), '[[9,"cat","dog"]]'),
        (Operation.of(4, "very ", 5, -3), '[[9,"cat",""],[4,"","very "]]'),
        (Operation.of(-1, 1, -1), '[[2,"e",""],[0,"t",""]]'),
    ],
)
def test_the_stored_form(operation: Operation, packed: str) -> None:
    assert msgspec.json.encode(pack(to_stored(operation, Text("the nice cat")))).decode() == packed
