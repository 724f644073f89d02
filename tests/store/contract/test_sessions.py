"""The contract of sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jupyter_speccollab.store.base import SpecMissing, Store, UserMissing
from tests.store.values import BOB, NOBODY, SPEC, a_session, a_snapshot, a_spec, an_id, moment

pytestmark = pytest.mark.usefixtures("spec")

CURSOR = {
    "line": 3,
    "column": 4,
    "selection": {"start": {"line": 3, "column": 0}, "end": {"line": 3, "column": 4}},
}


async def test_sessions_are_listed_in_the_order_of_joining(store: Store) -> None:
    """Also several sessions of one user in one spec."""
    other = an_id("spec", 2)
    await store.create_spec(a_spec(other), None, a_snapshot())
    late, early = a_session(1, at=5), a_session(2, by=BOB, at=1)
    again, elsewhere = a_session(3, at=3), a_session(4, spec_id=other, at=2)
    for session in (late, early, again, elsewhere):
        await store.add_sessions([session])
    assert list(await store.sessions([SPEC])) == [early, again, late]
    assert list(await store.sessions([SPEC, other])) == [early, elsewhere, again, late]
    assert not await store.sessions([])


async def test_a_session_added_again_is_replaced(store: Store) -> None:
    await store.add_sessions([a_session(1)])
    resumed = replace(a_session(1, socket=7, at=9), cursor_position=CURSOR)
    await store.add_sessions([resumed])
    assert list(await store.sessions([SPEC])) == [resumed]


async def test_a_socket_has_one_session_in_a_spec(store: Store) -> None:
    other = an_id("spec", 2)
    await store.create_spec(a_spec(other), None, a_snapshot())
    await store.add_sessions([a_session(1, socket=7)])
    await store.add_sessions([a_session(2, socket=7, spec_id=other)])
    await store.add_sessions([a_session(3, socket=7)])
    assert {row.session_id for row in await store.sessions([SPEC, other])} == {
        an_id("session", 2),
        an_id("session", 3),
    }


async def test_a_group_is_added_completely_or_not_at_all(store: Store) -> None:
    await store.add_sessions([a_session(1), a_session(2)])
    await store.add_sessions([])
    with pytest.raises(SpecMissing):
        await store.add_sessions([a_session(3), a_session(4, spec_id=an_id("spec", 9))])
    assert {row.session_id for row in await store.sessions([SPEC])} == {
        an_id("session", 1),
        an_id("session", 2),
    }


async def test_touching_updates_all_sessions_of_a_server_and_moved_cursors(store: Store) -> None:
    here = [replace(a_session(number, at=number), socket_id=f"here/{number}") for number in range(2)]
    there = replace(a_session(2, at=2), socket_id="there/2")
    await store.add_sessions([*here, there])
    moved = replace(here[0], cursor_position=CURSOR)
    stranger = replace(a_session(9), cursor_position=CURSOR)
    assert await store.touch_sessions("here", moment(60), [moved, stranger]) == 2
    assert list(await store.sessions([SPEC])) == [
        replace(moved, last_activity=moment(60)),
        replace(here[1], last_activity=moment(60)),
        there,
    ]
    await store.touch_sessions("here", moment(70), [])
    assert [row.last_activity for row in await store.sessions([SPEC])] == [
        moment(70),
        moment(70),
        there.last_activity,
    ]


async def test_the_name_of_a_server_is_not_a_pattern(store: Store) -> None:
    await store.add_sessions([replace(a_session(), socket_id="here/0")])
    await store.touch_sessions("h%", moment(60), [])
    await store.touch_sessions("_ere", moment(60), [])
    assert (await store.sessions([SPEC]))[0].last_activity == moment(0)


async def test_touching_can_remove_a_cursor(store: Store) -> None:
    await store.add_sessions([replace(a_session(), cursor_position=CURSOR)])
    await store.touch_sessions("socket", moment(0), [a_session()])
    assert (await store.sessions([SPEC]))[0].cursor_position is None


async def test_removing_ignores_unknown_sessions(store: Store) -> None:
    await store.add_sessions([a_session(1)])
    await store.add_sessions([a_session(2)])
    await store.remove_sessions([an_id("session", 1), an_id("session", 9)])
    await store.remove_sessions([])
    assert list(await store.sessions([SPEC])) == [a_session(2)]


async def test_sweeping_deletes_idle_sessions(store: Store) -> None:
    for number in range(4):
        await store.add_sessions([a_session(number, at=number)])
    assert await store.sweep_sessions(moment(2)) == 2
    assert [row.session_id for row in await store.sessions([SPEC])] == [
        an_id("session", 2),
        an_id("session", 3),
    ]
    assert await store.sweep_sessions(moment(2)) == 0


async def test_a_session_of_an_unknown_user_is_refused(store: Store) -> None:
    with pytest.raises(UserMissing):
        await store.add_sessions([replace(a_session(), user_id=NOBODY)])
