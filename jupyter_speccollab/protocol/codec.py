"""The codec: decodes and validates everything that clients send, and encodes what the server sends."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import pairwise
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import Raw, Struct

from jupyter_speccollab.document.draft import Draft
from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.protocol.messages import (
    Authenticate,
    ClientMessage,
    CursorUpdate,
    JoinSession,
    LeaveSession,
    Ping,
    RequestSync,
    SendOperation,
    WireCursor,
    WireDraft,
    WireOperation,
)

UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_MESSAGES: Final[dict[str, Any]] = {
    "join_session": JoinSession,
    "operation": WireOperation,
    "cursor_update": CursorUpdate,
    "request_sync": RequestSync,
    "authenticate": Authenticate,
    "leave_session": LeaveSession,
    "ping": Ping,
}

MAX_DEPTH: Final = 32
"""Arrays and objects nested deeper than this are read as null. Valid messages are nested 6 deep."""

LENIENT_BYTES: Final = 65_536
"""The size up to which a body that msgspec refuses is parsed again, by a slower parser, in bytes."""

JSON_STRING: Final = r'"(?:[^"\\]++|\\.)*+"?'
"""A string. One without an end counts too: a search for its end from each quotation mark in it would take a time
that grows with the square of its length."""

JSON_TOKEN_OR_COMMA: Final = re.compile(rf"{JSON_STRING}|[\[\]{{}},]", re.DOTALL)
"""A string, a bracket, or a comma."""

JSON_FLAT: Final = rf"(?:[^\[\]{{}}\"]++|{JSON_STRING})*+"
"""What holds no array and no object."""

JSON_NESTING: Final = re.compile(
    rf"{JSON_FLAT}(?:(?P<leaf>[\[{{]{JSON_FLAT}[\]}}])|(?P<open>[\[{{]++)|(?P<close>[\]}}]++)|\Z)", re.DOTALL
)
"""The next ``leaf`` (an array or an object that holds none), the next brackets in a row, or the end.

These are few tokens. 64 KB of brackets, one by one, would take 30 ms.
"""

DRAFT_BYTES: Final = 32_768
"""The size up to which a draft is read, in bytes: JSON that is written with escapes is up to six times as long."""

LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")

OPERATION_FIELDS: Final = ("operationId", "version", "operations", "cursor")
"""The fields of an operation. The names of other fields may hold lone surrogates, which msgspec can't convert."""

T = TypeVar("T", bound=Struct)


class _Frame(Struct, frozen=True):
    event: str
    data: Raw = Raw(b"{}")


_frame_decoder = msgspec.json.Decoder(_Frame)
_array_decoder = msgspec.json.Decoder(list[Raw])
_operation_decoder = msgspec.json.Decoder(WireOperation)
_draft_decoder = msgspec.json.Decoder(WireDraft)
_encoder = msgspec.json.Encoder()
_sorted_encoder = msgspec.json.Encoder(order="sorted")
_python_encode_sorted = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def decode(frame: str | bytes, operation_length: int) -> ClientMessage:
    """Decode a client's frame.

    ``operation_length`` is the configured limit: an operation's ``size`` is exact only if it may exceed that.
    Raises `InvalidMessage` if the frame is no valid message, or an operation without a valid id. An operation that
    has a valid id but is otherwise invalid is returned with its ``fault``, so that the refusal can carry the id.
    """
    try:
        envelope = _frame_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return _decode_leniently(frame, error)
    if envelope.event == "operation":
        return _decode_operation(bytes(envelope.data), operation_length)
    return _decode_data(envelope.event, bytes(envelope.data))


def frames(content: bytes | bytearray) -> list[str]:
    """Split a request's JSON array into the texts of its elements, for `decode`, which may refuse some of them.

    Raises `InvalidMessage` if ``content`` is no array.
    """
    try:
        return [bytes(element).decode() for element in _array_decoder.decode(content)]
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        parsed = _parse(content, error)
    if not isinstance(parsed, list):
        raise InvalidMessage('The body is an array of {"event": ..., "data": {...}}.')
    if not parsed:
        return []
    text = content.decode()
    ends: list[int] = []
    depth = 0
    for token in JSON_TOKEN_OR_COMMA.finditer(text):
        depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
        if depth == (1 if token[0] == "," else 0):
            ends.append(token.start())
    return [text[start + 1 : end] for start, end in pairwise([text.index("["), *ends])]


def body(content: bytes | bytearray, kind: type[T]) -> T:
    """Decode a request body as a ``kind``. Raises `InvalidMessage`."""
    try:
        return msgspec.json.decode(content or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        if len(content) > LENIENT_BYTES:
            raise InvalidMessage(
                f"The request body does not fit: {_first_line(error)}. See docs/protocol.md."
            ) from None
        parsed = _parse(content, error)
        try:
            return msgspec.convert(parsed, kind)
        except (msgspec.ValidationError, UnicodeError) as second:
            raise InvalidMessage(f"The request body does not fit: {second}. See docs/protocol.md.") from None


def canonical_uuid(value: object) -> str | None:
    """``value`` as a lower-case UUID string; ``None`` if it is no UUID."""
    if isinstance(value, str) and UUID.fullmatch(lowered := value.lower()):
        return lowered
    return None


def fingerprint(operations: object) -> str:
    """A hash of a list of components that does not depend on its spacing and key order, in hex.

    It is the first 128 bits of a SHA-256. It distinguishes the repeat of an operation from another operation under
    the same id.
    """
    return hashlib.sha256(_canonical(operations)).hexdigest()[:32]


def _canonical(operations: object) -> bytes:
    """``operations`` as canonical JSON: ASCII, sorted keys, no blanks.

    msgspec is several times as fast as Python's encoder, but can't encode every value that `_parse` may return.
    """
    try:
        written = _sorted_encoder.encode(operations)
    except (UnicodeError, OverflowError, RecursionError):
        written = None
    if written is not None and written.isascii():
        return written
    return _python_encode_sorted(operations).encode()


def draft(content: Raw) -> Draft | None:
    """Decode a draft; ``None`` if it has the wrong form or is far too long. `Draft.fits` checks the rest."""
    if len(bytes(content)) > DRAFT_BYTES:
        return None
    try:
        wire = _draft_decoder.decode(content)
        if wire.cursor is not None:
            msgspec.convert(wire.cursor, WireCursor)
        flying = wire.in_flight
        size = _compact_size(wire.operations) + (0 if flying is None else _compact_size(flying.operations))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    if flying is not None and canonical_uuid(flying.operation_id) is None:
        return None
    return Draft(
        wire.version,
        None if flying is None else (flying.operation_id, flying.operations),
        wire.operations,
        wire.cursor,
        size,
    )


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
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidMessage(f"The data of {event} does not fit: {error}. See docs/protocol.md.") from None


def _decode_operation(data: bytes, limit: int) -> SendOperation:
    try:
        wire = _operation_decoder.decode(data)
        return _operation(wire, _size(data, limit))
    except (msgspec.DecodeError, RecursionError) as error:
        return _convert_operation(_parse(data, error))


def _decode_leniently(frame: str | bytes, error: Exception) -> ClientMessage:
    """Decode JSON that msgspec refuses: lone surrogates, and numbers and nesting beyond its limits.

    An operation is decoded because its refusal has to carry its id, and a cursor because it goes on without a draft
    that can't be read. Other messages are refused.
    """
    parsed = _parse(frame, error)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("event"), str):
        raise InvalidMessage('A frame is one JSON object {"event": ..., "data": {...}}.')
    if (
        parsed["event"] == "cursor_update"
        and isinstance(data := parsed.get("data"), dict)
        and "draft" in data
    ):
        return _convert_cursor(data)
    if parsed["event"] != "operation":
        raise InvalidMessage(f"The frame can't be read: {_first_line(error)}.")
    return _convert_operation(parsed.get("data"))


def _convert_cursor(data: dict[str, Any]) -> CursorUpdate:
    fields = {key: data[key] for key in ("cursor", "version") if key in data}
    try:
        return msgspec.convert(fields, CursorUpdate)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise InvalidMessage(
            f"The data of cursor_update does not fit: {error}. See docs/protocol.md."
        ) from None


def _convert_operation(data: object) -> SendOperation:
    fields = {key: data[key] for key in OPERATION_FIELDS if key in data} if isinstance(data, dict) else data
    try:
        return _operation(msgspec.convert(fields, WireOperation), _compact_size(data))
    except (msgspec.ValidationError, UnicodeError) as error:
        return _unreadable(data, str(error))


def _operation(wire: WireOperation, size: int) -> SendOperation:
    operation_id = canonical_uuid(wire.operation_id)
    if operation_id is None:
        raise InvalidMessage("operationId must be a UUID string.")
    return SendOperation(
        operation_id=operation_id,
        named=wire.operation_id,
        version=wire.version,
        operations=wire.operations,
        fingerprint=fingerprint(wire.operations),
        size=size,
        cursor=wire.cursor.cursor() if wire.cursor else None,
    )


def _unreadable(data: object, reason: str) -> SendOperation:
    named = data.get("operationId") if isinstance(data, dict) else None
    operation_id = canonical_uuid(named)
    if operation_id is None or not isinstance(data, dict):
        raise InvalidMessage(
            f"The operation can't be read: {reason}. It needs an operationId, a UUID string."
        )
    operations = data.get("operations")
    fault = InvalidMessage(f"The operation can't be read: {reason}.")
    return SendOperation(
        operation_id, str(named), 0, operations, fingerprint(operations), _compact_size(data), fault=fault
    )


def _parse(content: str | bytes | bytearray, error: Exception) -> Any:
    """Parse JSON with numbers of any size; arrays and objects nested deeper than `MAX_DEPTH` become null."""
    try:
        text = content if isinstance(content, str) else content.decode()
        return _parser.decode(_shallow(text))
    except (ValueError, RecursionError):
        raise InvalidMessage(f"This is not JSON: {_first_line(error)}.") from None


def _shallow(text: str) -> str:
    """Replace every array and object nested deeper than `MAX_DEPTH` by ``null``; no field of a message is there."""
    kept: list[str] = []
    start = depth = 0
    for token in JSON_NESTING.finditer(text):
        kind = token.lastgroup
        begin, end = token.span(kind or 0)
        if kind == "leaf":
            if depth == MAX_DEPTH:
                kept += (text[start:begin], "null")
                start = end
        elif kind == "open":
            if depth <= MAX_DEPTH < depth + end - begin:
                kept += (text[start : begin + MAX_DEPTH - depth], "null")
            depth += end - begin
        elif kind == "close":
            if depth > MAX_DEPTH >= depth - (end - begin):
                start = begin + depth - MAX_DEPTH
            depth -= end - begin
    return "".join(kept) + text[start:] if depth <= MAX_DEPTH else ""


def _size(data: bytes, limit: int) -> int:
    """The length of ``JSON.stringify(data)`` if it may exceed ``limit``; else the length as sent, never smaller."""
    if len(data) <= limit:
        return len(data)
    return _compact_size(_parser.decode(data.decode()))


def _compact_size(data: object) -> int:
    compact = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return len(LONE_SURROGATE.sub(r"\\ud800", compact).encode("utf-16-le")) // 2


def _integer(digits: str) -> int | float:
    """Read a long number as a float: Python refuses thousands of digits, and no valid field has more than 16."""
    return int(digits) if len(digits) <= 30 else float(digits)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


_parser = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse_constant)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else "malformed"
