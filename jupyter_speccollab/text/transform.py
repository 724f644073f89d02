"""Transforms an operation over a concurrent one."""

from __future__ import annotations

from typing import Literal

from ._reader import Reader
from .operation import Builder, Operation

Priority = Literal["left", "right"]
"""Whose text comes first where two operations insert at one position; the later committed has ``"left"``."""


def transform(operation: Operation, against: Operation, priority: Priority) -> Operation:
    """*operation* in the form that applies after *against*; both were made on the same text.

    ::

                    text
                   /    \\
        operation /      \\ against
                 /        \\
                ·          ·
                 \\        /
        against'  \\      /  operation' = transform(operation, against, "left")
                   \\    /
                 same text          against' = transform(against, operation, "right")

    An insert moves right by what *against* inserts before it, and left by what it deletes before it; a
    delete loses what *against* deletes too, and is split around what it inserts. Text that is put inside a
    range that the other deletes survives. Of two inserts in one gap the one with *priority* ``"left"`` stands
    left: the incoming operation on the server, a client's own pending one in the browser.

    The protocol normalises both before, and the result after (:func:`normalise`); lists in other forms are
    transformed as they stand, and what comes out is not normalised here. Never transform against a
    composition of several operations: that is not the same as against each of them in turn.

    Law (TP1, ``test_operation_laws.py::test_transform_converges``): for operations in normal form both ways
    round the diamond end in the same text. Follows ottypes' text-unicode, whose test vectors it passes.
    """
    apart = _apart(operation, against)
    return _interleaved(operation, against, priority) if apart is None else apart


def _apart(operation: Operation, against: Operation) -> Operation | None:
    """The result where a code point that both retain lies between all of one and all of the other.

    This is the case for most edits of two people. Law (``test_operation_laws.py``): in normal form equal to what
    `_interleaved` makes.
    """
    ours, theirs = operation.components, against.components
    if not ours or not theirs:
        return operation
    before, begin = theirs[0], ours[0]
    if not isinstance(before, str) and before > operation.base_length:
        return operation
    if not isinstance(begin, str) and begin > against.base_length:
        return Operation((begin + against.length_change, *ours[1:]))
    return None


def _interleaved(operation: Operation, against: Operation, priority: Priority) -> Operation:
    result = Builder()
    reader = Reader(operation)
    for component in against.components:
        if isinstance(component, str):
            while priority == "left" and reader.at_insert:
                result.add(reader.take())
            result.retain(len(component))
        elif component > 0:
            _over_retained(reader, component, result)
        else:
            _over_deleted(reader, -component, result)
    while not reader.at_end:
        result.add(reader.take())
    return result.build()


def _over_retained(reader: Reader, length: int, result: Builder) -> None:
    while length > 0:
        piece = reader.take_base(length)
        result.add(piece)
        if not isinstance(piece, str):
            length -= abs(piece)


def _over_deleted(reader: Reader, length: int, result: Builder) -> None:
    while length > 0:
        piece = reader.take_base(length)
        if isinstance(piece, str):
            result.add(piece)
        else:
            length -= abs(piece)
