"""Bylines: pages say of each version who made it and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.bylines import PAGE_VERSIONS, Bylines, joined, pages_of
from tests.text.strategies import law

people = st.sampled_from([str(UUID(int=number)) for number in range(1, 9)])
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC))
made = st.lists(st.tuples(people, moments), max_size=20)
Made = list[tuple[str, datetime]]


def told(bylines: Bylines) -> list[tuple[str, int]]:
    who = [bylines.people[number] for number in bylines.person]
    return list(zip(who, bylines.seconds, strict=True))


def expected(made: Made) -> list[tuple[str, int]]:
    return [
        (user_id, (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)) for user_id, at in made
    ]


@law
@given(made)
def test_a_page_is_read_back(made: Made) -> None:
    bylines = Bylines.of(made)
    assert told(bylines) == expected(made)
    assert told(Bylines.from_bytes(bylines.to_bytes())) == expected(made)


@law
@given(made, made, made)
def test_parts_are_joined(one: Made, two: Made, three: Made) -> None:
    assert told(joined(Bylines.of(part) for part in (one, two, three))) == expected(one + two + three)


@pytest.mark.parametrize(
    ("versions", "pages"), [(0, 0), (PAGE_VERSIONS - 1, 0), (PAGE_VERSIONS, 1), (2 * PAGE_VERSIONS + 1, 2)]
)
def test_only_full_pages_are_made(versions: int, pages: int) -> None:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    made = [
        (str(UUID(int=1 + number % 3)), begun + timedelta(seconds=number / 3)) for number in range(versions)
    ]
    found = list(pages_of(made))
    assert len(found) == pages
    assert all(len(page) < PAGE_VERSIONS for page in found)
    assert told(joined(map(Bylines.from_bytes, found))) == expected(made[: pages * PAGE_VERSIONS])


def test_times_are_rounded_down() -> None:
    early = datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)
    assert Bylines.of([(str(UUID(int=1)), early)]).seconds[0] == -1


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        Bylines.from_bytes(b"\2")
