"""Session rows: writes the table ``editing_sessions`` in the background."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from jupyter_speccollab.background import in_background
from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.presence import Participant
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.base import SessionRecord, SpecMissing, Store

TOUCH: Final = 10.0
"""Seconds between two writes of cursors and times of activity, for all sessions at once."""

SWEEP: Final = 60.0
"""Seconds between two deletions of rows that no server updates any more."""

FRESH: Final = timedelta(seconds=25)
"""How long after its last update a row of another server counts as a present session."""

STALE: Final = timedelta(seconds=45)
"""Age without an update after which a row is deleted, since its server must have died."""

logger = logging.getLogger(__name__)


class SessionRows:
    """Writes a row when a session joins, updates all rows in one batch, and deletes a row when its session leaves.

    Sessions join and leave even while the database is away; the rows are written later.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._server = str(uuid4())
        self._rows: dict[str, SessionRecord] = {}
        self._new: set[str] = set()
        self._moved: set[str] = set()
        self._gone: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the background tasks."""
        self._tasks = [
            in_background(self._write_changes(), "write session rows"),
            in_background(self._every(TOUCH, self._touch), "update session rows"),
            in_background(self._every(SWEEP, self._sweep, at_once=True), "delete old session rows"),
        ]

    async def close(self) -> None:
        """Stop, and delete the rows of this server."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._store.remove_sessions({*self._rows, *self._gone})

    def joined(self, spec_id: str, participant: Participant) -> None:
        """A session has joined, or its user has got another color."""
        session_id = participant.session_id
        self._rows[session_id] = SessionRecord(
            session_id=session_id,
            spec_id=spec_id,
            user_id=participant.user.user_id,
            user_name=participant.user.shown,
            socket_id=f"{self._server}/{session_id}",
            joined_at=participant.joined_at,
            last_activity=participant.joined_at,
            color=participant.color,
        )
        self._new.add(session_id)
        self._wake.set()

    def moved(self, session_id: str, cursor: Cursor | None) -> None:
        """A session's cursor has moved; written with the next update."""
        if row := self._rows.get(session_id):
            position = None if cursor is None else cursor.to_wire()
            self._rows[session_id] = replace(row, cursor_position=position)
            self._moved.add(session_id)

    def left(self, session_id: str) -> None:
        """A session has ended."""
        if self._rows.pop(session_id, None):
            self._gone.add(session_id)
            self._wake.set()

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        """All sessions of these specs in order of joining: this server's from memory, the others from the database.

        Law: sessions of a server that died are not returned after `FRESH`, even before their rows are deleted.
        """
        mine = [row for row in self._rows.values() if row.spec_id in spec_ids]
        stored = await self._store.sessions(spec_ids)
        since = self._clock() - FRESH
        others = [
            row for row in stored if row.last_activity >= since and not row.socket_id.startswith(self._server)
        ]
        return sorted([*mine, *others], key=lambda row: (row.joined_at, row.session_id))

    async def _write_changes(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            new, self._new = self._new, set()
            gone, self._gone = self._gone, set()
            try:
                now = self._clock()  # waiting for the database does not make a session inactive
                rows = [replace(row, last_activity=now) for key in new if (row := self._rows.get(key))]
                await self._add(rows)
                await self._store.remove_sessions(gone)
            except Exception as error:
                _report(error)
                self._new |= new
                self._gone |= gone
                await asyncio.sleep(TOUCH)
                self._wake.set()

    async def _add(self, rows: Sequence[SessionRecord]) -> None:
        """Add all rows at once, or one by one if the spec of one was deleted."""
        try:
            await self._store.add_sessions(rows)
        except SpecMissing:
            if len(rows) == 1:
                self._rows.pop(rows[0].session_id, None)
            else:
                for row in rows:
                    await self._add([row])

    async def _touch(self) -> None:
        if not self._rows:
            return
        moved, self._moved = self._moved, set()
        rows = [row for key in moved if (row := self._rows.get(key))]
        written = self._rows.keys() - self._new
        try:
            there = await self._store.touch_sessions(self._server, self._clock(), rows)
        except BaseException:
            self._moved |= moved
            raise
        if there < len(written):  # deleted by a server that took this one for dead
            self._new |= written
            self._wake.set()

    async def _sweep(self) -> None:
        await self._store.sweep_sessions(self._clock() - STALE)

    async def _every(self, seconds: float, act: Callable[[], Awaitable[None]], at_once: bool = False) -> None:
        if at_once:
            await self._try(act)
        while True:
            await asyncio.sleep(seconds)
            await self._try(act)

    async def _try(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except Exception as error:
            _report(error)


def _report(error: Exception) -> None:
    """Log the error and go on: without updates, sessions would disappear from all lists."""
    if isinstance(error, StoreUnavailable):
        logger.debug("the database is away: session rows are written later")
    else:
        logger.error("session rows could not be written", exc_info=error)
