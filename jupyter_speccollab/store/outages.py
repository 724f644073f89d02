"""Outages: tells whoever watches a store of each call that failed because of the database."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jupyter_speccollab.errors import StoreUnavailable

Listener = Callable[[StoreUnavailable, bool], None]
"""Gets each failure; the second argument says whether it was a write."""


class Outages:
    """The calls of a store that are under way, and those that failed because of the database."""

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._keys = itertools.count()
        self._began: dict[int, float] = {}

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` for each failure from now on."""
        self._listener = listener

    def longest_wait(self) -> float:
        """For how many seconds the oldest call that is under way has waited for the database."""
        oldest = next(iter(self._began.values()), None)
        return 0.0 if oldest is None else time.monotonic() - oldest

    @contextmanager
    def observed(self, *, is_write: bool) -> Iterator[None]:
        """One call of the store."""
        key = next(self._keys)
        self._began[key] = time.monotonic()
        try:
            yield
        except StoreUnavailable as error:
            if self._listener is not None and error.trouble is not None:
                self._listener(error, is_write)
            raise
        finally:
            del self._began[key]
