"""The trail: what is recorded of comments and suggestions, without a word of their text."""

from __future__ import annotations

from collections.abc import Collection

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.service.access.audit import Audit
from jupyter_speccollab.store.base import StoredMessage, StoredThread, ThreadState


class Trail:
    """Records changes of threads in the audit trail, and whom messages mention, so that these can be notified."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    def opened(self, caller: Caller, spec_id: str, thread: StoredThread) -> None:
        """A thread was created."""
        kind, thread_id = thread.kind.value, thread.thread_id
        self._audit.record("thread-opened", caller, spec_id, threadId=thread_id, kind=kind)
        for message in thread.messages:
            self._mentioned(caller, spec_id, thread, message)

    def changed(self, caller: Caller, spec_id: str, before: StoredThread, after: StoredThread) -> None:
        """A thread has another state, another message, or other mentions in one."""
        if before.state is not after.state:
            self._state(caller, spec_id, after)
        known = {message.message_id: message.mentions for message in before.messages}
        for message in after.messages:
            self._mentioned(caller, spec_id, after, message, known.get(message.message_id, ()))

    def deleted(self, caller: Caller, spec_id: str, thread_id: str) -> None:
        """A thread was deleted."""
        self._audit.record("thread-deleted", caller, spec_id, threadId=thread_id)

    def _state(self, caller: Caller, spec_id: str, thread: StoredThread) -> None:
        named = {"threadId": thread.thread_id}
        match thread.state:
            case ThreadState.OPEN:
                self._audit.record("thread-opened", caller, spec_id, **named, kind=thread.kind.value)
            case ThreadState.RESOLVED:
                self._audit.record("thread-closed", caller, spec_id, **named)
            case ThreadState.REJECTED:
                self._audit.record("suggestion-rejected", caller, spec_id, **named)
            case ThreadState.ACCEPTED:
                version, author = thread.accepted_version, thread.created_by
                more = {**named, "version": version, "authorId": author}
                self._audit.record("suggestion-accepted", caller, spec_id, **more)

    def _mentioned(
        self,
        caller: Caller,
        spec_id: str,
        thread: StoredThread,
        message: StoredMessage,
        known: Collection[str] = (),
    ) -> None:
        """Record the people whom a message mentions, but for those of ``known``, and for its author."""
        new = [user_id for user_id in message.mentions if user_id not in known]
        others = [user_id for user_id in new if user_id != message.user_id]
        if others:
            named = {"threadId": thread.thread_id, "messageId": message.message_id}
            self._audit.record("people-mentioned", caller, spec_id, **named, mentions=others)
