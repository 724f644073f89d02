"""Moments in time, as the protocol writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(16)  # operations that are committed together share one timestamp
def iso(moment: datetime) -> str:
    """ISO-8601 UTC with ``Z``, in milliseconds."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"
