"""Mentions: the people whom a message names, as ``@login`` or ``@"Name"``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from jupyter_speccollab.document.user import LOGIN_LENGTH

MOST: Final = 50
"""How many places of a message are looked at."""

ENDS: Final = 30
"""How many logins are looked for at a place: those up to so many characters at which a login may end.

A text of punctuation could name hundreds of logins at each place, and all of them would have to be looked for.
"""

MARK: Final = re.compile(r"(?<![^\W_])(?<!@)@")
"""An ``@`` that does not stand after a letter, a digit or another ``@``."""

QUOTED: Final = re.compile(r'"([^"\n]{1,200})"')

GOES_ON: Final = re.compile(r"[\w-]")
"""A character that can't follow a login: it would belong to a longer one."""


def possible_logins(body: str) -> set[str]:
    """Every login that the message may mean, whether or not somebody has it."""
    return {login for place in _places(body) for login in _logins_at(body, place)}


def possible_names(body: str) -> set[str]:
    """Every display name that the message may mean."""
    return {found[1] for place in _places(body) if (found := QUOTED.match(body, place))}


def mentioned(
    body: str, by_login: Mapping[str, str], by_name: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """The userIds of those whom the message mentions, each once, in the order of the message.

    ``by_login`` and ``by_name`` hold those who can be mentioned. The longest login that fits is meant, among the
    `ENDS` shortest. Several people of one name are all meant. Looks at the first `MOST` places.
    """
    found: dict[str, None] = {}
    for place in _places(body):
        login = next((login for login in _logins_at(body, place) if login in by_login), None)
        quoted = QUOTED.match(body, place)
        if login is not None:
            found[by_login[login]] = None
        elif quoted:
            found.update(dict.fromkeys(by_name.get(quoted[1], ())))
    return tuple(found)


def _places(body: str) -> Iterator[int]:
    """The offsets behind each ``@`` that may begin a mention."""
    for number, mark in enumerate(MARK.finditer(body)):
        if number == MOST:
            return
        yield mark.end()


def _logins_at(body: str, start: int) -> Iterator[str]:
    """What stands at ``start`` and may be a login, the longest first; the shortest `ENDS`."""
    ends: list[int] = []
    for end in range(start + 1, min(start + LOGIN_LENGTH, len(body)) + 1):
        if len(ends) == ENDS or not body[end - 1].isprintable():
            break
        if end == len(body) or not GOES_ON.match(body, end):
            ends.append(end)
    return (body[start:end] for end in reversed(ends))
