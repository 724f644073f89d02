"""A database that another program keeps locked: all are told in time, and nothing is lost."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest
from jupyter_server.serverapp import ServerApp

from tests.handlers.logins import Login
from tests.handlers.outages import Writers, lines


async def test_writers_of_all_specs_are_told_at_the_same_time(
    ada: Login, jp_serverapp: ServerApp, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writers = await Writers.joined(ada)
    other_program = sqlite3.connect(tmp_path / "specs.sqlite3", isolation_level=None)
    with caplog.at_level(logging.INFO):
        other_program.execute("BEGIN EXCLUSIVE")
        await writers.are_refused("new ")
        await writers.are_told(
            "locked", "The database is locked by another program, so nothing can be saved."
        )
        (begin,) = lines(caplog)
        assert "database is locked" in begin
        other_program.execute("ROLLBACK")
        other_program.close()
        await writers.are_committed_once("new ")
        assert len(lines(caplog)) == 2
    writers.close()
