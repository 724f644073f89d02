"""What only a database server has: a schema that is upgraded by a command, lost connections, restarts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy import Connection

from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable
from jupyter_speccollab.store.base import (
    OperationIdsTaken,
    OutcomeUnknown,
    RevisionKind,
    SchemaMismatch,
    VersionTaken,
)
from jupyter_speccollab.store.migrations import HEAD
from jupyter_speccollab.store.postgres import PostgresStore
from tests.backends.postgres import PostgresServer
from tests.backends.proxy import Proxy
from tests.store.values import ADA, SPEC, a_snapshot, a_spec, some_operations

Open = Callable[..., Awaitable[PostgresStore]]


def database(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.fixture
def open_store(postgres_url: str, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Open]:
    """A function that opens a store on the database of this test, with a spec in it; ``port`` may be a proxy."""
    stores: list[PostgresStore] = []

    async def open_store(port: int | None = None, patience: float = 5.0) -> PostgresStore:
        url = (
            postgres_url
            if port is None
            else f"postgresql://postgres@127.0.0.1:{port}/{database(postgres_url)}"
        )
        store = PostgresStore(url, patience=patience)
        stores.append(store)
        await store.open()
        if not (await store.specs()).specs:
            await store.save_user(ADA)
            await store.create_spec(a_spec(), None, a_snapshot())
        return store

    yield open_store
    for store in stores:
        jp_asyncio_loop.run_until_complete(store.close())


@pytest.fixture
def proxy(postgres_server: PostgresServer, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Proxy]:
    proxy = jp_asyncio_loop.run_until_complete(Proxy(postgres_server.port).start())
    yield proxy
    jp_asyncio_loop.run_until_complete(proxy.close())


async def opened(url: str) -> None:
    store = PostgresStore(url)
    try:
        await store.open()
    finally:
        await store.close()


async def test_an_empty_database_is_refused_with_the_command_that_helps(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.url(await asyncio.to_thread(postgres_server.new_database))
    with pytest.raises(SchemaMismatch, match=r"no tables yet: run `jupyter speccollab db upgrade`"):
        await opened(url)
    store = PostgresStore(url)
    assert await store.upgrade() == (None, HEAD)
    assert await store.upgrade() == (HEAD, HEAD)
    await store.close()
    await opened(url)


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("0001", rf"schema 0001, and this version needs {HEAD}: run `jupyter speccollab db upgrade`"),
        ("9999", r"schema 9999, newer than .* install the newer version"),
    ],
)
async def test_another_schema_is_refused(
    postgres_server: PostgresServer, postgres_url: str, revision: str, sentence: str
) -> None:
    statement = f"UPDATE alembic_version SET version_num = '{revision}'"
    await asyncio.to_thread(postgres_server.sql, statement, database(postgres_url))
    with pytest.raises(SchemaMismatch, match=sentence):
        await opened(postgres_url)


async def test_older_specs_are_found_and_counted(postgres_server: PostgresServer, postgres_url: str) -> None:
    store = PostgresStore(postgres_url)
    await store.save_user(ADA)
    await store.create_spec(
        a_spec(title="Cafe\u0301", description="GRÖSSE"), None, a_snapshot(0, "é" * 9_000)
    )
    await store.commit(SPEC, 0, 1, some_operations(1, 3))
    await store.save_snapshot(SPEC, a_snapshot(2, "text", RevisionKind.AUTO))
    await store.fold(SPEC, 0, 2, base=2)
    counted = await store.total_usage()
    later = (
        "entry_version",
        "stored_bytes",
        "title_key",
        "description_key",
        "trashed_at",
        "trashed_by",
        "notebook",
        "searched_version",
        "threads_version",
    )
    for column in later:  # as the third schema had it
        statement = f"ALTER TABLE specifications DROP COLUMN {column}"
        await asyncio.to_thread(postgres_server.sql, statement, database(postgres_url))
    for statement in (
        "DROP TABLE attachment_parts, attachments, search_passages, bylines, sittings, read_marks",
        "DROP TABLE deleted_thread_ids, unanswered_mentions, thread_messages, threads",
        "ALTER TABLE document_operations DROP COLUMN author_id, DROP COLUMN thread_id",
        "ALTER TABLE document_versions DROP COLUMN attribution",
        "ALTER TABLE editing_sessions DROP COLUMN color",
        "DROP INDEX idx_specifications_created_by",
        "UPDATE alembic_version SET version_num = '0003'",
    ):
        await asyncio.to_thread(postgres_server.sql, statement, database(postgres_url))
    assert await store.upgrade() == ("0003", HEAD)
    for query in ("CAFÉ", "größe"):
        assert len((await store.specs(query)).specs) == 1, query
    assert await store.total_usage() == counted
    await store.close()


async def test_two_upgrades_at_once_are_one(postgres_server: PostgresServer) -> None:
    url = postgres_server.url(await asyncio.to_thread(postgres_server.new_database))
    stores = [PostgresStore(url) for _ in range(3)]
    before = [revision for revision, _ in await asyncio.gather(*(store.upgrade() for store in stores))]
    assert sorted(map(str, before)) == sorted(["None", HEAD, HEAD])
    await asyncio.gather(*(store.close() for store in stores))


async def test_a_database_with_another_encoding_is_refused(postgres_server: PostgresServer) -> None:
    statement = "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    await asyncio.to_thread(postgres_server.sql, statement)
    with pytest.raises(SchemaMismatch, match=r"encoding LATIN1.*ENCODING 'UTF8'"):
        await opened(postgres_server.url("latin"))


async def test_columns_are_postgresqls_own(postgres_server: PostgresServer, postgres_url: str) -> None:
    kinds = await asyncio.to_thread(
        postgres_server.sql,
        "SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name) "
        "FROM information_schema.columns WHERE table_name = 'document_operations'",
        database(postgres_url),
    )
    assert kinds == (
        "applied_at timestamp with time zone, author_id uuid, fingerprint bytea, operation_id uuid, "
        "operations jsonb, session_id uuid, spec_id uuid, thread_id uuid, user_id uuid, version integer"
    )


async def test_an_unreachable_server_is_unavailable_and_the_log_has_no_secret(
    proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.refuse()
    store = PostgresStore(f"postgresql://ada:hunter2@127.0.0.1:{proxy.port}/specs?sslmode=disable")
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            with pytest.raises(StoreUnavailable) as caught:
                await store.open()
            error = caught.value
            assert error.trouble is StoreTrouble.AWAY
            assert "hunter2" not in f"{error}{error.__cause__}{error.details}{error.detail}"
    assert "hunter2" not in caplog.text
    await store.close()


async def test_a_refused_login_is_unavailable(postgres_server: PostgresServer, postgres_url: str) -> None:
    await asyncio.to_thread(postgres_server.sql, "CREATE ROLE without_rights LOGIN")
    for url, said in (
        (f"postgresql://nobody:hunter2@127.0.0.1:{postgres_server.port}/postgres", 'role "nobody" does not'),
        (postgres_server.url("no_such_database"), "does not exist"),
        (postgres_url.replace("postgres@", "without_rights@"), "permission denied"),
    ):
        with pytest.raises(StoreUnavailable) as caught:
            await opened(url)
        assert caught.value.trouble is StoreTrouble.NO_ACCESS
        assert said in caught.value.detail


async def test_lost_connections_are_replaced_silently(proxy: Proxy, open_store: Open) -> None:
    store = await open_store(proxy.port)
    for round_number in range(5):
        await asyncio.gather(*(store.spec(SPEC) for _ in range(8)))  # opens that many connections
        proxy.cut()
        await asyncio.sleep(0.05)
        await asyncio.gather(*(store.spec(SPEC) for _ in range(8)))
        proxy.cut()
        await asyncio.sleep(0.05)
        await store.commit(SPEC, round_number, 1, some_operations(round_number + 1, 1))


async def test_a_read_whose_connection_breaks_is_repeated_on_another(proxy: Proxy, open_store: Open) -> None:
    store = await open_store(proxy.port)
    for losing in ("lose", "lose_answer_to"):
        setattr(proxy, losing, UUID(SPEC).bytes)
        assert (await store.spec(SPEC)).version == 0
    assert proxy.losses == 2


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_commit_whose_answer_is_lost_is_of_unknown_outcome(
    proxy: Proxy, open_store: Open, arrives: bool
) -> None:
    store = await open_store(proxy.port)
    group = some_operations(1, 3)
    setattr(proxy, "lose_answer_to" if arrives else "lose", group[0].fingerprint.encode())
    with pytest.raises(OutcomeUnknown):
        await store.commit(SPEC, 0, 1, group)
    assert proxy.losses == 1
    found = await store.first_commits(SPEC, [operation.operation_id for operation in group])
    assert len(found) == (3 if arrives else 0)
    assert (await store.spec(SPEC)).version == (3 if arrives else 0)


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_transaction_whose_commit_is_lost_is_of_unknown_outcome(
    proxy: Proxy, open_store: Open, arrives: bool
) -> None:
    store = await open_store(proxy.port)
    setattr(proxy, "lose_answer_to" if arrives else "lose", b"COMMIT;")
    with pytest.raises(OutcomeUnknown):
        await store.update_spec(SPEC, {"title": "new"})
    assert proxy.losses == 1
    assert (await store.spec(SPEC)).title == ("new" if arrives else "A spec")


async def test_a_server_that_does_not_answer_is_unavailable_in_time(proxy: Proxy, open_store: Open) -> None:
    store = await open_store(proxy.port, patience=0.5)
    proxy.stall()
    async with asyncio.timeout(30):
        with pytest.raises(StoreUnavailable) as caught:
            await store.spec(SPEC)
        assert caught.value.trouble is StoreTrouble.NO_ANSWER
        with pytest.raises(StoreUnavailable):
            await store.commit(SPEC, 0, 1, some_operations(1, 1))
    proxy.cut()
    proxy.stall(False)
    assert (await store.spec(SPEC)).version in (0, 1)


async def test_a_stopped_server_comes_back(open_store: Open, postgres_server: PostgresServer) -> None:
    store = await open_store(patience=1.0)
    for stop in (postgres_server.stop, postgres_server.kill):
        version = (await store.spec(SPEC)).version
        await store.commit(SPEC, version, 1, some_operations(version + 1, 1))
        await asyncio.to_thread(stop)
        with pytest.raises(StoreUnavailable):
            await store.spec(SPEC)
        with pytest.raises(StoreUnavailable):
            await store.commit(SPEC, version + 1, 1, some_operations(version + 2, 1))
        await asyncio.to_thread(postgres_server.start)
        assert (await store.spec(SPEC)).version == version + 1
        assert len(await store.operations(SPEC, 0)) == version + 1


async def test_waiting_for_a_lock_of_another_connection_is_bounded(open_store: Open) -> None:
    store, other = await open_store(patience=2.0), await open_store()
    locked, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def lock(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE specifications SET title = 'mine'")
        loop.call_soon(locked.set)

    async def hold() -> None:
        async with other._engine.connect() as connection:
            transaction = await connection.begin()
            await connection.run_sync(lock)
            await go.wait()
            await transaction.commit()

    holding = asyncio.create_task(hold())
    await locked.wait()
    with pytest.raises(StoreUnavailable):
        await store.commit(SPEC, 0, 1, some_operations(1, 1))
    waiting = asyncio.create_task(store.commit(SPEC, 0, 1, some_operations(1, 1)))
    await asyncio.sleep(0.2)
    go.set()
    await asyncio.gather(holding, waiting)
    assert (await store.spec(SPEC)).version == 1


async def test_a_closed_store_is_unavailable(open_store: Open) -> None:
    store = await open_store()
    await store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.spec(SPEC)


async def test_exclusive_makes_other_commits_wait(open_store: Open) -> None:
    store, other = await open_store(), await open_store()
    async with store.exclusive(SPEC) as commit:
        theirs = asyncio.create_task(other.commit(SPEC, 0, 1, some_operations(1, 1, offset=100)))
        await asyncio.sleep(0.2)
        assert not theirs.done()
        await commit(SPEC, 0, 1, some_operations(1, 1))
        with pytest.raises(VersionTaken):
            await theirs
    await other.commit(SPEC, 1, 1, some_operations(2, 1))


async def test_losing_the_connection_within_exclusive_releases_it(proxy: Proxy, open_store: Open) -> None:
    store, other = await open_store(proxy.port), await open_store()
    for _ in range(20):  # more than the number of connections
        async with store.exclusive(SPEC):
            proxy.cut()
            await asyncio.sleep(0.05)
    async with store.exclusive(SPEC) as commit:
        await commit(SPEC, 0, 1, some_operations(1, 1))
    async with store.exclusive(SPEC) as commit:
        with pytest.raises(OperationIdsTaken):
            await commit(SPEC, 1, 1, [structs.replace(some_operations(1, 1)[0], version=2)])
    await other.commit(SPEC, 1, 1, some_operations(2, 1))


async def test_losing_the_connection_within_exclusive_releases_the_lock(
    proxy: Proxy, open_store: Open
) -> None:
    store, other = await open_store(proxy.port), await open_store()
    async with store.exclusive(SPEC) as commit:
        proxy.cut()
        with pytest.raises(StoreUnavailable):
            await commit(SPEC, 0, 1, some_operations(1, 1))
    await other.commit(SPEC, 0, 1, some_operations(1, 1))
