"""Which bus a configuration names."""

from __future__ import annotations

from typing import Final

from .base import Bus
from .memory import MemoryBus

REDIS: Final = ("redis://", "rediss://", "unix://")


class NoSuchBus(Exception):
    """The configuration names a bus that can't be had; says what to do, never the address."""


def bus_of(redis_url: str, prefix: str) -> Bus:
    """Redis where there is a ``redis_url``, else a bus for one server. Raises `NoSuchBus`."""
    if not redis_url:
        return MemoryBus()
    if not redis_url.startswith(REDIS):
        raise NoSuchBus("SpecCollabApp.redis_url must begin with redis:// or rediss://")
    try:
        from .redis import RedisBus  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise NoSuchBus(
            f"Redis needs the package {error.name}: pip install 'jupyter_speccollab[redis]'"
        ) from None
    return RedisBus(redis_url, prefix=prefix)
