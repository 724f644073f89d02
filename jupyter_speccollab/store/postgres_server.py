"""A PostgreSQL server: how it is connected to, and what its errors mean.

The address is what asyncpg, and libpq, take: ``postgresql://user:password@host:5432/database?sslmode=verify-full``,
several hosts, ``passfile``, the ``PG...`` variables of the environment.
"""

from __future__ import annotations

from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

OUT_OF_REACH: Final = (
    "08",  # connection exceptions
    "25006",  # read only: a standby that took over, or is about to
    "28",  # the login is refused
    "3D",  # there is no such database
    "40",  # rolled back: a deadlock
    "53",  # too many connections, out of disk or memory
    "55P03",  # a lock that did not come in time
    "57",  # shut down, starting up, cancelled
    "58",  # the server's own I/O
    "XX",  # the server's own faults
)
"""SQLSTATEs, or how they begin, that are the server's doing, not a fault in a statement of ours."""

STALLED: Final = 10
"""Seconds that a transaction may stand still before the server ends it: it would hold up everybody else."""


def is_out_of_reach(error: Exception) -> bool:
    """Whether it says that the server can't be reached or can't write now."""
    if isinstance(error, (OSError, PoolTimeout, asyncpg.InterfaceError, InterfaceError)):
        return True  # OSError: TimeoutError too; the others: a ROLLBACK on what is closed already
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return _state(error).startswith(OUT_OF_REACH)


def is_lost(error: Exception) -> bool:
    """Whether it says that a connection, perhaps an old one, has ended; a new one may do."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def reason(error: Exception) -> str:
    """Why, in a line for the log: nothing of the address, the statement or its parameters."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return f"{_state(error)} {str(cause).splitlines()[0] if str(cause) else type(cause).__name__}".strip()


def _state(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")


def make_engine(url: str, connections: int, patience: float) -> AsyncEngine:
    """At most ``connections`` at a time; ``patience``, in seconds, bounds each wait for the server."""
    address = url.replace("postgresql+asyncpg://", "postgresql://", 1)

    async def connect() -> Any:
        return await asyncpg.connect(
            address,
            timeout=patience,
            command_timeout=patience,
            server_settings={
                "application_name": "jupyter_speccollab",
                "idle_in_transaction_session_timeout": f"{STALLED}s",
                "lock_timeout": f"{patience / 2:.0f}s",
            },
        )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience,
        pool_use_lifo=True,
        hide_parameters=True,  # they hold what people write
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
    )
    event.listen(engine.sync_engine, "checkout", _leave_if_closed)
    return engine


def _leave_if_closed(driver: Any, *_: object) -> None:
    """A connection that the server has ended meanwhile is replaced before anything is asked of it."""
    if driver.driver_connection.is_closed():
        raise DisconnectionError
