"""Laws of `Pending`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.client.sync.pending import SYNCHRONISED, Outstanding, Pending
from jupyter_speccollab.text import Operation, apply, normalise
from tests.text.strategies import operations_on, texts


def shown(committed: str, pending: Pending) -> str:
    text = committed if pending.outstanding is None else apply(pending.outstanding.operation, committed)
    return text if pending.buffer is None else apply(pending.buffer, text)


def in_flight(operation: Operation) -> Outstanding:
    return Outstanding("id", b"", 0, 0, operation)


@given(st.data())
def test_both_ways_round_the_diamonds_make_the_same_text(data: st.DataObject) -> None:
    committed = data.draw(texts)
    outstanding = normalise(data.draw(operations_on(len(committed))))
    between = apply(outstanding, committed)
    buffer = normalise(data.draw(operations_on(len(between))))
    remote = normalise(data.draw(operations_on(len(committed))))
    pending = Pending(in_flight(outstanding), None if buffer.is_empty else buffer)
    before = shown(committed, pending)
    after, applied = pending.received(remote)
    assert apply(applied, before) == shown(apply(remote, committed), after)


@given(st.data())
def test_every_transition_keeps_the_shown_text(data: st.DataObject) -> None:
    committed = data.draw(texts)
    first = data.draw(operations_on(len(committed)))
    text = apply(first, committed)
    pending = SYNCHRONISED.edited(first)
    assert shown(committed, pending) == text
    if pending.buffer is None:
        return
    pending = pending.sent(in_flight(pending.buffer), None)
    second = data.draw(operations_on(len(text)))
    pending = pending.edited(second)
    text = apply(second, text)
    assert shown(committed, pending) == text
    assert shown(committed, pending.refused()) == text
    assert pending.refused().unsent == pending.refused().buffer
    assert pending.outstanding is not None
    assert shown(apply(pending.outstanding.operation, committed), pending.acknowledged()) == text


def test_edits_that_cancel_each_other_out_need_not_be_sent() -> None:
    assert SYNCHRONISED.edited(Operation.of("x")).edited(Operation.of(-1)) == SYNCHRONISED
