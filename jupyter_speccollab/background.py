"""Background tasks: tasks that nobody waits for, so that nobody would hear of their errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

logger = logging.getLogger(__name__)


def in_background(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Start ``work`` as a task that is called ``name``. If an error ends it, the error is logged at once.

    Without this, asyncio logs the error when the task is collected as garbage, which a task that an object holds
    never is. Law: every other task of the package is awaited, or its errors are handled where it is started
    (``tests/packaging/test_background_tasks.py``). The caller keeps a reference to the task.
    """
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_log_error)
    return task


def _log_error(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("%s has ended with an error", task.get_name(), exc_info=error)
