"""The contract of specs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.store.base import SpecIdTaken, SpecMissing, Store, UserMissing
from tests.store.values import (
    NOBODY,
    SPEC,
    a_session,
    a_snapshot,
    a_spec,
    an_id,
    an_operation,
    some_operations,
)


async def test_a_new_spec_reads_back(store: Store) -> None:
    spec = a_spec(version=1, title="Überschrift 🎈", description="zwei\u2028Zeilen")
    first, snapshot = an_operation(1, session=None), a_snapshot(1, "1 ")
    await store.create_spec(spec, first, snapshot)
    assert await store.spec(SPEC) == spec
    assert list(await store.operations(SPEC, 0)) == [first]
    assert await store.snapshot(SPEC) == snapshot


async def test_a_taken_spec_id_is_refused(store: Store) -> None:
    await store.create_spec(a_spec(title="first"), None, a_snapshot())
    with pytest.raises(SpecIdTaken):
        await store.create_spec(a_spec(title="second", version=1), an_operation(1), a_snapshot(1))
    assert (await store.spec(SPEC)).title == "first"
    assert not await store.operations(SPEC, 0)


async def test_a_spec_of_an_unknown_user_is_refused(store: Store) -> None:
    with pytest.raises(UserMissing):
        await store.create_spec(a_spec(by=NOBODY), None, a_snapshot())
    with pytest.raises(SpecMissing):
        await store.spec(SPEC)


async def test_an_unknown_spec_is_missing_everywhere(store: Store) -> None:
    with pytest.raises(SpecMissing):
        await store.spec(SPEC)
    with pytest.raises(SpecMissing):
        await store.update_spec(SPEC, {"title": "x"})
    with pytest.raises(SpecMissing):
        await store.delete_spec(SPEC)
    with pytest.raises(SpecMissing):
        await store.commit(SPEC, 0, 1, some_operations(1, 1))
    with pytest.raises(SpecMissing):
        await store.save_snapshot(SPEC, a_snapshot())
    with pytest.raises(SpecMissing):
        await store.add_sessions([a_session()])
    assert not await store.operations(SPEC, 0)
    assert not await store.first_commits(SPEC, [an_id("operation", 1)])
    assert await store.snapshot(SPEC) is None
    assert not await store.revisions(SPEC)
    assert await store.thin_snapshots(SPEC, [1]) == 0
    assert not await store.sessions([SPEC])


async def test_updating_sets_only_the_named_fields(store: Store) -> None:
    await store.create_spec(a_spec(), None, a_snapshot())
    changed = replace(a_spec(), title="New", status="approved", entry_version=1)
    assert await store.update_spec(SPEC, {"title": "New", "status": "approved"}) == changed
    assert await store.update_spec(SPEC, {}) == changed
    assert await store.update_spec(SPEC, {"title": "New"}) == changed
    assert await store.spec(SPEC) == changed
    assert (await store.states([SPEC]))[SPEC].entry_version == 1
    with pytest.raises(ValueError, match="version"):
        await store.update_spec(SPEC, {"version": "7"})


async def test_deleting_a_spec_deletes_everything_that_belongs_to_it(store: Store) -> None:
    other = an_id("spec", 2)
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.create_spec(a_spec(other), None, a_snapshot())
    await store.commit(SPEC, 0, 1, some_operations(1, 3))
    await store.add_sessions([a_session()])
    await store.add_sessions([a_session(1, spec_id=other)])
    await store.delete_spec(SPEC)
    await store.create_spec(a_spec(), None, a_snapshot())
    assert not await store.operations(SPEC, 0)
    assert not await store.first_commits(SPEC, [an_id("operation", 1)])
    assert len(await store.revisions(SPEC)) == 1
    assert [row.spec_id for row in await store.sessions([SPEC, other])] == [other]


async def test_pages_list_every_spec_once_last_modified_first(store: Store) -> None:
    ids = [an_id("spec", number) for number in range(7)]
    for number, spec_id in enumerate(ids):  # the last three have the same time of modification
        await store.create_spec(a_spec(spec_id, at=min(number, 4)), None, a_snapshot())
    pages, cursor = [], None
    while True:
        page = await store.specs(cursor=cursor, limit=3)
        pages.append([spec.spec_id for spec in page.specs])
        if (cursor := page.next_cursor) is None:
            break
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [spec_id for page in pages for spec_id in page] == sorted(ids[4:], reverse=True) + ids[3::-1]
    assert (await store.specs(limit=7)).next_cursor is None


async def test_searching_ignores_case_in_any_script(store: Store) -> None:
    await store.create_spec(a_spec(title="ÜBER Größen", description="Ελληνικά"), None, a_snapshot())
    for query in ("", "über", "GRÖSS".replace("SS", "ß"), "ελλην", "ΕΛΛΗΝ"):
        assert len((await store.specs(query)).specs) == 1, query
    assert not (await store.specs("uber")).specs


@pytest.mark.parametrize("query", ["café", "CAFÉ", "cafe\u0301 gr", "GRÖSSE", "gro\u0308ße", "Ångström"])
async def test_searching_ignores_case_and_normal_form(store: Store, query: str) -> None:
    await store.create_spec(a_spec(title="Le Cafe\u0301 Größe"), None, a_snapshot())
    other = an_id("spec", 1)
    await store.create_spec(
        a_spec(other, description="\u212bngstro\u0308m GRO\u0308SSE café gr"), None, a_snapshot()
    )
    found = {spec.spec_id for spec in (await store.specs(query)).specs}
    assert found == ({other} if query == "Ångström" else {SPEC, other})
    assert not (await store.specs("cafe gr")).specs
    await store.update_spec(SPEC, {"title": "Re\u0301sume\u0301"})
    assert [spec.spec_id for spec in (await store.specs("RÉSUMÉ")).specs] == [SPEC]
    assert [spec.spec_id for spec in (await store.specs("café")).specs] == [other]
    assert not (await store.specs("a\0b")).specs


@pytest.mark.parametrize("query", ["100%", "a_b", "%", "_", "\\", "'", "/"])
async def test_a_search_takes_percent_and_underscore_literally(store: Store, query: str) -> None:
    await store.create_spec(a_spec(title="100 axb"), None, a_snapshot())
    await store.create_spec(a_spec(an_id("spec", 1), title=f"- {query} -"), None, a_snapshot())
    assert [spec.title for spec in (await store.specs(query)).specs] == [f"- {query} -"]


@pytest.mark.parametrize("cursor", ["", "1", "ü", "bm9uc2Vuc2U=", "MjAyNi0xMS0yMyBub25zZW5zZQ=="])
async def test_an_invalid_page_cursor_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(InvalidMessage):
        await store.specs(cursor=cursor)


async def test_specs_of_a_notebook_are_found(store: Store) -> None:
    one, other = an_id("spec", 1), an_id("spec", 2)
    await store.create_spec(replace(a_spec(one), notebook="work/churn.ipynb"), None, a_snapshot())
    await store.create_spec(a_spec(other), None, a_snapshot())

    async def found(*notebooks: str) -> set[str]:
        return {spec.spec_id for spec in (await store.specs(notebooks=notebooks)).specs}

    assert await found("work/churn.ipynb", "churn.ipynb") == {one}
    assert await found("churn.ipynb") == await found() == set()
    await store.update_spec(other, {"notebook": "churn.ipynb"})
    assert await found("work/churn.ipynb", "churn.ipynb") == {one, other}
    assert (await store.spec(other)).entry_version == 1


async def test_concurrent_creations_of_one_spec_succeed_once(
    store: Store, connect: Callable[[], Awaitable[Store]]
) -> None:
    servers = [store, await connect()] * 3
    new = an_id("spec", 2)
    made = await asyncio.gather(
        *(server.create_spec(a_spec(new), None, a_snapshot()) for server in servers), return_exceptions=True
    )
    assert Counter(type(outcome) for outcome in made) == {type(None): 1, SpecIdTaken: 5}
