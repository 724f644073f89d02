"""Column types: small on SQLite, native on PostgreSQL, with the same values in Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, LargeBinary, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

COMPACT_JSON: Final = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON without blanks, as the serializer of the engine writes it. ``None`` is NULL."""


def _uuid_bytes(value: str | None) -> bytes | None:
    return None if value is None else bytes.fromhex(value.replace("-", ""))


def _uuid_text(value: bytes | None) -> str | None:
    if value is None:
        return None
    digits = value.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _microseconds(value: datetime | None) -> int | None:
    return None if value is None else (value - EPOCH) // MICROSECOND


def _utc(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + timedelta(microseconds=value)


class UuidText(TypeDecorator[str]):
    """A UUID: a lower-case string in Python, ``UUID`` on PostgreSQL, 16 bytes on SQLite.

    ``docs/adr/0002-keys-and-columns.md`` explains why it is not text on SQLite. In the SQLite shell, ``hex(id)``
    shows it.
    """

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary(16))
        return dialect.type_descriptor(Uuid(as_uuid=False))

    def bind_processor(self, dialect: Dialect) -> Any:
        return _uuid_bytes if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _uuid_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


class UtcTime(TypeDecorator[datetime]):
    """A time: timezone-aware UTC in Python, microseconds since 1970 on SQLite.

    In the SQLite shell, ``datetime(applied_at / 1e6, 'unixepoch')`` shows it.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Any:
        return _microseconds if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _utc if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class HexDigest(TypeDecorator[str]):
    """A hash: lower-case hex in Python, stored as bytes."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        return bytes.fromhex

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return bytes.hex
