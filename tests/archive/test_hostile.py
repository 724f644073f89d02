"""Files that somebody made to do harm: what they may cost, and what they may claim."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.archive import bounds, reading, threads
from jupyter_speccollab.archive.bounds import Bounds
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.importing import import_archive, survey
from jupyter_speccollab.archive.reading import read
from jupyter_speccollab.document.user import user_id_of
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import apply
from tests.archive.files import TO, at, lines_of, refused, rewrite
from tests.archive.histories import ADA, CAT, EDITS, ISSUER
from tests.store.values import SPEC, an_id

LENGTH = 20_000
SMALL = Bounds(LENGTH)
HUGE = 30_000_000
"""The size in bytes of each hostile file, uncompressed: eighty times the longest line within `SMALL`."""

TIME = "2026-01-01T00:00:00.000000Z"


def line(kind: str, /, **fields: Any) -> bytes:
    return json.dumps({"line": kind, **fields}, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def beginning(version: int = 1, title: str = "T", threads: int = 0) -> bytes:
    names = ("user_id", "login", "name", "initials", "color", "avatar_url", "issuer")
    camel = ("userId", "login", "name", "initials", "color", "avatarUrl", "issuer")
    user = {key: getattr(ADA, name) for key, name in zip(camel, names, strict=True)}
    spec = {"specId": SPEC, "title": title, "description": "", "type": "", "status": "", "version": version}
    by = {"createdBy": ADA.user_id, "createdAt": TIME, "modifiedBy": ADA.user_id, "modifiedAt": TIME}
    header = line("header", format="speccollab-spec", formatVersion=1)
    return (
        header
        + line("user", **user)
        + line("spec", **spec, epoch=an_id("epoch"), **by, threadsVersion=threads)
    )


def operation(version: int, changes: object) -> bytes:
    return line(
        "operation",
        version=version,
        operationId=an_id("operation", version),
        userId=ADA.user_id,
        sessionId=None,
        changes=changes,
        appliedAt=TIME,
        fingerprint="ab",
    )


def with_changes(change: bytes, length: int) -> bytes:
    """An operation whose changes are ``change`` over and over, ``length`` bytes in all."""
    before, after = operation(1, ["here"]).split(b'"here"')
    return before + b",".join([change] * (length // (len(change) + 1))) + after


def many_users() -> Iterator[bytes]:
    yield beginning()
    for number in range(HUGE // 250):
        login = f"u{number}"
        ids = {"userId": user_id_of(ISSUER, login), "login": login, "name": login, "issuer": ISSUER}
        yield line("user", **ids, initials="", color="", avatarUrl="")


def growing_text() -> Iterator[bytes]:
    yield beginning(version=1000)
    for version in range(1, 1000):
        yield operation(version, [[0, "", "x" * 15_000]])


def as_many_changes_as_allowed() -> Iterator[bytes]:
    """Not refused for its size: the most changes that an operation may have, each of one character."""
    text = "ab" * (LENGTH // 2)
    yield beginning(version=2)
    yield operation(1, [[0, "", text]])
    yield operation(2, [[2 * index, "a", "c"] for index in range(LENGTH // 8 - 1, -1, -1)])


def thread(number: int, quote: str = "words") -> bytes:
    """A suggestion, which needs no message."""
    words = {"quote": quote, "prefix": "", "suffix": "", "replacement": "x" * 100, "letters": None}
    return line(
        "thread",
        threadId=an_id("thread", number),
        kind="suggestion",
        state="rejected",
        anchorStart=0,
        anchorEnd=0,
        anchorVersion=0,
        createdBy=ADA.user_id,
        createdAt=TIME,
        fingerprint="ab",
        changed=number + 1,
        resolvedBy=None,
        resolvedAt=None,
        acceptedVersion=None,
        **words,
    )


def many_threads() -> Iterator[bytes]:
    yield beginning(threads=HUGE)
    for number in range(HUGE // 500):
        yield thread(number)


def message(number: int, mentions: int = 0) -> bytes:
    ids = {"messageId": an_id("message", number), "userId": ADA.user_id}
    told = {"body": "b", "createdAt": TIME, "fingerprint": "ab", "editedAt": None, "deleted": False}
    return line("message", **ids, **told, mentions=[ADA.user_id] * mentions)


def many_messages() -> Iterator[bytes]:
    yield beginning(threads=1)
    yield thread(0)
    for number in range(HUGE // 250):
        yield message(number)


HOSTILE: dict[str, Callable[[], Iterator[bytes]]] = {
    "changes": lambda: iter([beginning(), with_changes(b'[9,"a",""]', HUGE)]),
    "changes within the length of a line": lambda: iter([beginning(), with_changes(b'[9,"a",""]', 360_000)]),
    "changes that end in a backslash": lambda: iter([beginning(), with_changes(rb'[9,"\\",""]', 360_000)]),
    "empty lists": lambda: iter([beginning(), with_changes(b"[]", HUGE)]),
    "a header": lambda: iter([b'{"format":"speccollab-spec","x":[' + b"[]," * (HUGE // 3) + b"[]]}\n"]),
    "a title": lambda: iter([beginning(title="t" * HUGE)]),
    "a short title": lambda: iter([beginning(title="🎈" * 60_000)]),
    "a text": lambda: iter([beginning(), operation(1, [[0, "", "x" * HUGE]])]),
    "a growing text": growing_text,
    "depth": lambda: iter([beginning(), b"[" * HUGE, b"\n"]),
    "no line end": lambda: iter([beginning(), b" " * HUGE]),
    "users": many_users,
    "threads": many_threads,
    "messages": many_messages,
    "mentions": lambda: iter([beginning(threads=1), thread(0), message(0, HUGE // 40)]),
    "a quote": lambda: iter([beginning(threads=1), thread(0, "x" * HUGE)]),
    "many changes": as_many_changes_as_allowed,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_more_memory_than_its_bounds_allow(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "USERS", 1_000)
    monkeypatch.setattr(threads, "IDS", 1_000)
    path = tmp_path / "bomb"
    with gzip.open(path, "wb", 1) as file:
        for data in HOSTILE[name]():
            file.write(data)
    with pytest.raises(BadArchive):  # imported once, so that what stays in caches is not counted
        list(read(path, SMALL))
    tracemalloc.start()
    try:
        with pytest.raises(BadArchive):
            for _ in read(path, SMALL):
                pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * LENGTH + 1_000_000


def test_a_file_may_not_expand_without_bounds(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SMALL", 100)
    monkeypatch.setattr(bounds, "EXPANSION", 2)
    with pytest.raises(BadArchive, match="--any-size"):
        list(read(archive))
    assert list(read(archive, Bounds(any_size=True)))


async def test_a_text_has_the_length_of_a_document_at_most(archive: Path) -> None:
    text, longest = "", 0
    for edit, _ in EDITS:
        text = apply(edit, text)
        longest = max(longest, len(text))
    fits = replace(TO, bounds=Bounds(longest))
    await survey(archive, fits)
    sentence = await refused(archive, replace(TO, bounds=Bounds(longest - 1)))
    assert "SpecCollabApp.document_length" in sentence
    lines = lines_of(archive)
    for version in (1, 2, 3, 4):  # then only the revision says how long the text is
        at(lines, "operation", version)["changes"] = None
    rewrite(archive, [one for one in lines if one["line"] != "revision" or one["version"] == 4])
    await survey(archive, fits)
    assert "SpecCollabApp.document_length" in await refused(archive, replace(TO, bounds=Bounds(20)))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("spec", {"title": "x" * 601}),
        ("spec", {"title": ""}),
        ("spec", {"description": "x" * 6_001}),
        ("spec", {"type": "x" * 121}),
        ("spec", {"status": "x" * 121}),
        ("spec", {"version": 1 << 31}),
        ("user", {"name": "x" * 201}),
        ("user", {"avatarUrl": "https://" + "x" * 2_000}),
        ("collaborator", {"principal": "group:" + "x" * 300}),
        ("operation", {"fingerprint": "ab" * 100}),
        ("operation", {"changes": [[1 << 40, "", "x"]]}),
        ("revision", {"label": "x" * 601}),
        ("revision", {"changesSummary": "x" * 2_001}),
    ],
)
async def test_fields_have_the_lengths_of_the_interface(
    archive: Path, kind: str, change: dict[str, Any]
) -> None:
    lines = lines_of(archive)
    next(entry for entry in lines if entry["line"] == kind).update(change)
    rewrite(archive, lines)
    assert "not a line of this format" in await refused(archive)


@pytest.mark.parametrize(
    "change",
    [
        {"login": "alice"},
        {"issuer": "another"},
        {"userId": an_id("user", 5)},
        {"login": "a\u202eda", "userId": user_id_of(ISSUER, "a\u202eda")},
        {"login": "", "userId": user_id_of(ISSUER, "")},
        {"issuer": "a\x1b[2J", "userId": user_id_of("a\x1b[2J", "cat")},
    ],
)
async def test_nobody_is_given_the_id_of_another(archive: Path, change: dict[str, Any]) -> None:
    """Who made a file may write any name into it, but not that a userId is that of another login."""
    lines = lines_of(archive)
    cat = next(entry for entry in lines if entry.get("login") == CAT.login)
    before = json.dumps(cat)
    cat.update(change)
    if change.get("userId"):
        written = json.dumps(lines).replace(f'"{CAT.user_id}"', json.dumps(cat["userId"]))
        lines = json.loads(written)
    assert json.dumps(cat) != before
    rewrite(archive, lines)
    sentence = await refused(archive)
    assert "user" in sentence


async def test_names_are_made_fit_to_be_shown(archive: Path) -> None:
    lines = lines_of(archive)
    next(entry for entry in lines if entry["line"] == "spec").update(
        title="Bob's\n\x1b[31m\u202eplan", description="a\x07b", status="e\u0301", type="\u200b"
    )
    next(entry for entry in lines if entry.get("login") == "cat").update(
        name="\x1b]0;x\x07", initials="\u202e", color="red;background:url(//x)", avatarUrl="javascript:1"
    )
    at(lines, "revision", 1)["label"] = "one\u2028two"
    rewrite(archive, lines)
    store = MemoryStore()
    contents = await survey(archive, TO)
    await import_archive(store, archive, TO)
    spec = await store.spec(SPEC)
    assert (spec.title, spec.description, spec.status, spec.type) == ("Bob's  [31mplan", "a b", "é", "")
    assert contents.spec == replace(spec, access_version=0, modified_by_name="")
    cat = (await store.users([CAT.user_id]))[CAT.user_id]
    assert (cat.name, cat.initials, cat.color, cat.avatar_url) == ("]0;x", "", "", "")
    assert {snapshot.label for snapshot in await store.revisions(SPEC)} == {None, "one two"}


async def test_names_that_are_longer_in_nfc_are_cut(archive: Path) -> None:
    lines = lines_of(archive)
    grown = "\u05e9\u05bc\u05c1"  # what U+FB2C becomes in NFC
    next(entry for entry in lines if entry["line"] == "spec").update(
        title=grown * 200, description=grown * 2_000, status=grown * 40, type=grown * 40
    )
    at(lines, "revision", 1)["label"] = grown * 200
    rewrite(archive, lines)
    store = MemoryStore()
    await import_archive(store, archive, TO)
    spec = await store.spec(SPEC)
    assert [len(text) for text in (spec.title, spec.description, spec.status, spec.type)] == [
        200, 2_000, 40, 40,
    ]  # fmt: skip
    assert {len(snapshot.label or "") for snapshot in await store.revisions(SPEC)} == {0, 200}


async def test_an_error_quotes_little_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "long"
    data = beginning() + line("operation", **{"k" * 10_000: 1})
    path.write_bytes(gzip.compress(data + line("end", lines=4, contentHash=sha256().hexdigest(), sha256="0")))
    assert len(await refused(path)) < 400 + len(str(path))
