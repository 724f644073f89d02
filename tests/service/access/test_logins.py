"""Login names: which one was meant, with and without somebody to ask."""

from __future__ import annotations

import pytest

from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.errors import NotFound, StoreUnavailable
from jupyter_speccollab.service.access.logins import Logins
from jupyter_speccollab.store.memory import MemoryStore

ISSUER = "jupyter"


def user(login: str, initials: str = "X") -> User:
    return User(user_id_of(ISSUER, login), login, login, initials, issuer=ISSUER)


async def logins_with(*here: str, hub: set[str] | None = None, is_up: bool = True) -> Logins:
    store = MemoryStore()
    for login in here:
        await store.save_user(user(login))

    async def knows(login: str) -> bool:
        if not is_up:
            raise StoreUnavailable("The hub does not answer.")
        return hub is not None and login in hub

    return Logins(store, ISSUER, None if hub is None else knows)


async def test_somebody_who_was_here_needs_no_hint() -> None:
    assert await (await logins_with("alice", "Alice")).check("alice") is None


@pytest.mark.parametrize("typed", ["Alice", "ALICE"])
async def test_another_spelling_of_somebody_who_was_here_is_hinted_at(typed: str) -> None:
    hint = await (await logins_with("alice", "bob")).check(typed)
    assert hint is not None
    assert hint.to_wire() == {
        "message": f"Nobody has logged in as {typed} yet, but alice has. They are different users.",
        "near": ["user:alice"],
    }


async def test_normal_forms_are_spellings() -> None:
    hint = await (await logins_with("zo\u00eb")).check("Zoe\u0308")
    assert hint is not None
    assert hint.near == ["user:zo\u00eb"]


async def test_who_has_not_been_here_may_still_come() -> None:
    assert await (await logins_with("alice")).check("carol") is None


async def test_who_was_only_shared_with_is_not_known() -> None:
    logins = await logins_with("alice")
    await logins._store.introduce_user(user("Alice", initials=""))
    hint = await logins.check("Alice")
    assert hint is not None
    assert hint.near == ["user:alice"]


async def test_the_hub_decides() -> None:
    logins = await logins_with("Old", hub={"alice", "bob", "Old"})
    assert await logins.check("alice") is None
    for typed, meant in (("Alice", "alice"), ("old", "Old")):
        with pytest.raises(NotFound, match=f"Did you mean {meant}") as caught:
            await logins.check(typed)
        assert caught.value.details == {"near": [f"user:{meant}"]}
    hint = await logins.check("carol")
    assert hint is not None
    assert "There is no user carol yet" in hint.message


async def test_a_hub_that_does_not_answer_stops_nobody() -> None:
    hint = await (await logins_with("alice", hub={"alice"}, is_up=False)).check("Alice")
    assert hint is not None
    assert hint.near == ["user:alice"]
