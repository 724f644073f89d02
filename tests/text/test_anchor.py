"""Anchors: equal to following each letter by itself; cases that the browser has too."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_speccollab.text import Operation, Text, apply, compose, from_wire, invert, normalise, to_stored
from jupyter_speccollab.text.anchor import Anchor, Components, Gaps, moved
from tests.anchors import brought_on

from .anchor_model import NumberedText, followed
from .strategies import contents, edits, law, operations_on, texts
from .vectors import VECTORS, read

CASES = read(VECTORS / "anchors.jsonl")


def stored(operation: Operation, text: str) -> Components:
    return to_stored(operation, Text.of(text))


@st.composite
def ranges(draw: st.DrawFn, length: int) -> Anchor:
    start = draw(st.integers(0, length))
    return Anchor(start, draw(st.integers(start, length)))


@st.composite
def operations_near(draw: st.DrawFn, text: str, anchor: Anchor, quote: str) -> Operation:
    """An operation that often takes all letters of the anchor, or inserts what it looks for."""
    kind = draw(st.sampled_from(["any", "take", "insert", "replace"]))
    if kind == "any":
        return draw(operations_on(len(text)))
    start = anchor.start - draw(st.integers(0, min(anchor.start, 2)))
    end = anchor.end + draw(st.integers(0, min(len(text) - anchor.end, 2)))
    if kind == "insert":
        start = end = draw(st.integers(start, end))
    wanted = draw(st.sampled_from(["", anchor.letters or text[anchor.start : anchor.end], quote]))
    content = "" if kind == "take" else draw(contents) + wanted * draw(st.integers(0, 2)) + draw(contents)
    return normalise(Operation((start, content, start - end)))


@pytest.mark.parametrize("case", CASES)
def test_vectors(case: dict[str, Any]) -> None:
    text, anchor = case["text"], _anchor(case["anchor"])
    for wire, expected in zip(case["operations"], case["moved"], strict=True):
        operation = from_wire(wire, len(text))
        anchor = moved(anchor, stored(operation, text), case["quote"])
        text = apply(operation, text)
        assert anchor == _anchor(expected)
        assert anchor.is_orphaned == expected["orphaned"]
    assert text == case["after"]


def _anchor(wire: dict[str, Any]) -> Anchor:
    return Anchor(wire["start"], wire["end"], wire.get("letters"))


@law
@given(st.data(), texts)
def test_it_is_what_following_each_letter_finds(data: st.DataObject, text: str) -> None:
    numbered = NumberedText(text)
    first = anchor = data.draw(ranges(len(text)))
    quote = data.draw(st.sampled_from([text[anchor.start : anchor.end], "a", "ab\n"]))
    log: list[Components] = []
    for _ in range(data.draw(st.integers(1, 6))):
        text = str(numbered)
        operation = data.draw(operations_near(text, anchor, quote))
        log.append(stored(operation, text))
        before = numbered.apply(operation)
        expected = followed(anchor, quote, before, numbered.letters)
        anchor = moved(anchor, log[-1], quote)
        assert anchor == expected
        assert 0 <= anchor.start <= anchor.end <= len(numbered.letters)
        assert not anchor.is_orphaned or anchor.start == anchor.end
    assert brought_on(first, log, quote) == anchor


@law
@given(st.data(), texts)
def test_its_text_is_its_letters_that_stay_and_what_is_inserted_between(
    data: st.DataObject, text: str
) -> None:
    anchor = data.draw(ranges(len(text)))
    operation = data.draw(operations_on(len(text)))
    after = moved(anchor, stored(operation, text), "")
    numbered = NumberedText(text)
    own = set(range(anchor.start, anchor.end))
    numbered.apply(operation)
    assume(not own.isdisjoint(number for number, _ in numbered.letters))
    held = [number for number, _ in numbered.letters[after.start : after.end]]
    others = [number for number, _ in numbered.letters[: after.start] + numbered.letters[after.end :]]
    assert own.isdisjoint(others)
    assert held[0] in own
    assert held[-1] in own
    assert all(number in own or number >= len(text) for number in held)


@law
@given(st.data(), texts.filter(len))
def test_an_orphan_is_back_on_its_letters_after_an_undo(data: st.DataObject, text: str) -> None:
    anchor = data.draw(ranges(len(text)).filter(lambda anchor: anchor.start < anchor.end))
    quote = text[anchor.start : anchor.end]
    before = data.draw(st.integers(0, anchor.start))
    behind = data.draw(st.integers(anchor.end, len(text)))
    operation = normalise(Operation((before, data.draw(contents), before - behind)))
    orphan = moved(anchor, stored(operation, text), quote)
    assume(orphan.is_orphaned)
    after = apply(operation, text)
    back = moved(orphan, stored(invert(operation, text), after), "")
    assert not back.is_orphaned
    assert text[back.start : back.end] == quote


@law
@given(st.data(), edits(normal=False))
def test_in_turn_is_over_the_composition(data: st.DataObject, edited: tuple[str, Operation]) -> None:
    text, first = edited
    anchor = data.draw(ranges(len(text)))
    second = data.draw(operations_on(len(text) + first.length_change))
    between = moved(anchor, stored(first, text), "")
    in_turn = moved(between, stored(second, apply(first, text)), "")
    assume(not between.is_orphaned and not in_turn.is_orphaned)
    both = stored(compose(first, second), text)
    assume(not _holds_an_end(anchor, both))
    assert moved(anchor, both, "") == in_turn


def _holds_an_end(anchor: Anchor, components: Components) -> bool:
    """Whether a gap that inserts also deletes the first or the last letter, or deletes and holds the place."""
    inserts = {component["position"] for component in components if component["type"] == "insert"}
    deletes = [
        (component["position"], component["position"] + component["length"])
        for component in components
        if component["type"] == "delete" and component["position"] in inserts
    ]
    if anchor.start == anchor.end:
        return any(start <= anchor.start <= end for start, end in deletes)
    return any(start <= anchor.start < end or start < anchor.end <= end for start, end in deletes)


@law
@given(st.data(), texts)
def test_many_are_moved_as_each_is(data: st.DataObject, text: str) -> None:
    operation = data.draw(operations_on(len(text)))
    components = stored(operation, text)
    anchors = data.draw(st.lists(st.tuples(ranges(len(text)), contents), max_size=8))
    for anchor, quote in list(anchors):
        if anchor.start == anchor.end:
            anchors.append((Anchor(anchor.start, anchor.end, quote), quote))
    one_by_one = [moved(anchor, components, quote) for anchor, quote in anchors]
    together = Gaps(components).moved_all(anchors)
    assert together == one_by_one
    assert all(
        after is before for after, (before, _) in zip(together, anchors, strict=True) if after == before
    )
    gaps = Gaps(components)
    while not gaps.read(data.draw(st.integers(1, 3))):
        pass
    assert gaps.moved_all(anchors) == one_by_one


def test_an_orphan_remembers_no_more_than_a_thousand_letters() -> None:
    text = "a" * 700 + "😀" * 700
    orphan = moved(Anchor(0, 1400), stored(Operation.of(-1400), text), text)
    assert orphan == Anchor(0, 0, text[:1000])
    assert moved(orphan, stored(Operation.of("x" + text), ""), text) == Anchor(1, 1001)


def test_a_short_one_looks_for_its_quote_as_shown() -> None:
    quote = "b" * 1001
    orphan = moved(Anchor(1, 3), stored(Operation.of(1, -2), "abc"), quote)
    assert orphan == Anchor(1, 1, quote[:1000])


def test_what_looks_for_nothing_finds_nothing() -> None:
    orphan = moved(Anchor(1, 2), stored(Operation.of(1, -1), "ab"), "")
    assert orphan == Anchor(1, 1, "")
    assert moved(orphan, stored(Operation.of(1, "b"), "a"), "") is orphan
