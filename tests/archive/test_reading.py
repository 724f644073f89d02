"""Reading an archive: a damaged file is refused with the number of the wrong line."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.importing import import_archive
from jupyter_speccollab.archive.reading import read
from jupyter_speccollab.store.memory import MemoryStore
from tests.archive.files import TO, at, lines_of, put, refused, rewrite
from tests.store.values import an_id


def test_a_file_cut_off_at_any_byte_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    for length in range(len(whole)):
        archive.write_bytes(whole[:length])
        with pytest.raises(BadArchive, match=r"cut off|not an export"):
            list(read(archive))


def test_a_flipped_bit_never_changes_what_is_read(archive: Path) -> None:
    whole = archive.read_bytes()
    right = list(read(archive))
    unnoticed = []
    for index in range(len(whole)):
        flipped = bytearray(whole)
        flipped[index] ^= 1 << index % 8
        archive.write_bytes(flipped)
        try:
            assert list(read(archive)) == right
            unnoticed.append(index)
        except BadArchive:
            pass
    assert len(unnoticed) < 10, "six bytes in the header of gzip, and padding bits, have no meaning"


def test_a_changed_byte_of_the_text_is_refused(archive: Path) -> None:
    with gzip.open(archive) as file:
        whole = file.read()
    for index in range(0, len(whole), 7):
        archive.write_bytes(gzip.compress(whole[:index] + b"7" + whole[index + 1 :], 1))
        if whole[index : index + 1] != b"7":
            with pytest.raises(BadArchive):
                list(read(archive))


async def test_missing_or_swapped_lines_are_refused(archive: Path) -> None:
    lines = lines_of(archive)
    for number in range(len(lines) - 1):
        rewrite(archive, [*lines[:number], *lines[number + 1 :]])
        if lines[number]["line"] not in ("collaborator", "revision"):
            await refused(archive)
        rewrite(archive, [*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]])
        if {lines[number]["line"], lines[number + 1]["line"]} & {"header", "spec", "operation"}:
            with pytest.raises(BadArchive):
                list(read(archive))


@pytest.mark.parametrize(
    ("kind", "version", "change", "told"),
    [
        ("operation", 3, {"version": 4}, "version 4 is where version 3 should be"),
        ("operation", 2, {"changes": [[2, "Churn", "x"]]}, "does not fit the text before it"),
        ("operation", 3, {"changes": None}, "version 3 is folded, but version 2 is not"),
        ("operation", 5, {"userId": an_id("user", 99)}, "whom no line before it introduces"),
        ("operation", 5, {"line": "operations"}, "not a line of this format"),
        ("revision", 4, {"content": "another"}, "revision 4 does not match its hash"),
        (
            "revision",
            4,
            {"content": "another", "contentHash": sha256(b"another").hexdigest()},
            "revision 4 is not the text that its operations make",
        ),
        ("spec", 5, {"version": 6}, "ends at version 5, not at 6"),
        ("spec", 5, {"title": "a\0b"}, "NUL"),
    ],
)
async def test_the_error_names_the_fault_and_its_line(
    archive: Path, kind: str, version: int, change: dict[str, Any], told: str
) -> None:
    lines = lines_of(archive)
    wrong = at(lines, kind, version)
    number = lines.index(wrong) + 1
    wrong.update(change)
    rewrite(archive, lines)
    sentence = await refused(archive)
    assert told in sentence
    if "ends at" not in told:
        assert f"line {number}:" in sentence


async def test_an_operation_id_that_occurs_twice_is_refused(archive: Path) -> None:
    lines = lines_of(archive)
    at(lines, "operation", 5)["operationId"] = at(lines, "operation", 2)["operationId"]
    rewrite(archive, lines)
    store = MemoryStore()
    with pytest.raises(BadArchive, match="An operationId occurs twice"):
        await import_archive(store, archive, TO)
    assert (await store.specs()).specs == ()


async def test_a_wrong_last_line_is_refused(archive: Path) -> None:
    with gzip.open(archive) as file:
        *before, end = file.readlines()
    told = json.loads(end)
    for change in ({"lines": 3}, {"sha256": "0" * 64}, {"contentHash": "0" * 64}):
        data = b"".join(before) + json.dumps({**told, **change}).encode() + b"\n"
        put(archive, gzip.compress(data))
        await refused(archive)
    put(archive, gzip.compress(b"".join([*before, end, b"{}\n"])))
    assert "something follows" in await refused(archive)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "was cut off here"),
        (b"# A spec\n", "not an export of a spec"),
        (gzip.compress(b"# A spec\n"), "not an export of a spec"),
        (gzip.compress(b'{"format": "speccollab-spec", "formatVersion": 3}\n'), "version 3"),
        (gzip.compress(b"[" * 100_000 + b"\n"), "not an export of a spec"),
    ],
    ids=["empty", "text", "compressed", "version 3", "nested"],  # compressed bytes hold the time
)
async def test_a_file_that_is_not_an_archive_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "other").write_bytes(data)
    assert told in await refused(tmp_path / "other")


async def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "can't be read" in await refused(tmp_path / "none")
    assert "can't be read" in await refused(tmp_path)
