"""The loop watch: measures how late the event loop is, and names what ran when it stood still."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import PurePath
from types import FrameType
from typing import Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.service.metrics import Metrics

TICK: Final = 0.05
"""Seconds between two measurements."""

STANDSTILL: Final = 0.25
"""Seconds of lag from which on a warning is logged."""

LOOK_AFTER: Final = 0.12
"""Seconds of lag after which the thread looks where the event loop is."""

SILENCE: Final = 60.0
"""Seconds between two warnings. Those in between are counted."""

WINDOW: Final = 60.0
"""Seconds over which the longest lag is reported."""

FRAMES: Final = 6
"""How many functions a warning names at most."""

PACKAGE: Final = "jupyter_speccollab"

logger = logging.getLogger(__name__)


class LoopWatch:
    """Measures the lag of the running event loop: how much later than asked for a timer is served.

    A thread takes note of the functions that the loop's thread is in while a timer is overdue. The warning names
    functions, files and lines, and never arguments or texts. A single call that never lets other threads run, such
    as a search in a long text, is named only if the loop's thread is still in its caller afterwards.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._lag_seconds = metrics.loop_lag_seconds
        self._recent: deque[tuple[float, float]] = deque()
        self._due = 0.0
        self._seen: tuple[str, ...] = ()
        self._warned_at = -SILENCE
        self._left_out: list[float] = []
        self._stopped = threading.Event()
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        metrics.add_gauge(
            "loop_lag_longest_seconds", "The longest lag of the event loop in the last minute.", self.longest
        )

    def start(self) -> None:
        """Watch the running event loop. Called in it."""
        self._due = time.monotonic() + TICK
        self._task = in_background(self._measure(), "measure the lag of the event loop")
        self._thread = threading.Thread(
            target=self._look, args=(threading.get_ident(),), name="speccollab-loop-watch", daemon=True
        )
        self._thread.start()

    async def close(self) -> None:
        """Stop."""
        self._stopped.set()
        if self._task is not None and self._thread is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await asyncio.to_thread(self._thread.join)

    def longest(self) -> float:
        """The longest lag of the last `WINDOW`, in seconds."""
        since = time.monotonic() - WINDOW
        return max((lag for at, lag in self._recent if at >= since), default=0.0)

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            now = time.monotonic()
            lag = max(0.0, now - self._due)
            seen, self._seen = self._seen, ()
            self._due = now + TICK
            self._lag_seconds.observe(lag)
            self._remember(now, lag)
            self._warn(now, lag, seen)

    def _remember(self, now: float, lag: float) -> None:
        """Keep the lags that may yet become the longest: each is longer than all that came after it."""
        while self._recent and self._recent[-1][1] <= lag:
            self._recent.pop()
        self._recent.append((now, lag))
        while self._recent[0][0] < now - WINDOW:
            self._recent.popleft()

    def _warn(self, now: float, lag: float, seen: Sequence[str]) -> None:
        if now - self._warned_at < SILENCE:
            if lag >= STANDSTILL:
                self._left_out.append(lag)
            return
        if lag >= STANDSTILL:
            where = ", called by ".join(seen) or "a call that let no other thread run"
            logger.warning(
                "the event loop stood still for %.2f s, in %s%s", lag, where, self._said_of_those_left_out()
            )
        elif self._left_out:
            logger.warning("the event loop stood still again%s", self._said_of_those_left_out())
        else:
            return
        self._warned_at = now
        self._left_out.clear()

    def _said_of_those_left_out(self) -> str:
        if not self._left_out:
            return ""
        return f" ({len(self._left_out)} times since the last warning, {max(self._left_out):.2f} s at most)"

    def _look(self, loop_thread: int) -> None:
        """Run in the thread: look where the loop's thread is while a timer is overdue for long."""
        while not self._stopped.wait(TICK):
            due = self._due
            if self._seen or time.monotonic() - due < LOOK_AFTER:
                continue
            seen = _functions(sys._current_frames().get(loop_thread))
            if due == self._due:  # else the loop went on meanwhile
                self._seen = seen


def _functions(innermost: FrameType | None) -> tuple[str, ...]:
    """The function that runs, and those of this package that called it, the innermost first."""
    if innermost is None:
        return ()
    if innermost.f_globals.get("__name__") == "selectors":
        return ("no code of the loop: another thread or the machine kept it waiting",)
    found = [_named(innermost)]
    frame = innermost.f_back
    while frame is not None and len(found) < FRAMES:
        if str(frame.f_globals.get("__name__", "")).startswith(PACKAGE):
            found.append(_named(frame))
        frame = frame.f_back
    return tuple(found)


def _named(frame: FrameType) -> str:
    """The function, with its file as it is imported and the line."""
    file = PurePath(frame.f_code.co_filename).name
    packages = str(frame.f_globals.get("__name__", "")).split(".")
    if file != "__init__.py":
        packages = packages[:-1]
    return f"{frame.f_code.co_qualname} ({'/'.join([*packages, file])}:{frame.f_lineno})"
