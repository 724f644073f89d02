"""What is put in the place of the outer world for the time of a run: identifiers, chance, connections."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from jupyter_speccollab.client import session
from jupyter_speccollab.document import transformation, window
from jupyter_speccollab.handlers.socket import outbox
from jupyter_speccollab.service import workers
from jupyter_speccollab.service.live import (
    anchor_moves,
    catch_up,
    committer,
    document_reader,
    fair_queue,
    live_threads,
    log_follower,
    staging,
)
from jupyter_speccollab.service.presence import backpressure
from jupyter_speccollab.service.sessions import polling
from jupyter_speccollab.text import chunks, long_transform, positions

from .client import Connections
from .settings import Settings

SHORT: Final = 10
"""Chunks of fewer components are those of a run in which every operation counts as long."""


class Complaints(logging.Handler):
    """Keeps what the code under test logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.lines.append(f"{record.getMessage()} ({error!r})" if error else record.getMessage())


@contextmanager
def stand_ins(rng: Random, settings: Settings) -> Iterator[Complaints]:
    """Every random byte and number comes from ``rng``; constants are those of ``settings``."""
    with ExitStack() as stack:
        put: list[tuple[Any, str, Any]] = [
            (uuid, "os", SimpleNamespace(urandom=rng.randbytes)),
            (session, "random", rng),
            (session, "Transport", Connections),
            (window, "OPERATIONS", settings.window),
            (window, "TEXTS", max(2, settings.window // 5)),
            (catch_up, "OPERATIONS", settings.listed),
            (outbox, "BACKLOG", settings.backlog),
            (outbox, "WRITE_SIZE", settings.room),
            (polling, "BACKLOG", settings.backlog * 4),
            (fair_queue, "MAX_DISTANCE", settings.near),
            (staging, "MAX_DISTANCE", settings.near),
            (committer, "SLICE", settings.slice),
            (backpressure, "LOW_WATER", settings.room),
            (chunks, "CHUNK", settings.chunk),
            (live_threads, "BEHIND", settings.behind),
            (live_threads, "EVENT_BYTES", settings.told),
            (workers, "SHORT", 1_000_000),  # no other process computes anything
        ]
        if settings.chunk < SHORT:
            put += [
                (chunks, "SMALL", 1),
                (long_transform, "STEP", 1),
                (positions, "LONG", 1),
                (transformation, "LONG", 1),
                (staging, "LOG_BYTES", 1),
                (staging, "LONG", 1),
                (log_follower, "LOG_BYTES", 1),
                (anchor_moves, "LOG_BYTES", 1),
                (anchor_moves, "AT_ONCE", 1),
                (document_reader, "LOG_BYTES", 1),
            ]
        for module, name, value in put:
            stack.enter_context(patch.object(module, name, value))
        yield stack.enter_context(_listening())


@contextmanager
def _listening() -> Iterator[Complaints]:
    logger = logging.getLogger("jupyter_speccollab")
    complaints, level, propagate = Complaints(), logger.level, logger.propagate
    logger.addHandler(complaints)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    try:
        yield complaints
    finally:
        logger.removeHandler(complaints)
        logger.setLevel(level)
        logger.propagate = propagate
