"""Migrations: the schema that they make, newer files, and several processes at the same time."""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.sitting import sittings
from jupyter_speccollab.document.words import passages_of
from jupyter_speccollab.store import migrations
from jupyter_speccollab.store.base import (
    Attachment,
    ReadState,
    RevisionKind,
    SchemaMismatch,
    StoredAttribution,
    StoredSitting,
)
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.store.tables import metadata
from tests.store.values import (
    ADA,
    BOB,
    SPEC,
    START,
    a_message,
    a_session,
    a_snapshot,
    a_spec,
    a_thread,
    an_id,
    an_operation,
    some_operations,
)


async def opened(path: Path) -> None:
    store = SqliteStore(path)
    try:
        await store.open()
    finally:
        await store.close()


def inside(path: Path) -> Connection:
    return create_engine(f"sqlite:///{path}").connect()


def is_ours(_object: Any, name: str, kind: str, *_: Any) -> bool:
    """FTS5 makes tables of its own."""
    return kind != "table" or not name.startswith("search_index")


def schema(path: Path) -> list[Any]:
    return sqlite3.connect(path).execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


async def test_a_migrated_file_is_what_the_tables_say(tmp_path: Path) -> None:
    await opened(tmp_path / "specs.db")
    with inside(tmp_path / "specs.db") as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_ours}
        )
        assert compare_metadata(context, metadata) == []
        made = create_engine("sqlite://")
        metadata.create_all(made)
        migrated, created = inspect(connection), inspect(made)
        for table in metadata.tables:
            for look in ("get_pk_constraint", "get_foreign_keys", "get_unique_constraints", "get_indexes"):
                by_name = [sorted(getattr(i, look)(table), key=str) for i in (migrated, created)]
                assert by_name[0] == by_name[1], (table, look)


async def test_a_second_open_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    await opened(path)
    before = schema(path), path.read_bytes()
    await opened(path)
    assert (schema(path), path.read_bytes()) == before


def drop_tables_of_0010(driver: sqlite3.Connection) -> None:
    for table in ("deleted_thread_ids", "unanswered_mentions", "thread_messages", "threads"):
        driver.execute(f"DROP TABLE {table}")
    for column in ("author_id", "thread_id"):
        driver.execute(f"ALTER TABLE document_operations DROP COLUMN {column}")
    driver.execute("ALTER TABLE specifications DROP COLUMN threads_version")


def drop_tables_of_0009(driver: sqlite3.Connection) -> None:
    drop_tables_of_0010(driver)
    for table in ("sittings", "read_marks"):
        driver.execute(f"DROP TABLE {table}")


def drop_columns_of_0008(driver: sqlite3.Connection) -> None:
    drop_tables_of_0009(driver)
    driver.execute("DROP TABLE bylines")
    driver.execute("ALTER TABLE document_versions DROP COLUMN attribution")


def drop_tables_of_0007(driver: sqlite3.Connection) -> None:
    drop_columns_of_0008(driver)
    for trigger in ("added", "removed"):
        driver.execute(f"DROP TRIGGER search_passages_{trigger}")
    for table in ("search_index", "search_passages"):
        driver.execute(f"DROP TABLE {table}")
    driver.execute("ALTER TABLE specifications DROP COLUMN searched_version")
    driver.execute("UPDATE specifications SET title_key = lower(title), description_key = lower(description)")


def drop_tables_of_0006(driver: sqlite3.Connection) -> None:
    drop_tables_of_0007(driver)
    for table in ("attachment_parts", "attachments"):
        driver.execute(f"DROP TABLE {table}")


def drop_columns_of_0005(driver: sqlite3.Connection) -> None:
    drop_tables_of_0006(driver)
    for index in ("trashed_at", "notebook"):
        driver.execute(f"DROP INDEX idx_specifications_{index}")
    for column in ("trashed_at", "trashed_by", "notebook"):
        driver.execute(f"ALTER TABLE specifications DROP COLUMN {column}")
    driver.execute("ALTER TABLE editing_sessions DROP COLUMN color")


def drop_columns_of_0004(driver: sqlite3.Connection) -> None:
    drop_columns_of_0005(driver)
    driver.execute("DROP INDEX idx_specifications_created_by")
    for column in ("entry_version", "stored_bytes", "title_key", "description_key"):
        driver.execute(f"ALTER TABLE specifications DROP COLUMN {column}")


async def test_older_specs_are_found_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(title="Cafe\u0301", description="GRÖSSE"), None, a_snapshot(0, "text"))
    await store.commit(SPEC, 0, 1, some_operations(1, 3))
    await store.save_snapshot(SPEC, a_snapshot(2, "text", RevisionKind.AUTO))
    await store.fold(SPEC, 0, 2, base=2)
    counted = await store.total_usage()
    await store.close()
    with sqlite3.connect(path) as driver:  # as the third schema left it
        drop_columns_of_0004(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0003'")
    store = SqliteStore(path)
    await store.open()
    for query in ("CAFÉ", "größe"):
        assert len((await store.specs(query)).specs) == 1, query
    assert await store.total_usage() == counted
    await store.close()


async def test_the_creator_of_an_older_spec_becomes_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.close()
    with sqlite3.connect(path) as driver:  # as the first schema left it
        driver.execute("DROP TABLE collaborators")
        driver.execute("DROP TABLE token_revocations")
        drop_columns_of_0004(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0001'")
    store = SqliteStore(path)
    await store.open()
    assert (await store.access(SPEC)).entries == {ADA.user_id: Role.OWNER}
    await store.close()


async def test_the_newest_revision_is_the_one_named() -> None:
    config = Config()
    config.set_main_option("script_location", "jupyter_speccollab.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


async def test_a_newer_file_is_refused_and_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    await opened(path)
    with sqlite3.connect(path) as driver:
        driver.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(
        SchemaMismatch, match=r"schema 9999.*knows only those up to .*install the newer version"
    ):
        await opened(path)
    assert sqlite3.connect(path).execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


async def test_two_stores_of_one_process_open_a_new_file_together(tmp_path: Path) -> None:
    await asyncio.gather(*(opened(tmp_path / "specs.db") for _ in range(4)))


def open_when_told(path: Path, start: Any, outcomes: Any) -> None:
    start.wait()
    try:
        asyncio.run(opened(path))
        outcomes.put("")
    except Exception as error:
        outcomes.put(repr(error))


@pytest.mark.parametrize("attempt", range(3))
def test_two_processes_open_a_new_file_together(tmp_path: Path, attempt: int) -> None:
    context = multiprocessing.get_context("spawn")
    start, outcomes = context.Barrier(2), context.Queue()
    path = tmp_path / "new" / "specs.db"
    processes = [context.Process(target=open_when_told, args=(path, start, outcomes)) for _ in range(2)]
    for process in processes:
        process.start()
    assert [outcomes.get(timeout=60) for _ in processes] == ["", ""]
    for process in processes:
        process.join()
    assert sqlite3.connect(path).execute("SELECT version_num FROM alembic_version").fetchall() == [
        (migrations.HEAD,)
    ]


async def test_older_specs_are_not_in_the_trash_and_can_be_put_there(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.add_sessions([a_session()])
    await store.close()
    with sqlite3.connect(path) as driver:  # as the fourth schema left it
        drop_columns_of_0005(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0004'")
    store = SqliteStore(path)
    await store.open()
    assert [spec.spec_id for spec in (await store.specs()).specs] == [SPEC]
    assert [session.color for session in await store.sessions([SPEC])] == [""]
    await store.trash_spec(SPEC, ADA.user_id, START)
    assert [spec.spec_id for spec in (await store.trashed_specs()).specs] == [SPEC]
    await store.close()


async def test_older_specs_take_pictures(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot(0, "text"))
    before = await store.snapshot(SPEC), await store.total_usage()
    await store.close()
    with sqlite3.connect(path) as driver:  # as the fifth schema left it
        drop_tables_of_0006(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0005'")
    store = SqliteStore(path)
    await store.open()
    assert (await store.snapshot(SPEC), await store.total_usage()) == before
    picture = Attachment("0" * 64, "image/png", 3, ADA.user_id, START)
    await store.add_attachment(SPEC, picture, b"png")
    assert list(await store.attachments(SPEC)) == [picture]
    await store.close()


async def test_older_snapshots_take_an_attribution(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot(0, "text"))
    before = await store.snapshot(SPEC), await store.total_usage()
    await store.close()
    with sqlite3.connect(path) as driver:  # as the seventh schema left it
        drop_columns_of_0008(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0007'")
    store = SqliteStore(path)
    await store.open()
    assert (await store.snapshot(SPEC), await store.total_usage()) == before
    assert list(await store.unattributed(SPEC, -1)) == [0]
    await store.set_attribution(SPEC, an_id("epoch"), StoredAttribution(0, b"runs"))
    assert await store.attribution(SPEC) == StoredAttribution(0, b"runs")
    assert list(await store.byline_pages(SPEC)) == []
    await store.close()


async def test_older_texts_are_to_be_indexed_and_older_titles_are_found(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(title="(Churn) model"), None, a_snapshot(0, "Who leaves?"))
    await store.index_text(SPEC, 0, passages_of("Who leaves?"))
    await store.close()
    with sqlite3.connect(path) as driver:  # as the sixth schema left it
        drop_tables_of_0007(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0006'")
    store = SqliteStore(path)
    await store.open()
    assert await store.unindexed(9) == [SPEC]
    await store.index_text(SPEC, 0, passages_of("Who leaves?"))
    assert await store.unindexed(9) == []
    for query in ("churn", "leaves model"):
        assert [spec.spec_id for spec in (await store.specs(query)).specs] == [SPEC], query
    await store.close()


async def test_older_specs_have_no_sittings_and_no_read_marks_yet(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    for user in (ADA, BOB):
        await store.save_user(user)
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.commit(SPEC, 0, 1, some_operations(1, 3))
    await store.close()
    with sqlite3.connect(path) as driver:  # as the eighth schema left it
        drop_tables_of_0009(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0008'")
    store = SqliteStore(path)
    await store.open()
    assert await store.sittings(SPEC) == []
    (made,) = sittings(await store.commit_times(SPEC, 0, 9), ())
    assert await store.add_sittings(SPEC, None, [made])
    assert await store.sittings(SPEC) == [StoredSitting(made)]
    assert await store.read_states(BOB.user_id, [SPEC]) == {SPEC: ReadState(None, 3)}
    assert await store.mark_read(SPEC, BOB.user_id, 2) == 2
    await store.close()


async def test_older_specs_take_threads_and_their_users_are_the_authors(tmp_path: Path) -> None:
    path = tmp_path / "specs.db"
    store = SqliteStore(path)
    await store.open()
    for user in (ADA, BOB):
        await store.save_user(user)
    await store.create_spec(a_spec(), None, a_snapshot())
    access = await store.change_access(
        await store.access(SPEC), BOB.user_id, Role.CONTRIBUTOR, ADA.user_id, START
    )
    await store.commit(SPEC, 0, access.version, [*some_operations(1, 2), an_operation(3, by=BOB)])
    await store.mark_read(SPEC, BOB.user_id, 2)
    before = await store.operations(SPEC, 0), await store.spec(SPEC), await store.access(SPEC)
    usage, read = await store.total_usage(), await store.read_states(BOB.user_id, [SPEC])
    await store.close()
    with sqlite3.connect(path) as driver:  # as the ninth schema left it
        drop_tables_of_0010(driver)
        driver.execute("UPDATE alembic_version SET version_num = '0009'")
    store = SqliteStore(path)
    await store.open()
    assert (await store.operations(SPEC, 0), await store.spec(SPEC), await store.access(SPEC)) == before
    assert (await store.total_usage(), await store.read_states(BOB.user_id, [SPEC])) == (usage, read)
    assert await store.authors(SPEC, 0, 3) == {ADA.user_id: ADA.name, BOB.user_id: BOB.name}
    assert await store.threads(SPEC) == []
    thread = a_thread(messages=[a_message(1, mentions=[BOB])])
    await store.write_thread(SPEC, 0, thread)
    assert await store.threads(SPEC) == [thread]
    await store.commit(SPEC, 3, access.version, [an_operation(4, by=ADA, suggested_by=BOB)])
    assert [each.author for each in await store.operations(SPEC, 2)] == [BOB.user_id, BOB.user_id]
    await store.close()
