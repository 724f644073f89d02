"""The codec: what is taken, what is refused by its id, and what is no message at all."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.cursor import Cursor, Position
from jupyter_speccollab.errors import InvalidMessage, SpecCollabError
from jupyter_speccollab.protocol import codec
from jupyter_speccollab.protocol.bodies import LabelRevision, SaveDocument
from jupyter_speccollab.protocol.codec import (
    MAX_DEPTH,
    body,
    canonical_uuid,
    decode,
    encode,
    fingerprint,
    frames,
)
from jupyter_speccollab.protocol.messages import (
    CursorUpdate,
    JoinSession,
    LeaveSession,
    Ping,
    RequestSync,
    SendOperation,
)

ID = str(uuid4())
LIMIT = 10_000

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def operation(frame: str) -> SendOperation:
    message = decode(frame, LIMIT)
    assert isinstance(message, SendOperation)
    return message


def frame(**data: Any) -> str:
    return json.dumps({"event": "operation", "data": data})


def test_every_event_becomes_its_message() -> None:
    for event, data, kind in [
        ("join_session", {"specId": ID}, JoinSession),
        ("cursor_update", {"cursor": None}, CursorUpdate),
        ("request_sync", {"lastKnownVersion": 0}, RequestSync),
        ("leave_session", {}, LeaveSession),
        ("ping", {}, Ping),
        ("operation", {"operationId": ID, "version": 0, "operations": []}, SendOperation),
    ]:
        assert type(decode(json.dumps({"event": event, "data": data}), LIMIT)) is kind
    assert type(decode('{"event":"ping"}', LIMIT)) is Ping


def test_an_operation_as_it_should_be() -> None:
    components = [{"type": "insert", "position": 0, "content": "x"}]
    message = operation(
        frame(operationId=ID.upper(), version=3, operations=components, cursor={"line": 1, "column": 2})
    )
    assert (message.operation_id, message.named) == (ID, ID.upper())
    assert (message.version, message.operations, message.fault) == (3, components, None)
    assert message.cursor == Cursor(Position(1, 2))
    assert message.fingerprint == fingerprint(components)


@given(st.dictionaries(st.text(max_size=8), json_values), json_values)
def test_whatever_stands_beside_a_usable_id_the_message_has_that_id(
    rest: dict[str, Any], operations: Any
) -> None:
    """Rule 5 of the protocol, section 3: the refusal needs the id."""
    message = operation(frame(**{**rest, "operations": operations, "operationId": ID}))
    assert message.operation_id == ID
    assert message.fingerprint == fingerprint(operations)


@given(json_values.filter(lambda value: canonical_uuid(value) is None))
def test_without_a_usable_id_it_is_no_operation(value: Any) -> None:
    with pytest.raises(InvalidMessage):
        decode(frame(operationId=value, version=0, operations=[]), LIMIT)


@given(json_values)
def test_any_json_is_a_message_or_invalid(value: Any) -> None:
    with pytest.raises(InvalidMessage):
        decode(json.dumps(value), LIMIT)


@given(st.text() | st.binary())
def test_any_frame_is_a_message_or_an_error_of_the_protocol(value: str | bytes) -> None:
    with pytest.raises(SpecCollabError):
        decode(value, LIMIT)


@pytest.mark.parametrize(
    "depth", [5, MAX_DEPTH - 3, MAX_DEPTH, MAX_DEPTH + 1, 500, *range(900, 1_010, 3), 30_000]
)
def test_depth_does_not_hide_the_id(depth: int) -> None:
    nested = "[" * depth + '"]{"' + "]" * depth
    for data in (
        f'{{"operationId":"{ID}","version":1,"operations":{nested}}}',
        f'{{"more":{nested},"operations":[{{"type":"retain","length":0,"more":{nested}}}],"version":1,"operationId":"{ID}"}}',
    ):
        message = operation(f'{{"event":"operation","more":{nested},"data":{data}}}')
        assert message.operation_id == ID
        assert message.version == 1


@given(
    st.lists(st.sampled_from(["[", "]", "{", "}", '"a"', '"]"', '"\\""', '"', ",", " ", "1"]), max_size=40)
)
def test_only_what_is_nested_too_deep_becomes_null(parts: list[str]) -> None:
    text, kept, depth = "".join(parts), "", 0
    for token in re.findall(r'"(?:[^"\\]|\\.)*"?|.', text, re.DOTALL):
        depth -= token in "]}"
        if depth == 2 and token in "[{":
            kept += "null"
        elif depth <= 2 and not (depth == 2 and token in "]}"):
            kept += token
        depth += token in "[{"
    with patch.object(codec, "MAX_DEPTH", 2):
        assert read(codec._shallow(text)) == read(kept if depth <= 2 else "")


def read(text: str) -> object:
    """The value of a JSON text; ``...`` if it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return ...


@pytest.mark.parametrize(
    "text", ["[" * 500 + "]" * 499, "[" * 5_000, '{"a":' * 2_000 + "1", '"' + "\\" * 60_001]
)
def test_what_is_no_json_stays_none_however_deep(text: str) -> None:
    with pytest.raises(InvalidMessage):
        decode(f'{{"event":"operation","data":{{"operationId":"{ID}","operations":{text}}}}}', LIMIT)
    with pytest.raises(InvalidMessage):
        decode(text, LIMIT)


@given(st.lists(json_values), st.sampled_from([None, 1]), st.booleans())
def test_an_array_of_a_body_is_taken_apart_as_it_was_written(
    values: list[Any], indent: int | None, escaped: bool
) -> None:
    texts = [json.dumps(value, ensure_ascii=escaped, indent=indent) for value in values]
    content = "[" + ",".join(texts) + "]"
    assert frames(content.encode()) == texts


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1,]", b"[1] 2", b"[1", b'["\xff"]', b"[" * 50_000, b"[NaN]", b'"[]"']
)
def test_a_body_that_is_no_array_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidMessage):
        frames(content)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_python_takes_for_json_and_nobody_else_does_is_refused(constant: str) -> None:
    with pytest.raises(InvalidMessage):
        decode(
            f'{{"event":"operation","data":{{"operationId":"{ID}","version":0,"operations":[{constant}]}}}}',
            LIMIT,
        )


@given(st.text(), st.integers(0, 3))
def test_the_size_is_that_of_compact_json_in_utf16_units(content: str, indent: int) -> None:
    data = {"operationId": ID, "version": 0, "operations": [{"type": "insert", "content": content * 9}]}
    compact = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    units = len(compact.encode("utf-16-le")) // 2
    for text in (compact, json.dumps(data, ensure_ascii=True, indent=indent)):
        message = decode(f'{{"event":"operation","data":{text}}}', 10)
        assert isinstance(message, SendOperation)
        assert message.size == units


def test_lone_surrogates_in_the_names_of_fields_harm_nobody() -> None:
    rest = '"version":0,"operations":[]'
    for more in ('"x\\ud800":1', '"cursor":{"line":0,"column":0,"\\udfff":1}', '"cursor":{"\\ud800":0}'):
        assert (
            operation(f'{{"event":"operation","data":{{"operationId":"{ID}",{rest},{more}}}}}').operation_id
            == ID
        )
    with pytest.raises(InvalidMessage):
        decode('{"event":"ping","data":{"\\ud800":1}}', LIMIT)
    with pytest.raises(InvalidMessage):
        body(b'{"content":"x","version":1,"\\ud800":1}', SaveDocument)


def test_a_lone_surrogate_counts_as_its_escape() -> None:
    data = f'{{"operationId":"{ID}","version":0,"operations":[{{"type":"insert","content":"\\ud800"}}]}}'
    assert operation(f'{{"event":"operation","data":{data}}}').size == len(data)


@given(json_values)
def test_a_fingerprint_tells_values_apart_and_not_how_they_were_written(value: Any) -> None:
    assert fingerprint(json.loads(json.dumps(value, indent=2))) == fingerprint(value)
    assert fingerprint([value]) != fingerprint(value)


@pytest.mark.parametrize(
    "components",
    [
        [{"type": "insert", "position": 3, "content": 'a "quoted" \n line\x01'}],
        [{"type": "insert", "position": 3, "content": "Zürich 🙂"}],
        [{"type": "insert", "position": 10**30, "content": "\ud800"}],
    ],
)
def test_a_fingerprint_is_that_of_ascii_with_sorted_keys(components: list[dict[str, Any]]) -> None:
    written = json.dumps(components, sort_keys=True, separators=(",", ":")).encode()
    assert fingerprint(components) == hashlib.sha256(written).hexdigest()[:32]


def test_fields_of_our_own_are_unknown_in_a_frame() -> None:
    message = operation(
        frame(operationId=ID, version=0, operations=[], size="x", fault=5, named=None, fingerprint=[])
    )
    assert message.fault is None


@given(st.binary(max_size=200))
def test_any_body_is_one_or_invalid(content: bytes) -> None:
    with pytest.raises(InvalidMessage):
        body(content, SaveDocument)


def test_events_go_out_as_unescaped_utf8() -> None:
    assert encode("x", {"text": "ä😀"}) == '{"event":"x","data":{"text":"ä😀"}}'.encode()


@pytest.mark.parametrize("unfinished", ['"' + '\\"' * 500_000, "[" + '"\\"' * 300_000, '"' * 500_001])
def test_a_string_without_an_end_is_read_once(unfinished: str) -> None:
    """A search for its end from each quotation mark in it would take hours."""
    frame = f'{{"event":"ping","data":{unfinished}'
    with pytest.raises(InvalidMessage):
        decode(frame, 10_000)
    with pytest.raises(InvalidMessage):
        frames(f"[{frame}]".encode())


def test_a_long_body_that_does_not_fit_is_not_parsed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed_again(*_: object) -> None:
        pytest.fail("parsed by the slower parser")

    monkeypatch.setattr("jupyter_speccollab.protocol.codec._parse", parsed_again)
    with pytest.raises(InvalidMessage, match="does not fit"):
        body(b'{"label":' + b"[" * 100_000, LabelRevision)


@pytest.mark.parametrize(
    "text", ["[]", " [ ] ", '[{"a":1}]', '[1,"[,]",{"b":[2,"]"]}, null ]', '["é","\\u00e9"]']
)
def test_an_array_is_split_into_the_texts_of_its_elements(text: str) -> None:
    assert [json.loads(one) for one in frames(text.encode())] == json.loads(text)
