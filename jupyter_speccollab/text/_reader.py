"""Reads the components of an operation in pieces, for transform and compose."""

from __future__ import annotations

from .chunks import Component
from .operation import Operation


class Reader:
    """Reads the components of an operation once, in order, and splits them at the lengths that the caller asks for.

    After the last component it returns retains of any length, because an operation keeps the rest of the text.
    """

    __slots__ = ("_components", "_index", "_rest")

    def __init__(self, operation: Operation) -> None:
        self._components = operation.components
        self._index = 0
        self._rest: Component = self._components[0] if self._components else 0

    @property
    def at_end(self) -> bool:
        """Whether all components have been read."""
        return self._index >= len(self._components)

    @property
    def at_insert(self) -> bool:
        """Whether the next piece is inserted text."""
        return isinstance(self._rest, str) and not self.at_end

    def take(self) -> Component:
        """The whole rest of the current component."""
        piece = self._rest
        self._next()
        return piece

    def take_base(self, limit: int) -> Component:
        """The next piece that covers at most *limit* > 0 code points of the base.

        An insert, which covers none, is returned whole.
        """
        if self.at_end:
            return limit
        rest = self._rest
        if isinstance(rest, str) or -limit <= rest <= limit:
            self._next()
            return rest
        piece = limit if rest > 0 else -limit
        self._rest = rest - piece
        return piece

    def take_result(self, limit: int) -> Component:
        """The next piece that produces at most *limit* > 0 code points of the result.

        A delete, which produces none, is returned whole.
        """
        if self.at_end:
            return limit
        rest = self._rest
        if isinstance(rest, str):
            if len(rest) > limit:
                self._rest = rest[limit:]
                return rest[:limit]
        elif rest > limit:
            self._rest = rest - limit
            return limit
        self._next()
        return rest

    def _next(self) -> None:
        self._index += 1
        self._rest = self._components[self._index] if self._index < len(self._components) else 0
