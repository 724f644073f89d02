"""Which letters of an earlier text are gone, told by attributions alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import Attribution, Operation, apply, parts_of, total
from jupyter_speccollab.text.gone import gone
from jupyter_speccollab.text.parts import REMOVED
from tests.text.strategies import law, operations_on, texts


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Operation], int]:
    """Operations that follow each other from the empty text on, and how many of them made the earlier text."""
    operations = [Operation.of(draw(texts))]
    text = apply(operations[0], "")
    for _ in range(draw(st.integers(0, 6))):
        operations.append(draw(operations_on(len(text))))
        text = apply(operations[-1], text)
    return operations, draw(st.integers(0, len(operations)))


@law
@given(histories())
def test_as_many_letters_are_gone_as_following_each_finds(history: tuple[list[Operation], int]) -> None:
    operations, since = history
    text, attribution = "", Attribution()
    texts, attributions = [text], [attribution]
    for version, operation in enumerate(operations, start=1):
        text, attribution = apply(operation, text), attribution.apply(operation, version)
        texts.append(text)
        attributions.append(attribution)
    old = texts[since]
    ranges = list(gone(old, attributions[since], text, attribution, since))
    parts = total(parts_of(each, number) for number, each in enumerate(operations[since:]))
    removed = sum(length for kind, length, _ in parts if kind == REMOVED)
    assert sum(end - start for start, end in ranges) == removed
    stays = "".join(
        old[start:end]
        for start, end in zip(
            [0, *(end for _, end in ranges)], [*(start for start, _ in ranges), len(old)], strict=True
        )
    )
    pieces, place = [], 0
    for length, version in attribution:
        if version <= since:
            pieces.append(text[place : place + length])
        place += length
    assert stays == "".join(pieces)


def test_one_range_that_went_is_found_exactly() -> None:
    old = "# One\n\n# Two\n\n# Three\n"
    for start in range(len(old)):
        for end in range(start + 1, len(old) + 1):
            attribution = Attribution.of([(len(old), 1)])
            operation = Operation.of(start, -(end - start))
            new = apply(operation, old)
            ((first, last),) = gone(old, attribution, new, attribution.apply(operation, 2), 1)
            assert old[:first] + old[last:] == new
            assert last - first == end - start


def test_what_does_not_fit_together_is_gone() -> None:
    runs = [(3, 1)]
    assert list(gone("abc", runs, "xyz", runs, 1)) == [(0, 3)]
    assert list(gone("abc", runs, "abc", [(3, 2)], 1)) == [(0, 3)]
    assert list(gone("", [], "abc", runs, 1)) == []
