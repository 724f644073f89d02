"""Operations: single cases."""

from __future__ import annotations

import pytest

from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.text import EMPTY, Builder, Operation, apply, compose, invert, normalise, transform


def test_components_are_merged_and_trimmed() -> None:
    assert Operation.of(1, 2, "", "a", "b", -1, 0, -2, 5, 6).components == (3, "ab", -3)


def test_a_builder_keeps_the_order_of_inserts_and_deletes() -> None:
    builder = Builder()
    builder.delete(2)
    builder.insert("x")
    builder.retain(3)
    assert builder.build() == Operation((-2, "x"))


def test_a_builder_may_be_used_on_after_a_build() -> None:
    builder = Builder()
    builder.retain(2)
    assert builder.build() == EMPTY
    builder.insert("x")
    assert builder.build() == Operation((2, "x"))


def test_equal_operations_hash_alike() -> None:
    assert {Operation((1, "a")): 1}[Operation.of(1, "a", 4)] == 1
    assert Operation((1, "a")) != Operation((1, "b"))


def test_an_operation_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        EMPTY.components = (1,)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ((), ()),
        ((3,), ()),
        ((0, "", 3, 0), ()),
        ((1, 2, "a"), (3, "a")),
        ((-1, "a", -1), ("a", -2)),
        (("a", -1, "b", -2, "c"), ("abc", -3)),
        ((2, -1, "b", 0, -1, 1, "c", 4), (2, "b", -2, 1, "c")),
        ((1, -1, 1, "x"), (1, -1, 1, "x")),
    ],
)
def test_the_normal_form(written: tuple[int | str, ...], normal: tuple[int | str, ...]) -> None:
    assert normalise(Operation(written)).components == normal


def test_an_operation_that_reaches_outside_is_refused() -> None:
    for operation in (Operation((3, "x")), Operation((-3,)), Operation((1, -2))):
        with pytest.raises(InvalidOperation, match="at least 3 code points; this one has 2"):
            apply(operation, "ab")
        with pytest.raises(InvalidOperation):
            invert(operation, "ab")
    assert apply(Operation((2, "x")), "ab") == "abx"


def test_text_inserted_into_a_deleted_range_survives() -> None:
    delete, insert = Operation((2, -4)), Operation((4, "x"))
    assert transform(insert, delete, "left") == Operation((2, "x"))
    assert transform(delete, insert, "left") == Operation((2, -2, 1, -2))


def test_text_deleted_by_both_is_deleted_once() -> None:
    assert transform(Operation((1, -3)), Operation((2, -3)), "left") == Operation((1, -1))
    assert transform(Operation((1, -3)), Operation((1, -3)), "left") == EMPTY


def test_of_two_inserts_at_one_place_the_later_is_left() -> None:
    later, earlier = Operation((1, "X")), Operation((1, "Y"))
    assert apply(transform(later, earlier, "left"), "aYb") == "aXYb"
    assert apply(transform(earlier, later, "right"), "aXb") == "aXYb"


def test_runs_typed_at_one_place_do_not_interleave() -> None:
    """Each letter is transformed over all letters that the other user typed before, and is placed left of them."""
    mine = [Operation.of(position, letter) for position, letter in enumerate("abc")]
    text = "XYZ"
    theirs = [Operation.of(position, letter) for position, letter in enumerate("XYZ")]
    for operation in mine:
        moved = operation
        for index, other in enumerate(theirs):
            moved, theirs[index] = transform(moved, other, "left"), transform(other, moved, "right")
        text = apply(moved, text)
    assert text == "abcXYZ"


def test_transforming_over_a_composition_differs() -> None:
    """Transforming over each operation in turn, as the protocol does, may order inserts differently."""
    mine = Operation.of(1, "M")
    first, second = Operation.of(-2), Operation.of("x")
    singly = transform(normalise(transform(mine, first, "left")), second, "left")
    at_once = transform(mine, normalise(compose(first, second)), "left")
    assert apply(singly, "x") == "Mx"
    assert apply(at_once, "x") == "xM"
