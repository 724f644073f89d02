"""What each call makes of a thread: laws over all of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import Forbidden, SpecCollabError, ThreadClosed, ThreadLimit
from jupyter_speccollab.service.threads import transitions
from jupyter_speccollab.service.threads.transitions import (
    Actor,
    check_acceptance,
    check_deletion,
    edited,
    in_state,
    message_deleted,
    replied,
)
from jupyter_speccollab.store.base import StoredMessage, StoredThread, ThreadKind, ThreadState
from jupyter_speccollab.text.anchor import Anchor

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = [User(name, name, name.title()) for name in ("ada", "bob", "cyd")]
Call = Callable[[StoredThread, Actor], StoredThread]


def a_thread(kind: ThreadKind = ThreadKind.COMMENT) -> StoredThread:
    """Ada's thread with one message of hers."""
    return StoredThread(
        thread_id="t",
        kind=kind,
        state=ThreadState.OPEN,
        anchor=Anchor(0, 4),
        anchor_version=1,
        quote="text",
        prefix="",
        suffix="",
        replacement=None if kind is ThreadKind.COMMENT else "word",
        created_by="ada",
        created_by_name="Ada",
        created_at=BEGAN,
        fingerprint="00",
        changed=1,
        messages=(StoredMessage("t", "ada", "Ada", "Why?", BEGAN, "00"),),
    )


def actor(name: str = "ada", role: Role = Role.OWNER) -> Actor:
    return Actor(next(user for user in PEOPLE if user.login == name), role, BEGAN + timedelta(hours=1))


def calls(number: int) -> st.SearchStrategy[Call]:
    """Any call; a message that it adds has this number."""

    def reply(thread: StoredThread, by: Actor) -> StoredThread:
        return replied(
            thread, by, StoredMessage(f"m{number}", by.user_id, "", f"text {number}", by.now, "00")
        )

    ids = st.sampled_from(["t", *(f"m{each}" for each in range(number))])
    return st.one_of(
        st.just(reply),
        ids.map(lambda each: lambda thread, by: edited(thread, by, each, f"edited {number}", ())),
        ids.map(lambda each: lambda thread, by: message_deleted(thread, by, each)),
        st.sampled_from([ThreadState.OPEN, ThreadState.RESOLVED, ThreadState.REJECTED]).map(
            lambda state: lambda thread, by: in_state(thread, by, state)
        ),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[StoredThread, StoredThread, Actor]]:
    """Calls of different people that were not refused: the thread before, the thread after, who."""
    thread = a_thread(draw(st.sampled_from(ThreadKind)))
    found = []
    for number in range(draw(st.integers(0, 10))):
        by = actor(draw(st.sampled_from(["ada", "bob", "cyd"])), draw(st.sampled_from(Role)))
        call = draw(calls(number))
        with suppress(SpecCollabError):
            after = call(thread, by)
            found.append((thread, after, by))
            thread = after
    return found


@given(histories())
def test_what_never_changes(history: list[tuple[StoredThread, StoredThread, Actor]]) -> None:
    for before, after, by in history:
        assert by.role >= Role.COMMENTER
        assert (
            replace(
                after,
                state=before.state,
                messages=before.messages,
                resolved_by=before.resolved_by,
                resolved_by_name=before.resolved_by_name,
                resolved_at=before.resolved_at,
            )
            == before
        )
        ids = [message.message_id for message in before.messages]
        assert [message.message_id for message in after.messages][: len(ids)] == ids


@given(histories())
def test_a_closed_thread_says_who_closed_it(
    history: list[tuple[StoredThread, StoredThread, Actor]],
) -> None:
    for _, after, _ in history:
        closed = (after.resolved_by, after.resolved_by_name, after.resolved_at)
        assert (after.state is ThreadState.OPEN) == (closed == (None, None, None))


@given(histories())
def test_only_its_author_changes_a_message_and_deleted_ones_stay_empty(
    history: list[tuple[StoredThread, StoredThread, Actor]],
) -> None:
    for before, after, by in history:
        for old, new in zip(before.messages, after.messages, strict=False):
            if old != new:
                assert new.user_id == by.user_id or (new.deleted and by.role >= Role.ADMIN)
                assert not old.deleted
            if new.deleted:
                assert (new.body, tuple(new.mentions)) == ("", ())


@given(histories())
def test_what_is_repeated_changes_nothing(
    history: list[tuple[StoredThread, StoredThread, Actor]],
) -> None:
    for _, after, _ in history:
        assert in_state(after, actor(), after.state) is after
        for message in after.messages:
            if message.deleted:
                assert message_deleted(after, actor(), message.message_id) is after


class TestAcceptance:
    def accepted(self, by: str) -> StoredThread:
        thread = a_thread(ThreadKind.SUGGESTION)
        closed = replace(thread, state=ThreadState.ACCEPTED, resolved_by=by, resolved_by_name=by.title())
        return replace(closed, resolved_at=BEGAN, accepted_version=2)

    def test_it_is_final(self) -> None:
        thread = self.accepted("bob")
        assert not check_acceptance(thread, actor("bob"))
        with pytest.raises(ThreadClosed, match="Bob has accepted"):
            check_acceptance(thread, actor("ada"))
        for state in (ThreadState.OPEN, ThreadState.REJECTED):
            with pytest.raises(ThreadClosed):
                in_state(thread, actor("bob"), state)

    def test_who_made_it_needs_more_to_accept_it(self) -> None:
        thread = a_thread(ThreadKind.SUGGESTION)
        with pytest.raises(Forbidden):
            check_acceptance(thread, actor("ada", Role.COMMENTER))
        assert check_acceptance(thread, actor("ada", Role.CONTRIBUTOR))
        with pytest.raises(ThreadClosed):
            check_acceptance(in_state(thread, actor("ada"), ThreadState.REJECTED), actor("ada"))


def test_a_thread_holds_so_many_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transitions, "MESSAGES", 2)
    message = StoredMessage("m", "bob", "Bob", "x", BEGAN, "00")
    thread = message_deleted(replied(a_thread(), actor("bob"), message), actor("bob"), "m")
    with pytest.raises(ThreadLimit):
        replied(thread, actor("bob"), replace(message, message_id="n"))


def test_who_made_it_deletes_it_while_nobody_has_answered() -> None:
    thread = a_thread()
    check_deletion(thread, actor("ada", Role.COMMENTER))
    own = replied(thread, actor("ada"), StoredMessage("m", "ada", "Ada", "x", BEGAN, "00"))
    check_deletion(own, actor("ada", Role.COMMENTER))
    answer = StoredMessage("n", "bob", "Bob", "x", BEGAN, "00")
    answered = message_deleted(replied(own, actor("bob"), answer), actor("bob"), "n")
    with pytest.raises(Forbidden):
        check_deletion(answered, actor("ada", Role.CONTRIBUTOR))
    check_deletion(answered, actor("bob", Role.ADMIN))
    with pytest.raises(Forbidden):
        check_deletion(thread, actor("bob", Role.CONTRIBUTOR))
