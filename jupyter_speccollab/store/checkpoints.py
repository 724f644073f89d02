"""Checkpoints of SQLite's write-ahead log, in a thread of their own."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

EVERY: Final = 1.0
"""Seconds between two checkpoints while there are writes."""

LONGEST_LOG: Final = 16_000
"""Pages of the log from which on a commit makes the checkpoint itself, as SQLite does from 1,000 on: 64 MB."""

log = logging.getLogger(__name__)


class Checkpoints:
    """Copies what was committed from the log into the file, while others read and write.

    SQLite does it in the commit that makes the log long; after a text of 2 MB that takes two thirds of the commit,
    and all other writes wait for it. A checkpoint that fails loses nothing: its content stays in the log.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, "speccollab-checkpoint")
        self._last: Future[None] | None = None
        self._begun_at = 0.0

    def take_over(self, writer: Connection) -> None:
        """Let the commits of this connection make no checkpoints, unless the log becomes very long."""
        writer.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG}")

    def written(self) -> None:
        """There was a commit. Called in the thread that writes; begins a checkpoint if it is time for one."""
        now = time.monotonic()
        if now - self._begun_at >= EVERY and (self._last is None or self._last.done()):
            self._begun_at = now
            self._last = self._thread.submit(self._run)

    def close(self) -> None:
        """Wait for the last one, and close the connection."""
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _run(self) -> None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()
        except (DBAPIError, sqlite3.Error, OSError) as error:
            log.debug("the write-ahead log could not be copied into the file now: %s", type(error).__name__)
