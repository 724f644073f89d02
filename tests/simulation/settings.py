"""What a run is made of, drawn from its seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from jupyter_speccollab.document.limits import Limits

from .weather import Weather, drawn

NAMES: Final = ("ada", "ben", "cleo", "dora", "emil", "fay")


@dataclass(frozen=True, slots=True)
class Settings:
    """``duration`` is in seconds; ``troubles`` is the mean number of seconds between two blows of fate.

    ``users`` names the user of each client that is there from the start: a name that comes twice is one person
    with two pages. ``roams``: a client may come back to another server than the one it was on. ``cut_acks`` is
    the chance that something breaks while an operation is under way, and right between its commit and its ack.
    ``window``, ``listed`` and ``backlog`` take the place of constants, so that a short run gets beyond them:
    operations kept in memory, operations sent as a list, bytes that may wait for a reader. So do ``near``,
    ``slice`` and ``room``: versions that a commit bridges at once, those that are bridged between two commits,
    bytes that may wait for a reader who is owed more. ``to_the_end``: the rows of dead servers are waited for,
    and everybody leaves, until nothing is left. ``chunk``: components in a chunk of an operation; if they are few,
    short operations are transformed in chunks too, and the log is read one operation at a time. ``kept``:
    operations that a client keeps for anchors of earlier versions. ``behind``: versions after which stored anchors
    are stored anew. ``told``: bytes up to which a thread is sent to everybody.
    """

    users: tuple[str, ...]
    viewers: frozenset[str]
    polls: frozenset[int]
    servers: int
    roams: bool
    duration: float
    hurry: float
    troubles: float
    cut_acks: float
    weather: Weather
    limits: Limits
    window: int
    listed: int
    backlog: int
    near: int
    slice: int
    room: int
    thread_time: float
    to_the_end: bool
    chunk: int
    kept: int
    behind: int
    told: int

    @classmethod
    def of(cls, rng: Random) -> Settings:
        """The settings of a seed."""
        count = rng.choice([2, 2, 3, 3, 4, 5])
        users = tuple(rng.choice(NAMES[: max(2, count)]) for _ in range(count))
        servers = rng.choice([1, 1, 2])
        return cls(
            users=users,
            viewers=frozenset({users[-1]} if count > 2 and rng.random() < 0.2 else ()),
            polls=frozenset(number for number in range(count) if rng.random() < 0.1),
            servers=servers,
            roams=servers > 1 and rng.random() < 0.5,
            duration=rng.choice([3.0, 6.0, 10.0]),
            hurry=rng.choice([0.3, 0.6, 1.2]),
            troubles=rng.choice([0.5, 1.0, 2.0, 1000.0]),
            cut_acks=rng.choice([0.0, 0.05, 0.2]),
            weather=drawn(rng),
            limits=_limits(rng),
            window=rng.choice([1_000, 1_000, 3, 10]),
            listed=rng.choice([1_000, 1_000, 2, 8]),
            backlog=rng.choice([16 * 1024 * 1024, 16 * 1024 * 1024, 3_000]),
            near=rng.choice([50, 1, 3]),
            slice=rng.choice([100, 1, 2]),
            room=rng.choice([64 * 1024, 300]),
            thread_time=rng.choice([0.0, 0.01, 0.2]),
            to_the_end=rng.random() < 0.1,
            chunk=rng.choice([128, 128, 2]),
            kept=rng.choice([1_000, 1_000, 4]),
            behind=rng.choice([250, 2, 10]),
            told=rng.choice([262_144, 262_144, 0]),
        )


def _limits(rng: Random) -> Limits:
    return Limits(
        operations_per_minute=rng.choice([100, 20_000, 20_000, 20_000, 15]),
        writes_per_minute=1_000,
        operation_length=rng.choice([10_000, 10_000, 500]),
        sessions_per_user=50,
        max_stale_versions=rng.choice([1_000, 1_000, 2, 6]),
    )
