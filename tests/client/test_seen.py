"""Offsets that a program counts in what it read last, while others go on typing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.client.seen import Seen
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.text import Builder, Operation, Text, apply

BASE = "abcdefghij"


class Spec:
    """A spec as it stands, with a reader of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seen = Seen()
        self.seen.read(Text.of(text))

    def others(self, operation: Operation) -> None:
        self.text = apply(operation, self.text)
        self.seen.put(Change(1, operation))

    def mine(self, operation: Operation, is_last: bool = False) -> None:
        self.seen.edited(operation, self._apply, is_last=is_last)

    def _apply(self, operation: Operation) -> None:
        self.text = apply(operation, self.text)


def test_an_edit_is_made_where_its_letters_stand_by_now() -> None:
    spec = Spec("one two three")
    spec.others(Operation.of("zero "))
    spec.mine(Operation.of(4, -3, "2"))
    assert spec.text == "zero one 2 three"
    spec.others(Operation.of(-5))
    spec.mine(Operation.of(4, -1))
    assert spec.text == "one  three"
    assert spec.seen.position(4) == 4


def test_the_end_is_the_end_of_what_stands_there() -> None:
    spec = Spec("one\n")
    spec.others(Operation.of(4, "two\n"))
    spec.mine(Operation.of(4, "three\n"), is_last=True)
    assert spec.text == "one\ntwo\nthree\n"


def test_an_edit_that_is_refused_changes_nothing() -> None:
    spec = Spec("one")

    def refuse(operation: Operation) -> None:
        raise PermissionError

    for _ in range(2):
        try:
            spec.seen.edited(Operation.of("x"), refuse)
        except PermissionError:
            assert str(spec.seen.text) == "one"


@given(st.data())
def test_no_letter_of_anybody_else_is_changed(data: st.DataObject) -> None:
    """Others write capitals, the reader digits: each deletes only letters that it sees."""
    spec = Spec(BASE)
    for turn in range(data.draw(st.integers(1, 8))):
        is_mine = data.draw(st.booleans())
        text = str(spec.seen.text) if is_mine else spec.text
        letter = str(turn) if is_mine else "ABCDEFGH"[turn]
        builder = Builder()
        for _ in text:
            match data.draw(st.sampled_from(["keep", "keep", "keep", "insert", "delete"])):
                case "insert":
                    builder.insert(letter)
                    builder.retain(1)
                case "delete":
                    builder.delete(1)
                case _:
                    builder.retain(1)
        operation = builder.build()
        capitals = [character for character in spec.text if character.isupper()]
        if is_mine:
            spec.mine(operation)
            assert [character for character in spec.text if character.isupper()] == capitals
            assert str(spec.seen.text) == apply(operation, text)
        else:
            spec.others(operation)
        # What the reader sees, and what others changed since, is the spec as it stands.
        others = spec.seen._others or Operation()
        assert apply(others, str(spec.seen.text)) == spec.text
