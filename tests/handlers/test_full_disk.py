"""A full disk: all are told, and nothing is lost."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.backends.small_disk import fill
from tests.handlers.logins import Login
from tests.handlers.outages import Writers, lines


@pytest.fixture
def speccollab_config(migrated_file: Path, small_disk: Path) -> dict[str, Any]:
    return {"database_path": str(shutil.copy(migrated_file, small_disk / "specs.sqlite3"))}


async def test_writers_are_told_until_there_is_space_again(
    ada: Login,
    small_disk: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    writers = await Writers.joined(ada)
    long = "x" * 9_000  # reserved space may still hold a short one
    with caplog.at_level(logging.INFO):
        ballast = fill(small_disk)
        await writers.are_refused(long)
        await writers.are_told("disk_full", "The server's disk is full, so nothing can be saved.")
        (begin,) = lines(caplog)
        assert "disk is full" in begin
        os.remove(ballast)
        await writers.are_committed_once(long)
        assert len(lines(caplog)) == 2
    writers.close()
