"""Text, compared with a plain string; the nodes that an edit shares with the previous text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.text import Operation, Text, apply
from jupyter_speccollab.text._tree import BRANCH_WIDTH, LEAF_LENGTH, Branch, Leaf, Node, leaves_below

from .strategies import edits, law, long_texts, texts

fractions = st.floats(0, 1)


class TextIsLikeAString(RuleBasedStateMachine):
    """Applies the same edits to a text and a string, and checks that the old texts do not change."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.model = Text.of(""), ""
        self.older: list[tuple[Text, str]] = []

    @initialize(content=long_texts)
    def start(self, content: str) -> None:
        self.text, self.model = Text.of(content), content

    @rule(a=fractions, b=fractions, insert=st.one_of(texts, long_texts))
    def replace(self, a: float, b: float, insert: str) -> None:
        start, end = sorted((round(a * len(self.model)), round(b * len(self.model))))
        self.edit(start, end, insert)

    @rule(a=fractions, insert=texts, length=st.integers(0, 40))
    def small_edit(self, a: float, insert: str, length: int) -> None:
        start = round(a * len(self.model))
        self.edit(start, min(len(self.model), start + length), insert)

    def edit(self, start: int, end: int, insert: str) -> None:
        self.older.append((self.text, self.model))
        self.text = self.text.replace(start, end, insert)
        self.model = self.model[:start] + insert + self.model[end:]

    @rule(a=fractions, b=fractions)
    def read(self, a: float, b: float) -> None:
        start, end = round(a * len(self.model)), round(b * len(self.model))
        assert self.text.slice(start, end) == self.text[start:end] == self.model[start:end]
        line, column = self.text.line_column_of(start)
        assert (line, column) == line_column_in(self.model, start)
        assert self.text.offset_of(line, column) == start

    @invariant()
    def agree(self) -> None:
        assert str(self.text) == self.model
        assert len(self.text) == len(self.model)
        assert self.text.lines == self.model.count("\n") + 1
        check_tree(self.text._root)

    def teardown(self) -> None:
        for text, model in self.older:
            assert str(text) == model


TestTextIsLikeAString = TextIsLikeAString.TestCase
TestTextIsLikeAString.settings = law.__class__(law, max_examples=60, stateful_step_count=30)


def line_column_in(text: str, offset: int) -> tuple[int, int]:
    """The expected result, computed from the whole text before the offset."""
    before = text[:offset].split("\n")
    return len(before) - 1, len(before[-1])


def check_tree(root: Node) -> None:
    """Check the counts and the size of every node, and that all leaves have the same depth."""
    depths: set[int] = set()

    def check(node: Node, depth: int) -> None:
        if isinstance(node, Leaf):
            depths.add(depth)
            assert node.length == len(node.text) <= LEAF_LENGTH
            assert node.newlines == node.text.count("\n")
            return
        assert 0 < len(node.children) <= BRANCH_WIDTH
        assert node.length == sum(child.length for child in node.children)
        assert node.newlines == sum(child.newlines for child in node.children)
        for child in node.children:
            assert child.length > 0
            check(child, depth + 1)

    check(root, 0)
    assert len(depths) == 1


def nodes_of(root: Node) -> list[Node]:
    below = [node for child in root.children for node in nodes_of(child)] if isinstance(root, Branch) else []
    return [root, *below]


@law
@given(edits(normal=False))
def test_apply_gives_the_same_as_for_a_string(made: tuple[str, Operation]) -> None:
    text, operation = made
    assert str(Text.of(text).apply(operation)) == apply(operation, text)


@pytest.mark.parametrize("count", [3, 40, 2000])
def test_apply_takes_many_edits_at_once(count: int) -> None:
    base = "0123456789\n字😀" * 10_000
    operation = Operation.of(
        *[part for index in range(count) for part in (index % 50, "ab😀\n", -(index % 7))]
    )
    changed = Text.of(base).apply(operation)
    assert str(changed) == apply(operation, base)
    check_tree(changed._root)


def test_an_operation_that_reaches_outside_is_refused() -> None:
    for operation in (Operation((3, "x")), Operation((-3,)), Operation((3,))):
        with pytest.raises(InvalidOperation):
            Text.of("ab").apply(operation)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (2, 1), (0, 4), (4, 4)])
def test_a_replacement_outside_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        Text.of("abc").replace(start, end, "x")


@pytest.mark.parametrize(
    ("line", "column", "offset"),
    [
        (0, 0, 0),
        (0, 9, 2),
        (1, 0, 3),
        (1, 5, 3),
        (2, 1, 5),
        (2, 9, 6),
        (3, 0, 6),
        (-1, 5, 0),
        (1, -4, 3),
        (9, 9, 6),
    ],
)
def test_line_and_column_are_clamped(line: int, column: int, offset: int) -> None:
    assert Text.of("a😀\n\nxy").offset_of(line, column) == offset


def test_an_offset_is_clamped() -> None:
    text = Text.of("a\nb")
    assert text.line_column_of(-5) == (0, 0)
    assert text.line_column_of(50) == (1, 1)


def test_lines_are_found_across_leaves() -> None:
    content = ("x" * 3000 + "\n") * 5 + "\n" * 3000 + "end"
    text = Text.of(content)
    for offset in range(0, len(content) + 1, 97):
        assert text.line_column_of(offset) == line_column_in(content, offset)
        assert text.offset_of(*text.line_column_of(offset)) == offset


def test_texts_are_equal_by_content() -> None:
    content = "abc\n" * 1000
    built = Text.of("")
    for start in range(0, len(content), 4):
        built = built.replace(start, start, content[start : start + 4])
    assert built == Text.of(content)
    assert hash(built) == hash(Text.of(content))
    assert built != Text.of(content[:-1] + "x")
    assert built != Text.of(content[1:] + "a")
    assert built != content


def test_a_slice_with_a_step_is_refused() -> None:
    with pytest.raises(ValueError, match="step"):
        Text.of("abc")[::2]


@pytest.mark.parametrize("length", [20_000, 2_000_000])
def test_an_edit_shares_what_it_does_not_touch(length: int) -> None:
    """An edit creates a few nodes, however long the text is, so its cost does not grow with the text."""
    text = Text.of(("0123456789" * 6 + "\n") * (length // 61))
    old = {id(node) for node in nodes_of(text._root)}
    for position in (0, length // 3, len(text)):
        for changed in (
            text.replace(position, position, "x"),
            text.replace(max(0, position - 3), position, ""),
        ):
            made = [node for node in nodes_of(changed._root) if id(node) not in old]
            assert len(made) <= 8
            assert sum(node.length for node in made if isinstance(node, Leaf)) <= 2 * LEAF_LENGTH


def test_leaves_stay_filled_under_scattered_edits() -> None:
    """Typing, and then deleting most of a text in small parts, must not leave many small leaves."""
    text = Text.of("x" * 100_000)
    for index in range(2000):
        position = index * 7919 % len(text)
        text = text.replace(position, position, "y" * 60)
    while len(text) > 5_000:
        position = len(text) * 7919 % (len(text) - 40)
        text = text.replace(position, position + 40, "")
    assert len(list(leaves_below(text._root))) <= 1 + len(text) / (LEAF_LENGTH / 4)
    check_tree(text._root)
