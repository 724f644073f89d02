"""Transitions: what each call makes of a thread, or why it may not. Pure functions of frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.thread_limits import MESSAGES
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import (
    Forbidden,
    InvalidMessage,
    NotFound,
    ThreadClosed,
    ThreadLimit,
)
from jupyter_speccollab.service.access.roles import check
from jupyter_speccollab.store.base import StoredMessage, StoredThread, ThreadKind, ThreadState

NO_MESSAGE: Final = "There is no such message in this spec, or it was deleted."


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on a thread, with their role in the spec, and when."""

    user: User
    role: Role
    now: datetime

    @property
    def user_id(self) -> str:
        """The userId."""
        return self.user.user_id


def replied(thread: StoredThread, by: Actor, message: StoredMessage) -> StoredThread:
    """The thread with one more message; a resolved comment is open again. Raises `Forbidden`, `ThreadLimit`."""
    check(by.role, Role.COMMENTER)
    if len(thread.messages) >= MESSAGES:
        raise ThreadLimit(f"This thread has {MESSAGES} messages, as many as it may. Start another one.")
    thread = _open(thread) if thread.state is ThreadState.RESOLVED else thread
    return replace(thread, messages=(*thread.messages, message))


def edited(
    thread: StoredThread, by: Actor, message_id: str, body: str, mentions: tuple[str, ...]
) -> StoredThread:
    """The thread with another text of a message; the same thread if the text is the same.

    Raises `Forbidden` for all but its author, and `NotFound` for a message that is not there or was deleted.
    """
    check(by.role, Role.COMMENTER)
    message = message_in(thread, message_id)
    if message.deleted:
        raise NotFound(NO_MESSAGE)
    if message.user_id != by.user_id:
        raise Forbidden("Only who wrote a message may change it.")
    if message.body == body:
        return thread
    return _with_message(thread, replace(message, body=body, mentions=mentions, edited_at=by.now))


def message_deleted(thread: StoredThread, by: Actor, message_id: str) -> StoredThread:
    """The thread with an empty message in place of this one; the same thread if it is deleted already.

    Raises `Forbidden` for all but its author and admins, and `NotFound`.
    """
    check(by.role, Role.COMMENTER)
    message = message_in(thread, message_id)
    if message.user_id != by.user_id and by.role < Role.ADMIN:
        raise Forbidden("Only who wrote a message, and admins of the spec, may delete it.")
    if message.deleted:
        return thread
    return _with_message(thread, replace(message, body="", mentions=(), deleted=True))


def in_state(thread: StoredThread, by: Actor, state: ThreadState) -> StoredThread:
    """The thread in another state than `ThreadState.ACCEPTED`; the same thread if it has that state already.

    Raises `Forbidden`, `ThreadClosed` for a suggestion that was accepted, and `InvalidMessage` for a state that its
    kind does not have.
    """
    check_state(thread, by, state)
    if thread.state is state:
        return thread
    if thread.state is ThreadState.ACCEPTED:
        raise ThreadClosed("This suggestion was accepted. Change the text itself instead.")
    if state is ThreadState.OPEN:
        return _open(thread)
    closed = replace(thread, state=state, resolved_at=by.now)
    return replace(closed, resolved_by=by.user_id, resolved_by_name=by.user.name)


def check_acceptance(thread: StoredThread, by: Actor) -> bool:
    """Whether the suggestion has yet to be accepted; ``False`` if ``by`` has accepted it already.

    Raises as `in_state`, and `ThreadClosed` where somebody else has accepted it, or it was rejected.
    """
    check_state(thread, by, ThreadState.ACCEPTED)
    if thread.state is ThreadState.ACCEPTED:
        if thread.resolved_by == by.user_id:
            return False
        raise ThreadClosed(f"{thread.resolved_by_name} has accepted this suggestion already.")
    if thread.state is not ThreadState.OPEN:
        raise ThreadClosed("This suggestion was rejected. Open it again to accept it.")
    return True


def check_state(thread: StoredThread, by: Actor, state: ThreadState) -> None:
    """Check who asks for which state of a thread of this kind. Raises `InvalidMessage`, `Forbidden`."""
    check(by.role, Role.COMMENTER)
    is_comment = thread.kind is ThreadKind.COMMENT
    if state is not ThreadState.OPEN and (state is ThreadState.RESOLVED) is not is_comment:
        raise InvalidMessage(
            "A comment is resolved, or open; a suggestion is accepted or rejected, or open. This is a "
            f"{thread.kind.value}."
        )
    if is_comment or (state is not ThreadState.ACCEPTED and thread.created_by == by.user_id):
        return
    check(by.role, Role.CONTRIBUTOR)


def check_deletion(thread: StoredThread, by: Actor) -> None:
    """Check that ``by`` made the thread and nobody else has answered, or is an admin. Raises `Forbidden`."""
    check(by.role, Role.COMMENTER)
    if by.role >= Role.ADMIN:
        return
    if thread.created_by != by.user_id:
        raise Forbidden("Only who began this, and admins of the spec, may delete it.")
    if any(message.user_id != by.user_id for message in thread.messages):
        raise Forbidden("Others have answered, so that only an admin of the spec may delete this.")


def message_in(thread: StoredThread, message_id: str) -> StoredMessage:
    """The message of this id, deleted or not. Raises `NotFound`."""
    for message in thread.messages:
        if message.message_id == message_id:
            return message
    raise NotFound(NO_MESSAGE)


def _open(thread: StoredThread) -> StoredThread:
    return replace(thread, state=ThreadState.OPEN, resolved_by=None, resolved_by_name=None, resolved_at=None)


def _with_message(thread: StoredThread, changed: StoredMessage) -> StoredThread:
    messages = (
        changed if message.message_id == changed.message_id else message for message in thread.messages
    )
    return replace(thread, messages=tuple(messages))
