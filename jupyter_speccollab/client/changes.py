"""An asynchronous iterator over changes."""

from __future__ import annotations

from jupyter_speccollab.client.queued import Queued
from jupyter_speccollab.client.sync.change import Change


class Changes(Queued[Change]):
    """Iterates over other users' changes."""

    def put(self, change: Change) -> None:
        """Add a change."""
        self._waiting.append(change)
        self._news.set()
