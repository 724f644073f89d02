"""A shortage: a state in which connections are refused, logged once when it begins and once when it ends."""

from __future__ import annotations

import logging


class Shortage:
    """Counts what is refused, and logs the first refusal and the end, not each refusal."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._refused = 0

    @property
    def is_on(self) -> bool:
        """Whether the state has begun and not ended."""
        return self._refused > 0

    def refuse(self, what: str) -> None:
        """Count a refusal. ``what`` is a clause for the log, as ``this server has 100 open WebSockets``."""
        self._refused += 1
        if self._refused == 1:
            self._logger.warning("%s: others are refused until some are closed", what)

    def end(self, what: str) -> None:
        """End the state, if it has begun. ``what`` is a noun for the log, as ``open WebSockets of this server``."""
        if self._refused:
            self._logger.info("%s: they are taken again; %d were refused", what, self._refused)
            self._refused = 0
