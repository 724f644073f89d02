"""The passage of a comment, and what stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.passage import AROUND, passage_of
from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.text import Text


@given(st.text(max_size=300), st.data())
def test_its_parts_stand_beside_each_other(content: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    passage = passage_of(Text.of(content), start, end)
    assert passage.quote == content[start:end]
    assert passage.prefix == content[max(0, start - AROUND) : start]
    assert passage.suffix == content[end : end + AROUND]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 5), (3, 2), (5, 5), (-2, -1)])
def test_a_range_that_is_not_there(start: int, end: int) -> None:
    with pytest.raises(InvalidOperation):
        passage_of(Text.of("four"), start, end)
