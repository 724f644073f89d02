"""The full text search of a SQLite file, with and without FTS5."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from jupyter_speccollab.document.words import passages_of
from jupyter_speccollab.store import sqlite_search
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.store.sqlite_file import transact
from tests.store.values import ADA, SPEC, a_snapshot, a_spec


async def test_whichever_sqlite_has_written_last_searches_find_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A file goes from a SQLite with FTS5 to one without, and back."""
    path = tmp_path / "specs.db"
    found = sqlite_search.has_fts5
    text = ""
    for number, has_fts5 in enumerate([True, False, True, False, False, True]):
        monkeypatch.setattr(sqlite_search, "has_fts5", found if has_fts5 else lambda _: False)
        caplog.clear()
        store = SqliteStore(path)
        await store.open()
        assert ("no FTS5" in caplog.text) is not has_fts5
        if not number:
            await store.save_user(ADA)
            await store.create_spec(a_spec(), None, a_snapshot())
        for word in text.split():
            assert len((await store.specs(word)).specs) == 1, (number, word)
        text = f"word{number} " + ("same " if number % 2 else "")
        await store.index_text(SPEC, number, passages_of(text))
        assert len((await store.specs(f"word{number}")).specs) == 1
        assert len((await store.specs("same")).specs) == number % 2
        assert not (await store.specs(f"word{number - 1}")).specs
        await store.close()


async def test_two_processes_prepare_a_file_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find no table for the search; the second one waits for the first one's lock."""
    path = tmp_path / "specs.db"
    monkeypatch.setattr(sqlite_search, "has_fts5", lambda _: False)
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.index_text(SPEC, 1, passages_of("found"))
    await store.close()
    monkeypatch.undo()

    def after_another(connection: Connection, change: Callable[[Connection], object]) -> None:
        with create_engine(f"sqlite:///{path}").connect() as other:
            transact(other, change)
        transact(connection, change)

    monkeypatch.setattr(sqlite_search, "transact", after_another)
    store = SqliteStore(path)
    await store.open()
    assert len((await store.specs("found")).specs) == 1
    await store.close()
