"""The colors of the users in a spec: everybody who is there has another one, and keeps it while they are there.

A server chooses a color when a session joins, and tells the other servers with the session. If two servers choose
the same color for two users at the same moment, both see it in the roster: the user who came first keeps the color,
and the server of the other one chooses anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

PALETTE: Final = (
    "#b49000",
    "#2460fc",
    "#cc2478",
    "#487830",
    "#f0606c",
    "#d80c18",
    "#8460a8",
    "#0ca878",
    "#cc78b4",
    "#0090fc",
    "#b46048",
    "#d800c0",
    "#c0783c",
    "#c06cd8",
    "#f0246c",
    "#b40cf0",
    "#a84890",
    "#d86c90",
    "#248454",
    "#0078c0",
    "#fc48a8",
    "#6c7818",
    "#e448fc",
    "#cc5490",
    "#e43000",
    "#6c9c54",
    "#489024",
    "#c048d8",
    "#b44848",
    "#d87854",
    "#a878c0",
    "#d80060",
    "#78903c",
    "#9c54c0",
    "#00906c",
    "#fc4884",
    "#d80c9c",
    "#cc546c",
    "#fc3cd8",
    "#3ca800",
    "#9c78f0",
    "#d83c78",
    "#a87824",
    "#c03ca8",
    "#b45484",
    "#cc6c9c",
    "#8484d8",
    "#903cfc",
    "#c06060",
    "#cc3c54",
)
"""The colors, in the order in which they are given.

Laws (``tests/document/test_colors.py``): people with normal vision, without red, without green and without blue
cones tell the first ten apart; every color is readable as a caret on a white and on a dark editor, and carries a
name in black or white with a contrast of at least 4.5.
"""


@dataclass(frozen=True, slots=True)
class ColoredSession:
    """A session of a user, and the color that its server has chosen for that user; empty if it has chosen none."""

    session_id: str
    user_id: str
    joined_at: datetime
    color: str


def colors_of(sessions: Iterable[ColoredSession]) -> Mapping[str, str]:
    """The color of each user.

    A user has the color of their earliest session. If an earlier user has it, they get the first free one. Law: the
    result depends on the set of sessions alone, so all servers that know the same sessions show the same colors
    (``tests/document/test_colors.py``).
    """
    first: dict[str, ColoredSession] = {}
    for session in sorted(sessions, key=lambda each: (each.joined_at, each.session_id)):
        first.setdefault(session.user_id, session)
    users_by_color: dict[str, str] = {}
    for user_id, session in first.items():
        if session.color:
            users_by_color.setdefault(session.color, user_id)
    colors = {user_id: color for color, user_id in users_by_color.items()}
    for user_id, session in first.items():
        if user_id not in colors:
            colors[user_id] = free_color(colors.values(), session.color)
    return colors


def free_color(taken: Collection[str], chosen: str = "") -> str:
    """The first color that is not taken.

    With more users than colors, the one ``chosen`` before, or else the first of those that are used least.
    """
    uses = Counter(taken)
    free = min(PALETTE, key=lambda color: uses[color])
    return chosen if uses[free] and chosen else free
