"""Laws of operations, on random texts with emoji and newlines, and on empty texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import Operation, Text, apply, compose, invert, normalise, transform
from jupyter_speccollab.text.transform import Priority, _apart, _interleaved

from .strategies import edits, law, meaning_of, operation_of, operations_on, texts, transformed


@law
@given(edits(normal=False))
def test_normal_form_means_the_same(made: tuple[str, Operation]) -> None:
    text, operation = made
    assert apply(normalise(operation), text) == apply(operation, text)
    assert normalise(operation) == operation_of(meaning_of(operation, len(text)), len(text))


@law
@given(edits(normal=False))
def test_normalising_twice_changes_nothing_more(made: tuple[str, Operation]) -> None:
    _, operation = made
    normal = normalise(operation)
    assert normalise(normal) is normal
    assert normal is operation or normal != operation


@law
@given(edits(count=2, normal=False))
def test_normal_form_is_the_same_exactly_for_the_same_meaning(made: tuple[str, Operation, Operation]) -> None:
    text, a, b = made
    alike = meaning_of(a, len(text)) == meaning_of(b, len(text))
    assert (normalise(a) == normalise(b)) == alike


@law
@given(edits(normal=False))
def test_lengths_are_those_of_the_texts(made: tuple[str, Operation]) -> None:
    text, operation = made
    assert operation.base_length <= len(text)
    assert len(apply(operation, text)) == len(text) + operation.length_change
    assert operation.is_empty == (normalise(operation).components == ())


@law
@given(st.data(), texts, st.booleans())
def test_compose_applies_both(data: st.DataObject, text: str, normal: bool) -> None:
    a = data.draw(operations_on(len(text)))
    a = normalise(a) if normal else a
    between = apply(a, text)
    b = data.draw(operations_on(len(between)))
    assert apply(compose(a, b), text) == apply(b, between)


@law
@given(st.data(), texts)
def test_compose_is_associative(data: st.DataObject, text: str) -> None:
    a = data.draw(operations_on(len(text)))
    b = data.draw(operations_on(len(text) + a.length_change))
    c = data.draw(operations_on(len(text) + a.length_change + b.length_change))
    assert normalise(compose(compose(a, b), c)) == normalise(compose(a, compose(b, c)))


@law
@given(edits(count=2))
def test_transform_converges(made: tuple[str, Operation, Operation]) -> None:
    """TP1: both orders of two concurrent operations give the same text, with either priority."""
    text, a, b = made
    for first, second in (("left", "right"), ("right", "left")):
        one_way = apply(normalise(transform(b, a, second)), apply(a, text))  # type: ignore[arg-type]
        other_way = apply(normalise(transform(a, b, first)), apply(b, text))  # type: ignore[arg-type]
        assert one_way == other_way


@law
@given(edits(count=2), st.sampled_from(["left", "right"]))
def test_transform_is_what_the_protocol_says_of_base_positions(
    made: tuple[str, Operation, Operation], priority: str
) -> None:
    text, a, b = made
    length = len(text)
    expected = transformed(meaning_of(a, length), meaning_of(b, length), length, priority)
    assert normalise(transform(a, b, priority)) == expected  # type: ignore[arg-type]


@law
@given(edits(count=2))
def test_transform_keeps_every_inserted_text(made: tuple[str, Operation, Operation]) -> None:
    _, a, b = made
    inserted = [component for component in a.components if isinstance(component, str)]
    after = [component for component in transform(a, b, "left").components if isinstance(component, str)]
    assert "".join(after) == "".join(inserted)


@law
@given(edits(normal=False))
def test_invert_restores(made: tuple[str, Operation]) -> None:
    text, operation = made
    for base in (text, Text.of(text)):
        inverse = invert(operation, base)
        assert apply(inverse, apply(operation, text)) == text
        assert normalise(inverse) is inverse


@law
@given(edits())
def test_inverting_twice_changes_nothing(made: tuple[str, Operation]) -> None:
    text, operation = made
    assert invert(invert(operation, text), apply(operation, text)) == operation


@law
@given(edits(count=2), st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_edits_far_apart_are_transformed_as_all_others(
    made: tuple[str, Operation, Operation], gap: int, priority: Priority
) -> None:
    _, a, b = made
    far = normalise(Operation((gap, *b.components)))
    for operation, against in ((a, far), (far, a)):
        assert transform(operation, against, priority) == _interleaved(operation, against, priority)


def test_edits_side_by_side_are_not_far_apart() -> None:
    assert _apart(Operation((2, "x")), Operation((2, "y"))) is None
    assert _apart(Operation((2, -3)), Operation((5, "y"))) is None
    assert _apart(Operation((2, -3)), Operation((6, "y"))) == Operation((2, -3))
    assert _apart(Operation((6, "y")), Operation((2, "x", -3))) == Operation((4, "y"))
