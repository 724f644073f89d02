"""An operation, which describes one edit of a text; its builder and its normal form.

An operation is read from left to right against a *base* text. Each of its components is

=========  =====================================================
``n > 0``  retain: the next *n* code points stay
``n < 0``  delete: the next *-n* code points go
a ``str``  insert: this text is put here
=========  =====================================================

and the text after the last component stays: ``(2, "xy", -3)`` makes ``abxyfg`` of ``abcdefg``.
All lengths count Unicode code points. Nothing but :func:`apply` ever looks at the text itself, so the cost
of everything else is that of the components, whatever the length of the document.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from msgspec import Struct

from ..errors import InvalidOperation
from .chunks import Chunk, Component, chunked


class Operation(Struct, frozen=True, dict=True):
    """An edit of a text, without the text.

    The constructor takes the components as they stand; :meth:`of` and :class:`Builder` merge neighbours of a
    kind and drop empty components and a trailing retain. Equality compares components: two operations that
    mean the same are equal in their normal form (:func:`normalise`), not necessarily before.
    """

    components: tuple[Component, ...] = ()

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The components in chunks, which are made once."""
        return chunked(self.components)

    @staticmethod
    def of(*components: Component) -> Operation:
        """The operation of these components, merged and trimmed by a :class:`Builder`."""
        builder = Builder()
        for component in components:
            builder.add(component)
        return builder.build()

    @property
    def is_empty(self) -> bool:
        """Whether it changes no text: it neither inserts nor deletes."""
        return all(
            not component if isinstance(component, str) else component >= 0 for component in self.components
        )

    @property
    def base_length(self) -> int:
        """The least length, in code points, of a text that it fits: all that it retains and deletes."""
        length = 0
        for component in self.components:
            if not isinstance(component, str):
                length += abs(component)
        return length

    @property
    def length_change(self) -> int:
        """By how many code points the text becomes longer; negative where it becomes shorter."""
        change = 0
        for component in self.components:
            if isinstance(component, str):
                change += len(component)
            elif component < 0:
                change += component
        return change


EMPTY: Final = Operation()
"""The operation that changes nothing."""


class Builder:
    """Collects components from left to right into an :class:`Operation`.

    Inserts and deletes stay in the order in which they came; :func:`normalise` brings them into the one
    normal order.
    """

    __slots__ = ("_components",)

    def __init__(self) -> None:
        self._components: list[Component] = []

    def add(self, component: Component) -> None:
        """Append *component*, whichever kind it is; an empty one is dropped."""
        if not component:
            return
        components = self._components
        if components:
            last = components[-1]
            if isinstance(last, str):
                if isinstance(component, str):
                    components[-1] = last + component
                    return
            elif not isinstance(component, str) and (last > 0) == (component > 0):
                components[-1] = last + component
                return
        components.append(component)

    def retain(self, length: int) -> None:
        """Let *length* ≥ 0 code points of the base stay."""
        self.add(length)

    def insert(self, content: str) -> None:
        """Put *content* here."""
        self.add(content)

    def delete(self, length: int) -> None:
        """Take *length* ≥ 0 code points of the base away."""
        self.add(-length)

    def build(self) -> Operation:
        """The operation so far, without a trailing retain."""
        components = self._components
        if components:
            last = components[-1]
            if not isinstance(last, str) and last > 0:
                return Operation(tuple(components[:-1]))
        return Operation(tuple(components))


def normalise(operation: Operation) -> Operation:
    """The normal form of *operation*: the one way to write what it means.

    What it means is which code points of the base go, and which text comes into which gap between those that
    stay. Components with no surviving code point between them become one insert, at the left end, and one
    delete; nothing is empty and no retain trails. One that is normal already is returned itself.

    Laws (``test_operation_laws.py::test_normal_form_*``): it makes of every text what *operation* makes of
    it; ``normalise(normalise(a)) is normalise(a)``; two operations mean the same exactly where their normal
    forms are equal.
    """
    if _is_normal(operation.components):
        return operation
    normal: list[Component] = []
    content = ""
    deleted = retained = 0
    for component in operation.components:
        if isinstance(component, str):
            content += component
        elif component < 0:
            deleted += component
        elif component > 0:
            if content or deleted:
                normal += [part for part in (retained, content, deleted) if part]
                content, deleted, retained = "", 0, 0
            retained += component
    if content or deleted:
        normal += [part for part in (retained, content, deleted) if part]
    return Operation(tuple(normal))


def _is_normal(components: tuple[Component, ...]) -> bool:
    may_insert = may_delete = may_retain = True
    for component in components:
        if isinstance(component, str):
            if not may_insert or not component:
                return False
            may_insert, may_delete, may_retain = False, True, True
        elif component < 0:
            if not may_delete:
                return False
            may_insert, may_delete, may_retain = False, False, True
        else:
            if not may_retain or not component:
                return False
            may_insert, may_delete, may_retain = True, True, False
    return may_retain or not components


def apply(operation: Operation, text: str) -> str:
    """*text* after *operation*; a long text that is edited often is better kept as a :class:`Text`.

    Shapes: ``operation.base_length <= len(text)``, else :exc:`InvalidOperation`; the result has
    ``len(text) + operation.length_change`` code points.
    """
    pieces: list[str] = []
    position = 0
    for component in operation.components:
        if isinstance(component, str):
            pieces.append(component)
        elif component < 0:
            position -= component
        else:
            pieces.append(text[position : position + component])
            position += component
    if position > len(text):
        raise does_not_fit(operation, len(text))
    pieces.append(text[position:])
    return "".join(pieces)


def does_not_fit(operation: Operation, length: int) -> InvalidOperation:
    """The error of an *operation* on a text of only *length* code points."""
    return InvalidOperation(
        f"The operation needs a text of at least {operation.base_length} code points; this one has {length}."
    )
