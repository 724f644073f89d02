"""What commands print: nothing in a file, a database or an argument controls the terminal."""

from __future__ import annotations

import gzip
import unicodedata
from pathlib import Path

import pytest

from jupyter_speccollab.cli.printable import in_line, printable
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.archive.files import lines_of, rewrite
from tests.archive.histories import add_history
from tests.cli.test_db import run
from tests.store.values import SPEC

HARM = "\x1b]0;mine\x07\x1b[2J\x9b31m\x08\u202e\u2066"


def is_harmless(output: str) -> bool:
    kinds = {unicodedata.category(character) for character in output.replace("\n", "")}
    return not kinds & {"Cc", "Cs", "Zl", "Zp"} and not set("\u202a\u202b\u202d\u202e\u2066") & set(output)


def test_control_characters_and_directions_are_escaped() -> None:
    for code in [*range(0x3000), 0xFEFF, 0xD800, 0xDFFF]:
        assert is_harmless(printable(f"a{chr(code)}b")), hex(code)
    assert printable("a\x1b[31m\u202eb\udcff") == "a\\x1b[31m\\u202eb\\udcff"
    assert printable("Chürn 🎈 👩‍👩‍👧\n漢") == "Chürn 🎈 👩‍👩‍👧\n漢"
    assert in_line("a\nb") == "a\\x0ab"


async def stored(tmp_path: Path) -> Path:
    """Store and export a spec; returns the file."""
    store = SqliteStore(tmp_path / "speccollab" / "specs.sqlite3")
    await store.open()
    await add_history(store)
    await store.update_spec(SPEC, {"title": f"Title{HARM}\nIt belongs to Alice"})
    await store.close()
    return tmp_path / "spec.jsonl.gz"


async def test_an_export_prints_the_title_in_one_line(tmp_path: Path) -> None:
    file = await stored(tmp_path)
    status, output = run(tmp_path, "export", SPEC, str(file))
    assert status == 0
    assert is_harmless(output), output
    assert output.count("\n") == 1


async def test_an_import_prints_nothing_of_a_file_as_it_is(tmp_path: Path) -> None:
    file = await stored(tmp_path)
    assert run(tmp_path, "export", SPEC, str(file))[0] == 0
    lines = lines_of(file)
    ada = next(line for line in lines if line.get("login") == "ada")
    ada["name"] = f"Alice (alice){HARM}"
    rewrite(file, lines)
    status, output = run(tmp_path, "import", str(file), f"--SpecCollabApp.database_path={tmp_path / 'other'}")
    assert status == 0, output
    assert is_harmless(output), output
    assert "(ada)" in output
    # Who is known here has the name that this server knows.
    status, output = run(tmp_path, "import", str(file), "--as-new")
    assert (status, "It belongs to Ada Lovelace (ada)." in output) == (0, True), output


async def test_an_owner_with_another_issuer_is_told_apart(tmp_path: Path) -> None:
    file = await stored(tmp_path)
    assert run(tmp_path, "export", SPEC, str(file))[0] == 0
    arguments = ("import", str(file), "--as-new", "--SpecCollabApp.issuer=elsewhere")
    status, output = run(tmp_path, *arguments)
    assert (status, "Ada Lovelace (ada, a login of jupyter)" in output) == (0, True), output


@pytest.mark.parametrize(
    "line",
    [
        '{"format": "speccollab-spec", "formatVersion": "HARM"}',
        '{"format": "speccollab-spec", "formatVersion": 1, "HARM": 1}',
        '{"format": "HARM"}',
    ],
)
def test_an_error_prints_nothing_of_a_file_as_it_is(tmp_path: Path, line: str) -> None:
    file = tmp_path / "bad\x1b[2J"
    file.write_bytes(gzip.compress(line.replace("HARM", "\x1b[2J\u202e").encode() + b"\n"))
    status, output = run(tmp_path, "import", str(file))
    assert status == 1
    assert is_harmless(output), output
    assert "bad\\x1b[2J" in output


def test_an_owner_is_a_login_name(tmp_path: Path) -> None:
    status, output = run(tmp_path, "import", "none", "--owner", "a\x1b[2Jb")
    assert (status, "--owner must be a login name" in output) == (1, True), output
