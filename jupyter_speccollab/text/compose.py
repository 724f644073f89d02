"""Combines two consecutive operations into one."""

from __future__ import annotations

from ._reader import Reader
from .operation import Builder, Operation


def compose(first: Operation, second: Operation) -> Operation:
    """The operation with the effect of *first* and then *second*; *second* applies to the result of *first*.

    The result is not normalised; operations in any form are accepted.

    Law (``test_operation_laws.py::test_compose_applies_both``):
    ``apply(compose(a, b), text) == apply(b, apply(a, text))``.
    """
    result = Builder()
    reader = Reader(first)
    for component in second.components:
        if isinstance(component, str):
            result.insert(component)
        elif component > 0:
            _keep(reader, component, result)
        else:
            _remove(reader, -component, result)
    while not reader.at_end:
        result.add(reader.take())
    return result.build()


def _keep(reader: Reader, length: int, result: Builder) -> None:
    while length > 0:
        piece = reader.take_result(length)
        result.add(piece)
        if isinstance(piece, str):
            length -= len(piece)
        elif piece > 0:
            length -= piece


def _remove(reader: Reader, length: int, result: Builder) -> None:
    while length > 0:
        piece = reader.take_result(length)
        if isinstance(piece, str):
            length -= len(piece)
        elif piece > 0:
            result.delete(piece)
            length -= piece
        else:
            result.add(piece)
