"""``/api/specs/:specId/read``: up to which version somebody has read a spec."""

from __future__ import annotations

import pytest

from jupyter_speccollab.service import rate_limiter
from tests.handlers.logins import Login, insert
from tests.handlers.test_revisions import put


async def entry(login: Login, spec_id: str) -> tuple[int | None, int]:
    """The read mark, and how many versions are unread: in the list, and in the entry alone."""
    (listed,) = [
        each for each in (await login.call("GET", "api/specs"))["specs"] if each["specId"] == spec_id
    ]
    alone = await login.call("GET", f"api/specs/{spec_id}")
    assert (listed["readVersion"], listed["unread"]) == (alone["readVersion"], alone["unread"])
    return listed["readVersion"], listed["unread"]


async def test_a_mark_only_rises(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    path = f"api/specs/{spec_id}/read"
    for version in range(1, 4):
        await put(ada, spec_id, f"{version}\n", version)
    assert await entry(bob, spec_id) == (None, 4)
    for asked, marked in ((2, 2), (1, 2), (3, 3), (2**53 - 1, 4), (0, 4)):
        assert await bob.call("PUT", path, {"version": asked}) == {"version": marked}
        assert await entry(bob, spec_id) == (marked, 4 - marked)
    assert await entry(ada, spec_id) == (None, 0)  # her own versions are not new to her
    for body in ({}, {"version": -1}, {"version": "1"}, {"version": 1.5}, {"version": 2**53}, "", "[]"):
        assert await bob.refused("PUT", path, body) == (400, "INVALID_MESSAGE"), body


async def test_opening_alone_sets_no_mark(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("0\n")
    socket = await bob.joined(spec_id)
    await bob.call("GET", f"api/specs/{spec_id}/document")
    await socket.commits(insert(0, "x"), version=1)
    assert await entry(bob, spec_id) == (None, 1)


async def test_an_answer_to_a_change_of_the_entry_has_it_too(ada: Login, bob: Login) -> None:
    made = await ada.call("POST", "api/specs", {"title": "Spec", "content": "text"})
    assert (made["readVersion"], made["unread"]) == (None, 0)
    path = f"api/specs/{made['specId']}"
    await ada.call("PUT", f"{path}/read", {"version": 1})
    changed = await ada.call("PATCH", path, {"title": "Other"})
    assert (changed["readVersion"], changed["unread"]) == (1, 0)
    await ada.call("DELETE", path)
    (trashed,) = (await ada.call("GET", "api/specs", trashed="true"))["specs"]
    assert (trashed["readVersion"], trashed["unread"]) == (1, 0)
    assert await ada.refused("PUT", f"{path}/read", {"version": 1}) == (404, "SPEC_NOT_FOUND")
    back = await ada.call("POST", f"{path}/undelete", {})
    assert (back["readVersion"], back["unread"]) == (1, 0)


async def test_marks_are_limited_for_each_user_and_are_no_writes(
    ada: Login, bob: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("0\n")
    path = f"api/specs/{spec_id}/read"
    for _ in range(rate_limiter.MARKS):
        await bob.call("PUT", path, {"version": 1})
    assert await bob.refused("PUT", path, {"version": 1}) == (429, "RATE_LIMITED")
    assert await ada.call("PUT", path, {"version": 1}) == {"version": 1}
    await put(bob, spec_id, "1\n", 1)
