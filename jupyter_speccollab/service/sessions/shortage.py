"""A shortage: a state in which connections are refused, logged once when it begins and once when it ends."""

from __future__ import annotations

import logging


class Shortage:
    """Counts what is refused, and logs the first refusal and the end, not each refusal.

    ``meanwhile`` is a clause that says what happens until the end; ``counted`` says how often it did.
    """

    def __init__(
        self,
        logger: logging.Logger,
        meanwhile: str = "others are refused until some are closed",
        counted: str = "they are taken again; %d were refused",
    ) -> None:
        self._logger = logger
        self._meanwhile = meanwhile
        self._counted = counted
        self._refused = 0

    @property
    def is_on(self) -> bool:
        """Whether the state has begun and not ended."""
        return self._refused > 0

    def refuse(self, what: str) -> None:
        """Count a refusal. ``what`` is a clause for the log, as ``this server has 100 open WebSockets``."""
        self._refused += 1
        if self._refused == 1:
            self._logger.warning("%s: %s", what, self._meanwhile)

    def end(self, what: str) -> None:
        """End the state, if it has begun. ``what`` is a noun for the log, as ``open WebSockets of this server``."""
        if self._refused:
            self._logger.info(f"%s: {self._counted}", what, self._refused)
            self._refused = 0
