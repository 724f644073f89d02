"""Chooses the bus that the configuration names."""

from __future__ import annotations

from typing import Final

from .base import Bus
from .memory import MemoryBus

REDIS_SCHEMES: Final = ("redis://", "rediss://", "unix://")


class NoSuchBus(Exception):
    """The configuration names a bus that can't be used. The message says what to do; it never holds the URL."""


def bus_of(redis_url: str, prefix: str) -> Bus:
    """A Redis bus if ``redis_url`` is set, else a bus for a single server. Raises `NoSuchBus`."""
    if not redis_url:
        return MemoryBus()
    if not redis_url.startswith(REDIS_SCHEMES):
        raise NoSuchBus("SpecCollabApp.redis_url must begin with redis:// or rediss://")
    try:
        from .redis import RedisBus  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise NoSuchBus(
            f"Redis needs the package {error.name}: pip install 'jupyter_speccollab[redis]'"
        ) from None
    try:
        return RedisBus(redis_url, prefix=prefix)
    except ValueError as error:
        raise NoSuchBus(f"SpecCollabApp.redis_url: {error}") from None
