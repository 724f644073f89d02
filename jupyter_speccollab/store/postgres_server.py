"""Connections to a PostgreSQL server, and the meaning of its errors.

The address is one that asyncpg and libpq accept:
``postgresql://user:password@host:5432/database?sslmode=verify-full``, several hosts, ``passfile``, the
``PG...`` variables of the environment.
"""

from __future__ import annotations

from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable

OUT_OF_REACH: Final = (
    "08",  # connection exceptions
    "25006",  # read only: a standby, before or after a failover
    "28",  # the login is refused
    "3D",  # the database does not exist
    "40",  # rolled back, for example because of a deadlock
    "42501",  # the login has no right to a table
    "53",  # too many connections, out of disk or memory
    "55P03",  # a lock was not available in time
    "57",  # shut down, starting up, cancelled
    "58",  # the server's own I/O
    "XX",  # the server's own faults
)
"""SQLSTATEs, or their first characters, that mean a problem of the server, not a fault in a statement."""

REFUSALS: Final = ("25006", "40", "53", "55P03")
"""SQLSTATEs, or their first characters, with which the server refuses a statement as a whole."""

_TROUBLES: Final = (
    ("25006", StoreTrouble.READ_ONLY),
    ("28", StoreTrouble.NO_ACCESS),
    ("3D", StoreTrouble.NO_ACCESS),
    ("40", StoreTrouble.LOCKED),
    ("42501", StoreTrouble.NO_ACCESS),
    ("53100", StoreTrouble.DISK_FULL),
    ("53300", StoreTrouble.TOO_MANY_CONNECTIONS),
    ("55P03", StoreTrouble.LOCKED),
    ("57014", StoreTrouble.NO_ANSWER),
    ("58030", StoreTrouble.DISK_ERROR),
    ("XX001", StoreTrouble.DAMAGED),
    ("XX002", StoreTrouble.DAMAGED),
)
"""What SQLSTATEs, or their first characters, say about the server; it can't be reached for any other reason."""

STALLED: Final = 10
"""Seconds that a transaction may be idle before the server ends it, because it would block others."""


def is_out_of_reach(error: Exception) -> bool:
    """Whether the error means that the server can't be reached or can't write now."""
    if isinstance(error, (OSError, PoolTimeout, asyncpg.InterfaceError, InterfaceError)):
        return True  # OSError includes TimeoutError; the others come from a ROLLBACK on a closed connection
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return _state(error).startswith(OUT_OF_REACH)


def is_lost(error: Exception) -> bool:
    """Whether the error means that this connection has ended; a new one may work."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def is_refusal(error: Exception) -> bool:
    """Whether the server has answered that it did not carry out the statement, and goes on.

    A failure that ends the connection, or the server, may come after the commit was written.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    severity = getattr(cause and cause.__cause__, "severity_en", None)
    return severity == "ERROR" and not is_lost(error) and _state(error).startswith(REFUSALS)


def trouble_of(error: Exception) -> StoreTrouble:
    """What is wrong with the server, for an error that means that it can't be reached or can't write now."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, TimeoutError | PoolTimeout):
        return StoreTrouble.NO_ANSWER
    state = _state(error)
    return next((trouble for prefix, trouble in _TROUBLES if state.startswith(prefix)), StoreTrouble.AWAY)


def reason(error: Exception) -> str:
    """Return the reason as a line for the log, without the address, the statement or its parameters."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return f"{_state(error)} {str(cause).splitlines()[0] if str(cause) else type(cause).__name__}".strip()


def _state(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")


UNREADABLE: Final = (
    "The address of the database can't be read, so nothing can be saved. It has the form "
    "postgresql://user:password@host:5432/database. In the password write %2F for /, %23 for #, %3F for ? and "
    "%40 for @."
)


def _is_ambiguous(address: str) -> bool:
    """Whether the password seems to contain a character that begins another part of the address."""
    _, _, rest = address.partition("://")
    before, _, _ = rest.partition("?")
    place, _, path = before.partition("/")
    return "#" in rest or "@" in path or ("@" not in place and "@" in rest)


def make_engine(url: str, connections: int, patience: float) -> AsyncEngine:
    """Return an engine with at most ``connections``, which waits at most ``patience`` seconds for the server."""
    address = url.replace("postgresql+asyncpg://", "postgresql://", 1)

    async def connect() -> Any:
        connection = None if _is_ambiguous(address) else await attempt()
        if connection is None:
            raise StoreUnavailable(UNREADABLE)
        return connection

    async def attempt() -> Any:
        try:
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
        except OSError:  # some errors of TLS are a `ValueError`, too
            raise
        except ValueError:  # from an address that can't be read; it quotes parts of the password
            return None

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience,
        pool_use_lifo=True,
        hide_parameters=True,  # they contain the texts of users
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
    )
    event.listen(engine.sync_engine, "checkout", _replace_if_closed)
    return engine


def _replace_if_closed(driver: Any, *_: object) -> None:
    """Have the pool replace a connection that the server has closed, before it is used."""
    if driver.driver_connection.is_closed():
        raise DisconnectionError
