"""Encoding and decoding the records of an archive."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.archive.flaw import Flaw
from jupyter_speccollab.archive.records import (
    ArchiveEnd,
    ArchiveHeader,
    Row,
    decode,
    encode,
    record_of,
    row_of,
)
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import (
    DeletedThread,
    Grant,
    LoggedOperation,
    RevisionKind,
    Snapshot,
    SpecRecord,
    StoredAttribution,
    StoredMessage,
    StoredThread,
    ThreadKind,
    ThreadState,
)
from jupyter_speccollab.text.anchor import Anchor
from tests.text.strategies import law

# Every text that a spec may contain: no NUL, no carriage return, no half of a surrogate pair.
CHARACTERS = st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS)
NAMES = st.text(CHARACTERS, min_size=1, max_size=64)
WORDS = st.text(CHARACTERS, max_size=40)
IDS = st.uuids().map(str)
TIMES = st.datetimes(timezones=st.just(UTC))
COUNTS = st.integers(0, (1 << 31) - 1)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
PRINTS = st.binary(min_size=1, max_size=64).map(bytes.hex)
CHANGES = st.lists(st.tuples(COUNTS, TEXTS, TEXTS))
ROWS: st.SearchStrategy[Row] = st.one_of(
    st.builds(User, IDS, NAMES, NAMES, WORDS, WORDS, WORDS, WORDS),
    st.builds(
        SpecRecord,
        *(IDS, NAMES, WORDS, WORDS, WORDS, COUNTS, IDS, st.just(0), IDS, TIMES, IDS, st.just(""), TIMES),
        notebook=WORDS,
        threads_version=COUNTS,
    ),
    st.builds(Grant, WORDS, st.sampled_from(list(Role)[1:]), IDS, TIMES),
    st.builds(
        LoggedOperation,
        *(
            COUNTS,
            IDS,
            IDS,
            st.none() | IDS,
            st.none() | CHANGES,
            TIMES,
            PRINTS,
            st.none() | IDS,
            st.none() | IDS,
        ),
    ),
    st.builds(
        StoredThread,
        *(IDS, st.sampled_from(ThreadKind), st.sampled_from(ThreadState)),
        *(st.builds(Anchor, COUNTS, COUNTS, st.none() | TEXTS), COUNTS, TEXTS, WORDS, WORDS),
        *(st.none() | TEXTS, IDS, st.just(""), TIMES, PRINTS, COUNTS),
        *(st.none() | IDS, st.none(), st.none() | TIMES, st.none() | COUNTS),
    ),
    st.builds(
        StoredMessage,
        *(IDS, IDS, st.just(""), TEXTS, TIMES, PRINTS, st.none() | TIMES, st.booleans()),
        st.lists(IDS).map(tuple),
    ),
    st.builds(DeletedThread, IDS, COUNTS, st.lists(IDS).map(tuple)),
    st.builds(
        Snapshot,
        *(COUNTS, TEXTS, DIGESTS, IDS, st.just(""), TIMES, st.sampled_from(RevisionKind)),
        *(st.none() | NAMES, TEXTS),
    ),
    st.builds(StoredAttribution, COUNTS, st.binary(max_size=40)),
)


@law
@given(ROWS)
def test_a_row_reads_back_unchanged(row: Row) -> None:
    line = record_of(row)
    assert row_of(line) == row
    assert decode(encode(line)) == line


@law
@given(ROWS)
def test_a_line_is_one_line_of_plain_json(row: Row) -> None:
    data = encode(record_of(row))
    assert data.count(b"\n") == 1
    assert data.endswith(b"\n")
    told = json.loads(data)
    kinds = {
        User: "user",
        SpecRecord: "spec",
        Grant: "collaborator",
        LoggedOperation: "operation",
        Snapshot: "revision",
        StoredAttribution: "attribution",
        StoredThread: "thread",
        StoredMessage: "message",
        DeletedThread: "deletedThread",
    }
    assert told["line"] == kinds[type(row)]


@law
@given(COUNTS, DIGESTS, DIGESTS)
def test_header_and_end_read_back_unchanged(lines: int, content_hash: str, sha256: str) -> None:
    end = ArchiveEnd(lines, content_hash, sha256)
    assert decode(encode(end)) == end
    assert decode(encode(ArchiveHeader())) == ArchiveHeader()


OPERATION = LoggedOperation(
    1,
    "00000000-0000-4000-8000-000000000001",
    "00000000-0000-4000-8000-000000000002",
    None,
    [(0, "", "🎈")],
    datetime(2026, 11, 23, 10, 30, 0, 5, tzinfo=UTC),
    "ab" * 16,
)


def test_an_example_of_a_line() -> None:
    assert encode(record_of(OPERATION)).decode() == (
        '{"line":"operation","version":1,"operationId":"00000000-0000-4000-8000-000000000001",'
        '"userId":"00000000-0000-4000-8000-000000000002","sessionId":null,"changes":[[0,"","🎈"]],'
        '"appliedAt":"2026-11-23T10:30:00.000005Z","fingerprint":"abababababababababababababababab"}\n'
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("line", "operations"),
        ("version", -1),
        ("version", 1.5),
        ("version", True),
        ("version", "1"),
        ("operationId", "00000000-0000-4000-8000-00000000000G"),
        ("operationId", "00000000-0000-4000-8000-000000000001\n"),
        ("operationId", "ABCDEF00-0000-4000-8000-000000000001"),
        ("operationId", None),
        ("changes", [[0, ""]]),
        ("changes", [[0, "", "", ""]]),
        ("changes", [["0", "", ""]]),
        ("changes", [[0, "", "a\0b"]]),
        ("changes", [[0, "a\rb", ""]]),
        ("changes", [[0, "", "\ud83c"]]),
        ("changes", {}),
        ("appliedAt", "2026-11-23T10:30:00"),
        ("appliedAt", "2026-11-23T10:30:00+01:00"),
        ("appliedAt", "2026-13-23T10:30:00Z"),
        ("appliedAt", 0),
        ("fingerprint", "abc"),
        ("fingerprint", "AB"),
        ("colour", "red"),
    ],
)
def test_an_invalid_field_is_refused(field: str, value: object) -> None:
    told = json.loads(encode(record_of(OPERATION)))
    assert row_of(decode(json.dumps(told).encode())) == OPERATION  # type: ignore[arg-type]
    with pytest.raises(Flaw):
        row_of(decode(json.dumps({**told, field: value}).encode()))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"line":"user"}', b"\xff\xfe", b'{"line":"end"', b"null"]
)
def test_an_invalid_line_is_refused(data: bytes) -> None:
    with pytest.raises(Flaw):
        decode(data)
