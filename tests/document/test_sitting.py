"""Sittings: where a run of versions ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.sitting import Sitting, changed_by, first_break, sittings
from tests.text.strategies import law

START = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def timed(*seconds: float) -> list[tuple[int, datetime]]:
    """Versions from 1 on, made so many seconds after `START`."""
    return [(version, at(each)) for version, each in enumerate(seconds, start=1)]


def runs(*seconds: float, ends: set[int] | None = None) -> list[tuple[int, int]]:
    return [(each.first, each.last) for each in sittings(timed(*seconds), ends or set())]


def test_a_pause_of_ten_minutes_ends_a_sitting() -> None:
    assert runs(0, 599.9, 1199) == [(1, 3)]
    assert runs(0, 600, 1199) == [(1, 1), (2, 3)]


def test_a_sitting_lasts_two_hours_at_the_most() -> None:
    every_nine_minutes = [
        540 * number for number in range(28)
    ]  # the 14th is made 117 minutes after the first
    assert runs(*every_nine_minutes) == [(1, 14), (15, 28)]
    assert runs(*every_nine_minutes[:14], 7_200) == [(1, 15)]
    assert runs(*every_nine_minutes[:14], 7_200.001) == [(1, 14), (15, 15)]


def test_a_revision_that_somebody_asked_for_ends_a_sitting() -> None:
    assert runs(0, 1, 2, 3, ends={2}) == [(1, 2), (3, 4)]
    assert runs(0, 1, 2, ends={3}) == [(1, 3)]
    assert runs(0, 1, 2, ends={0}) == [(1, 3)]


def test_time_that_runs_backwards_is_no_time() -> None:
    assert runs(0, -3_600, -3_599) == [(1, 3)]
    assert runs(0, 500, -9_000, -8_500) == [(1, 4)]
    assert runs(0, -700, -50) == [(1, 2), (3, 3)]  # a pause of 650 s after the second
    assert runs(*([0, 500] * 50)) == [(1, 100)]  # two clocks: what goes back and forth adds up to nothing


def test_a_sitting_says_when_its_first_and_last_versions_were_made() -> None:
    (found,) = sittings(timed(5, 7, 9), ())
    assert found == Sitting(1, 3, at(5), at(9))
    assert list(sittings([], ())) == []


def brute_force(times: list[datetime], ends: set[int]) -> list[tuple[int, int]]:
    """The rules of ``docs/protocol.md``, asked anew for every version."""

    def begins(version: int) -> bool:
        if version == 1 or version - 1 in ends:
            return True
        first = version - 1
        while not begins(first):
            first -= 1
        pause = (times[version - 1] - times[version - 2]).total_seconds()
        length = (times[version - 1] - times[first - 1]).total_seconds()
        return max(pause, 0) >= 600 or max(length, 0) > 7_200

    starts = [version for version in range(1, len(times) + 1) if begins(version)]
    return [
        (first, last)
        for first, last in zip(starts, [*(each - 1 for each in starts[1:]), len(times)], strict=False)
    ]


steps = st.one_of(
    st.integers(-100, 400), st.sampled_from([-9_000, -600, 0, 599, 600, 601, 3_000, 7_200, 7_201])
)


@law
@given(st.lists(steps, max_size=14), st.sets(st.integers(0, 14), max_size=4), st.integers(0, 14))
def test_sittings_are_those_of_the_rules_and_may_be_found_in_parts(
    pauses: list[int], ends: set[int], cut: int
) -> None:
    made: list[tuple[int, datetime]] = []
    seconds = 0
    for version, pause in enumerate(pauses, start=1):
        seconds += pause
        made.append((version, at(seconds)))
    found = list(sittings(made, ends))
    assert [(each.first, each.last) for each in found] == brute_force([time for _, time in made], ends)
    before = list(sittings(made[:cut], ends))
    rest = list(sittings(made[cut:], ends, before[-1] if before else None))
    assert before[:-1] + rest == found


@law
@given(st.lists(steps, max_size=14), st.sets(st.integers(0, 14), max_size=4), st.integers(0, 14))
def test_from_a_break_on_they_are_the_same_without_all_that_was_before(
    pauses: list[int], ends: set[int], cut: int
) -> None:
    made = timed(*accumulate(pauses))
    place = first_break(made[cut:], ends)
    found = list(sittings(made, ends))
    starts = [each.first for each in found if each.first > cut + 1]
    if place is None:
        assert not any(begins_after_a_break(made, ends, version) for version in starts)
    else:
        assert place == next(each for each in starts if begins_after_a_break(made, ends, each))
        alone = list(sittings(made[place - 1 :], ends))
        assert alone == [each for each in found if each.first >= place]


def begins_after_a_break(made: list[tuple[int, datetime]], ends: set[int], version: int) -> bool:
    return version - 1 in ends or (made[version - 1][1] - made[version - 2][1]).total_seconds() >= 600


@law
@given(st.lists(steps, max_size=14), st.sets(st.integers(1, 14), max_size=3), st.integers(1, 14))
def test_a_late_end_changes_no_sitting_but_those(pauses: list[int], ends: set[int], end: int) -> None:
    made = timed(*accumulate(pauses))
    before, after = list(sittings(made, ends)), list(sittings(made, ends | {end}))
    others = list(changed_by(end, (each for each in before if each.last > end), ends | {end}))
    assert [each for each in before if each not in after] == [each for each in others if each not in after]
    assert all(each in after for each in before if each not in others)


def test_a_late_end_changes_nothing_beyond_a_gap_or_a_break() -> None:
    def sitting(first: int, last: int, start: float) -> Sitting:
        return Sitting(first, last, at(start), at(start + last - first))

    rows = [sitting(1, 9, 0), sitting(10, 19, 9), sitting(20, 29, 700), sitting(40, 49, 720)]
    assert list(changed_by(5, rows, {5})) == rows[:2]
    assert list(changed_by(5, rows, {5, 9})) == rows[:1]
    assert list(changed_by(20, rows[2:], {20})) == rows[2:3]
    assert list(changed_by(30, rows[3:], {30})) == []
    assert list(changed_by(9, rows[1:], {9})) == []
