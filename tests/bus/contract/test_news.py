"""Every bus: news, rosters, connections and limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from msgspec import Struct, structs

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.bus.news import ACCESS, Changed, Heard, Joined, Left, Moved
from jupyter_speccollab.document.cursor import Cursor, Position
from tests.bus.values import OTHER, SPEC, Ear, attendee, committed, eventually, joined
from tests.store.values import an_id, an_operation

Connect = Callable[[], Awaitable[Bus]]


async def test_the_other_servers_receive_news_in_order(connect: Connect) -> None:
    first, second, third = await connect(), await connect(), await connect()
    ears = [await Ear.at(bus) for bus in (first, second, third)]
    news = [committed(1), joined(1), Moved(an_id("session", 1), None, 1), committed(2), Changed(ACCESS, 5)]
    for each in news:
        first.publish(SPEC, each)
    for ear in ears[1:]:
        await ear.hears(*news)
    assert not ears[0].news


class Renamed(Struct, frozen=True, tag="renamed"):
    """A kind of news that only a newer release knows."""

    title: str


async def test_changed_serves_every_part_of_a_spec(connect: Connect) -> None:
    """A feature of another release uses a new ``what`` of `Changed`, and needs no new kind of news."""
    first, second = await connect(), await connect()
    ear = await Ear.at(second)
    news = [Changed("threads", 12), Changed("verdicts", 3), Changed(ACCESS, 5), Changed()]
    for each in news:
        first.publish(SPEC, each)
    await ear.hears(*news)


async def test_unknown_news_of_a_newer_release_are_skipped(connect: Connect) -> None:
    first, second = await connect(), await connect()
    ear = await Ear.at(second)
    news = [committed(1), Renamed("Another title"), Changed(ACCESS, 5), Renamed("A third"), committed(2)]
    for each in news:
        first.publish(SPEC, each)  # type: ignore[arg-type]
    await eventually(lambda: committed(2) in ear.news)
    known = [heard for heard in ear.news if isinstance(heard, Heard)]
    assert known == [committed(1), Changed(ACCESS, 5), committed(2)]
    assert first.is_up
    assert second.is_up


async def test_committed_operations_arrive_complete(connect: Connect) -> None:
    first, second = await connect(), await connect()
    ear = await Ear.at(second)
    first.publish(SPEC, committed(7))
    await eventually(lambda: bool(ear.news))
    (news,) = ear.news
    assert news.operations() == [an_operation(7)]


async def test_news_of_other_specs_are_not_received(connect: Connect) -> None:
    first, second = await connect(), await connect()
    here, there = await Ear.at(second, SPEC), await Ear.at(second, OTHER)
    first.publish(OTHER, committed(1))
    first.publish(SPEC, committed(2))
    await here.hears(committed(2))
    await there.hears(committed(1))
    second.unsubscribe(SPEC)
    first.publish(SPEC, committed(3))
    first.publish(OTHER, committed(4))
    await there.hears(committed(4))
    assert not here.news


async def test_a_subscriber_receives_exactly_the_later_news(connect: Connect) -> None:
    first, second = await connect(), await connect()
    for version in range(1, 5):
        first.publish(SPEC, committed(version))
    await (await Ear.at(second, OTHER)).hears()
    await asyncio.sleep(0.1)
    ear = await Ear.at(second)
    first.publish(SPEC, committed(5))
    await ear.hears(committed(5))


async def test_many_news_at_once_arrive(connect: Connect) -> None:
    first, second = await connect(), await connect()
    ear = await Ear.at(second)
    news = [committed(version) for version in range(1, 301)]
    for each in news:
        first.publish(SPEC, each)
        await asyncio.sleep(0)
    await ear.hears(*news)


async def test_a_later_subscriber_receives_a_roster(connect: Connect) -> None:
    first, second, third = await connect(), await connect(), await connect()
    first.publish(SPEC, joined(2))
    second.publish(SPEC, joined(1))
    first.publish(SPEC, joined(3))
    first.publish(SPEC, Left(an_id("session", 3)))
    await asyncio.sleep(0.2)
    ear = await Ear.at(third)
    assert ear.roster == [an_id("session", 1), an_id("session", 2)]
    assert (await Ear.at(first)).roster == [an_id("session", 1)]


async def test_a_roster_holds_the_cursors(connect: Connect) -> None:
    first, second = await connect(), await connect()
    first.publish(SPEC, joined(1))
    cursor = Cursor(Position(3, 4), (Position(3, 4), Position(5, 6)))
    first.publish(SPEC, Moved(an_id("session", 1), cursor, 9))
    await asyncio.sleep(0.2)
    ear = await Ear.at(second)
    (found,) = ear.heard[-1].attendees
    assert (found.cursor, found.version, found.user) == (cursor, 9, attendee(1).user)


async def test_a_roster_holds_the_colors(connect: Connect) -> None:
    first, second = await connect(), await connect()
    first.publish(SPEC, Joined(structs.replace(attendee(1), color="#2460fc")))
    first.publish(SPEC, Moved(attendee(1).session_id, None, 3))
    await asyncio.sleep(0.1)
    ear = await Ear.at(second)
    await eventually(lambda: ear.colors == ["#2460fc"])
    again = Joined(structs.replace(attendee(1), color="#d80c18"))
    first.publish(SPEC, again)
    await ear.hears(again)
    later = await Ear.at(second, SPEC)
    await eventually(lambda: later.colors == ["#d80c18"])


async def test_stopping_a_server_removes_its_sessions(connect: Connect) -> None:
    first, second = await connect(), await connect()
    first.publish(SPEC, joined(1))
    await asyncio.sleep(0.2)
    ear = await Ear.at(second)
    assert ear.roster == [an_id("session", 1)]
    await first.close()
    await eventually(lambda: Left(an_id("session", 1)) in ear.heard or ear.roster == [])
    await first.open()


async def test_connections_on_the_other_servers_are_counted(connect: Connect) -> None:
    first, second = await connect(), await connect()
    user = an_id("user", 1)
    first.connected(user, an_id("session", 1), SPEC)
    first.connected(user, an_id("session", 2), OTHER)
    second.connected(user, an_id("session", 3), SPEC)
    await asyncio.sleep(0.2)
    assert await second.connections_elsewhere(user) == {an_id("session", 1): SPEC, an_id("session", 2): OTHER}
    assert await first.connections_elsewhere(user) == {an_id("session", 3): SPEC}
    first.disconnected(user, an_id("session", 2))
    await asyncio.sleep(0.2)
    assert await second.connections_elsewhere(user) == {an_id("session", 1): SPEC}
    assert not await second.connections_elsewhere(an_id("user", 2))


async def test_spend_returns_what_other_servers_spent(connect: Connect) -> None:
    first, second = await connect(), await connect()
    assert await first.spend({"a": 3, "b": 1}) == {"a": [], "b": []}
    told = await second.spend({"a": 5, "b": 0, "c": 0})
    assert {name: sum(count for _, count in spent) for name, spent in told.items()} == {
        "a": 3,
        "b": 1,
        "c": 0,
    }
    assert all(0 <= age < 5 for spent in told.values() for age, _ in spent)
    await first.spend({"a": -1})
    told = await second.spend({"a": 0})
    assert sum(count for _, count in told["a"]) == 2
    told = await first.spend({"a": 0})
    assert sum(count for _, count in told["a"]) == 5
