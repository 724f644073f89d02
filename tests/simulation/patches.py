"""What is put in the place of the outer world for the time of a run: identifiers, chance, connections."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

from jupyter_speccollab.client import session as link
from jupyter_speccollab.document import window
from jupyter_speccollab.handlers.socket import outbox
from jupyter_speccollab.service.live.live_document import catch_up as missed
from jupyter_speccollab.service.live.live_document import committer, staging
from jupyter_speccollab.service.live.live_document import fair_queue as turns
from jupyter_speccollab.service.presence import backpressure as held
from jupyter_speccollab.service.sessions import polling as polls

from .client import Connections
from .settings import Settings


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
        put = [
            (uuid, "os", SimpleNamespace(urandom=rng.randbytes)),
            (link, "random", rng),
            (link, "Connection", Connections),
            (window, "OPERATIONS", settings.window),
            (window, "TEXTS", max(2, settings.window // 5)),
            (missed, "OPERATIONS", settings.listed),
            (outbox, "BACKLOG", settings.backlog),
            (outbox, "PIECE", settings.room),
            (polls, "BACKLOG", settings.backlog * 4),
            (turns, "NEAR", settings.near),
            (staging, "NEAR", settings.near),
            (committer, "SLICE", settings.slice),
            (held, "ROOM", settings.room),
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
