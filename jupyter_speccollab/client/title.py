"""The title of a client's spec, asked for again after each lost connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from jupyter_speccollab.background import in_background
from jupyter_speccollab.client.server import Server
from jupyter_speccollab.client.session import Session
from jupyter_speccollab.errors import SpecCollabError


class TitleWatch:
    """Keeps `Session.title` up to date. While connected, the server tells each change (``spec_changed``).

    ``changed`` is called after an answer.
    """

    def __init__(self, server: Server, changed: Callable[[], None]) -> None:
        self._server = server
        self._changed = changed
        self._joins = 1
        self._task: asyncio.Task[None] | None = None

    def look(self, session: Session, spec_id: str) -> None:
        """Ask for the title if the session has joined again, as it may have changed meanwhile."""
        if session.joins > self._joins:
            self._joins = session.joins
            self._task = in_background(self._ask(session, spec_id), f"title {spec_id}")

    def close(self) -> None:
        """Wait for no answer any more."""
        if self._task is not None:
            self._task.cancel()

    async def _ask(self, session: Session, spec_id: str) -> None:
        with suppress(OSError, SpecCollabError):  # then the next connection asks again
            session.title = (await self._server.call("GET", f"/{spec_id}"))["title"]
            self._changed()
