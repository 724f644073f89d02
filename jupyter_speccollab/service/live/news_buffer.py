"""The news buffer: keeps what the bus delivers while a document is being read from the store."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_speccollab.bus.news import Heard


class NewsBuffer:
    """A subscriber that keeps all news until `deliver_to` is called, and passes them on from then on."""

    def __init__(self) -> None:
        self._kept: list[Heard] = []
        self._receive: Callable[[Heard], None] = self._kept.append

    def __call__(self, heard: Heard) -> None:
        self._receive(heard)

    def deliver_to(self, receive: Callable[[Heard], None]) -> None:
        """Pass on the news that were kept, and all later ones."""
        self._receive = receive
        for heard in self._kept:
            receive(heard)
        self._kept.clear()
