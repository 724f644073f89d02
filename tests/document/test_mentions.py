"""Whom a message mentions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.mentions import ENDS, MOST, mentioned, possible_logins, possible_names

LOGINS = {"ada": "1", "ada.lovelace": "2", "bob": "3", "bob smith": "4", "eve@example.org": "5"}
NAMES = {"Ada Lovelace": ("1", "2"), "Bob": ("3",)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@ada", ("1",)),
        ("Hello @ada, and @bob!", ("1", "3")),
        ("@ada.lovelace", ("2",)),
        ("@ada.love", ("1",)),
        ("@ada. And", ("1",)),
        ("@ada_", ()),
        ("@ada-b", ()),
        ("@adam", ()),
        ("@ada1", ()),
        ("@bob smith knows", ("4",)),
        ("@bob smithers", ("3",)),
        ("@eve@example.org", ("5",)),
        ("x@ada", ()),
        ("1@ada", ()),
        ("é@ada", ()),
        ("@@ada", ()),
        ("_@ada_", ()),
        ("_@ada", ("1",)),
        ("(@ada)", ("1",)),
        ("@ada @ada", ("1",)),
        ("@ADA", ()),
        ('@"Ada Lovelace" and @"Bob"', ("1", "2", "3")),
        ('@"Ada', ()),
        ('@"Ada\nLovelace"', ()),
        ("@", ()),
        ("", ()),
    ],
)
def test_who_is_meant(body: str, expected: tuple[str, ...]) -> None:
    assert mentioned(body, LOGINS, NAMES) == expected


@given(
    st.text(alphabet='@ab .-_"\n1é', max_size=40),
    st.dictionaries(st.text("ab .-1", min_size=1), st.text("xyz")),
)
def test_every_login_that_is_meant_was_possible(body: str, logins: dict[str, str]) -> None:
    """So it is enough to look up the possible logins."""
    known = {login: user for login, user in logins.items() if login in possible_logins(body)}
    assert mentioned(body, logins, {}) == mentioned(body, known, {})


@given(st.text(alphabet='@"ab \n', max_size=40))
def test_a_possible_name_is_in_the_text(body: str) -> None:
    for name in possible_names(body):
        assert f'@"{name}"' in body


def test_a_bounded_number_of_places_is_looked_at() -> None:
    assert mentioned("@x " * (MOST - 1) + "@ada", LOGINS, {}) == ("1",)
    assert mentioned("@x " * MOST + "@ada", LOGINS, {}) == ()


def test_a_bounded_number_of_logins_is_looked_for() -> None:
    """Also in a text in which every character could end a login."""
    hostile = "".join(f"@{chr(0x21C0 + place)}{'!' * 198}" for place in range(MOST))
    assert len(possible_logins(hostile)) == MOST * ENDS
    longest = "a." * (ENDS - 1) + "a"
    assert mentioned(f"@{longest} is here", {longest: "1"}, {}) == ("1",)
