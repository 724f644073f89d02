"""The only validator of what comes in, and the encoder of what goes out."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import Raw, Struct

from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.protocol.messages import (
    Authenticate,
    BadOperation,
    ClientMessage,
    CursorUpdate,
    JoinSession,
    LeaveSession,
    Ping,
    RequestSync,
    SendOperation,
)

UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_MESSAGES: Final[dict[str, Any]] = {
    "join_session": JoinSession,
    "operation": SendOperation,
    "cursor_update": CursorUpdate,
    "request_sync": RequestSync,
    "authenticate": Authenticate,
    "leave_session": LeaveSession,
    "ping": Ping,
}

T = TypeVar("T", bound=Struct)


class _Frame(Struct, frozen=True):
    event: str
    data: Raw = Raw(b"{}")


_frame_decoder = msgspec.json.Decoder(_Frame)
_operation_decoder = msgspec.json.Decoder(SendOperation)
_encoder = msgspec.json.Encoder()


def decode(frame: str | bytes, operation_length: int) -> ClientMessage:
    """The message in a client's frame.

    ``operation_length`` is the limit in force: the ``size`` of an operation is exact where it exceeds it.
    Raises `InvalidMessage` where it is none and holds no usable operationId; where it does, `BadOperation` is
    returned, for the refusal to carry that id.
    """
    try:
        envelope = _frame_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return _decode_leniently(frame, error)
    if envelope.event == "operation":
        return _decode_operation(bytes(envelope.data), operation_length)
    return _decode_data(envelope.event, bytes(envelope.data))


def body(content: bytes, kind: type[T]) -> T:
    """A request body as a ``kind``. Raises `InvalidMessage`."""
    try:
        return msgspec.json.decode(content or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        parsed = _parse(content, error)
        try:
            return msgspec.convert(parsed, kind)
        except msgspec.ValidationError as second:
            raise InvalidMessage(f"The request body does not fit: {second}. See docs/protocol.md.") from None


def canonical_uuid(value: object) -> str | None:
    """``value`` as a lower-case UUID string, or ``None`` where it is none."""
    if isinstance(value, str) and UUID.fullmatch(lowered := value.lower()):
        return lowered
    return None


def fingerprint(operations: object) -> str:
    """The first 128 bits of the SHA-256 of a list of components as parsed, whatever its spacing and key order.

    In hex. A repeat of an operation is told by it from another operation under the same id.
    """
    return hashlib.sha256(json.dumps(operations, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[
        :32
    ]


def encode(event: str, data: dict[str, Any]) -> bytes:
    """One event as JSON in unescaped UTF-8."""
    return _encoder.encode({"event": event, "data": data})


def encode_body(value: object) -> bytes:
    """A response body as JSON in unescaped UTF-8."""
    return _encoder.encode(value)


def _decode_data(event: str, data: bytes) -> ClientMessage:
    kind = _MESSAGES.get(event)
    if kind is None:
        raise InvalidMessage(f"There is no event {event[:40]!r}. Send one of: {', '.join(_MESSAGES)}.")
    try:
        return cast(ClientMessage, msgspec.json.decode(data, type=kind))
    except msgspec.DecodeError as error:
        raise InvalidMessage(f"The data of {event} does not fit: {error}. See docs/protocol.md.") from None


def _decode_operation(data: bytes, limit: int) -> SendOperation | BadOperation:
    try:
        message = _operation_decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        return _bad_operation(_parse(data, error), str(error))
    operation_id = canonical_uuid(message.operation_id)
    if operation_id is None:
        raise InvalidMessage("operationId must be a UUID string.")
    return msgspec.structs.replace(message, operation_id=operation_id, size=_size(data, limit))


def _decode_leniently(frame: str | bytes, error: Exception) -> ClientMessage:
    """What msgspec refuses but a browser may send: lone surrogates. Everything else ends in the error."""
    parsed = _parse(frame, error)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("event"), str):
        raise InvalidMessage('A frame is one JSON object {"event": ..., "data": {...}}.')
    event, data = parsed["event"], parsed.get("data", {})
    if event != "operation":
        raise InvalidMessage(f"The frame can't be read: {_first_line(error)}.")
    try:
        message = msgspec.convert(data, SendOperation)
    except msgspec.ValidationError as second:
        return _bad_operation(data, str(second))
    operation_id = canonical_uuid(message.operation_id)
    if operation_id is None:
        raise InvalidMessage("operationId must be a UUID string.")
    return msgspec.structs.replace(message, operation_id=operation_id, size=_compact_size(data))


def _bad_operation(data: object, reason: str) -> BadOperation:
    operation_id = canonical_uuid(data.get("operationId")) if isinstance(data, dict) else None
    if operation_id is None:
        raise InvalidMessage(
            f"The operation can't be read: {reason}. It needs an operationId, a UUID string."
        )
    return BadOperation(operation_id, InvalidMessage(f"The operation can't be read: {reason}."))


def _parse(content: str | bytes, error: Exception) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise InvalidMessage(f"This is not JSON: {_first_line(error)}.") from None


def _size(data: bytes, limit: int) -> int:
    """``JSON.stringify(data).length`` where it may exceed ``limit``; UTF-8 as sent is never shorter than that."""
    if len(data) <= limit:
        return len(data)
    return _compact_size(json.loads(data))


def _compact_size(data: object) -> int:
    compact = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return len(compact.encode("utf-16-le", "surrogatepass")) // 2


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else "malformed"
