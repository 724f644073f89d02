"""Files with addresses and secrets, saved by any editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from traitlets import TraitError

from jupyter_speccollab.app import SpecCollabApp
from tests.cli.test_db import run

ADDRESS = "postgresql://ada:pässword@127.0.0.1/specs"


@pytest.mark.parametrize("setting", ["database_url", "redis_url", "token_secret"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path, setting: str, encoding: str) -> None:
    file = tmp_path / "setting"
    file.write_text(f"{ADDRESS}\r\n", encoding=encoding)
    assert getattr(SpecCollabApp(**{f"{setting}_file": str(file)}), setting) == ADDRESS


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_refused_in_words(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "setting"
    file.write_text(ADDRESS, encoding=encoding)
    with pytest.raises(TraitError, match="is not text in UTF-8"):
        assert SpecCollabApp(database_url_file=str(file)).database_url
    status, output = run(tmp_path, "db", "upgrade", f"--SpecCollabApp.database_url_file={file}")
    assert (status, output) == (1, f"{file} is not text in UTF-8. Save it as UTF-8.\n")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    status, output = run(tmp_path, "db", "upgrade", f"--SpecCollabApp.database_url_file={tmp_path / 'none'}")
    assert (status, output) == (1, f"{tmp_path / 'none'} can't be read: No such file or directory.\n")
