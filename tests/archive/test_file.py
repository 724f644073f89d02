"""The file of an archive: private, and either complete or not there."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path

import pytest

from jupyter_speccollab.archive.file import compressed, new_file
from jupyter_speccollab.archive.flaw import BadArchive
from tests.archive.histories import SOME_TEXT


def test_a_file_is_private_and_complete_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "spec.jsonl.gz"
    with pytest.raises(ZeroDivisionError), new_file(path) as file:
        file.write(b"half" * (1 // 0))
    assert list(tmp_path.iterdir()) == []
    with new_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadArchive, match="--force"), new_file(path):
        pass
    path.chmod(0o644)
    with pytest.raises(ZeroDivisionError), new_file(path, force=True) as file:
        file.write(b"half" * (1 // 0))
    assert path.read_bytes() == b"whole"
    with new_file(path, force=True) as file:
        file.write(b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    with pytest.raises(BadArchive, match="can't be written"), new_file(tmp_path / "none" / "spec"):
        pass


def test_equal_content_gives_equal_bytes() -> None:
    made = []
    for _ in range(2):
        buffer = BytesIO()
        with compressed(buffer) as stream:
            stream.write(SOME_TEXT.encode())
        made.append(buffer.getvalue())
    assert made[0] == made[1]
    assert gzip.decompress(made[0]).decode() == SOME_TEXT
