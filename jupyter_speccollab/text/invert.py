"""Finds the operation that undoes another one."""

from __future__ import annotations

from .operation import Builder, Operation, does_not_fit, normalise
from .rope import Text


def invert(operation: Operation, text: str | Text) -> Operation:
    """The operation that undoes *operation*, in normal form; *text* is the text before it.

    Shapes: ``operation.base_length <= len(text)``, else :exc:`InvalidOperation`.

    Law (``test_operation_laws.py::test_invert_restores``):
    ``apply(invert(a, text), apply(a, text)) == text``.
    """
    if operation.base_length > len(text):
        raise does_not_fit(operation, len(text))
    result = Builder()
    position = 0
    for component in operation.components:
        if isinstance(component, str):
            result.delete(len(component))
        elif component > 0:
            result.retain(component)
            position += component
        else:
            result.insert(text[position : position - component])
            position -= component
    return normalise(result.build())
