"""The rows of threads and of their messages, and what they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import Row

from jupyter_speccollab.store.base import StoredMessage, StoredThread, ThreadKind, ThreadState
from jupyter_speccollab.store.stored_bytes import thread_bytes
from jupyter_speccollab.text.anchor import Anchor


@dataclass(frozen=True, slots=True)
class ThreadRows:
    """A thread as rows of its table, of the messages, and of the users who have not answered yet."""

    thread: dict[str, Any]
    messages: list[dict[str, Any]]
    waiting: frozenset[str]

    @staticmethod
    def of(spec_id: str, thread: StoredThread) -> ThreadRows:
        """The rows of a thread of this spec. Of a long thread that takes 20 ms."""
        key = {"spec_id": spec_id, "thread_id": thread.thread_id}
        messages = [{**key, **_message(number, each)} for number, each in enumerate(thread.messages)]
        return ThreadRows({**key, **_columns(thread)}, messages, thread.unanswered)


def _columns(thread: StoredThread) -> dict[str, Any]:
    return {
        "kind": thread.kind.value,
        "state": thread.state.value,
        "changed": thread.changed,
        "size": thread_bytes(thread),
        "anchor_start": thread.anchor.start,
        "anchor_end": thread.anchor.end,
        "anchor_version": thread.anchor_version,
        "created_by": thread.created_by,
        "created_at": thread.created_at,
        "fingerprint": thread.fingerprint,
        "resolved_by": thread.resolved_by,
        "resolved_at": thread.resolved_at,
        "accepted_version": thread.accepted_version,
        "letters": thread.anchor.letters,
        "prefix": thread.prefix,
        "suffix": thread.suffix,
        "replacement": thread.replacement,
        "quote": thread.quote,
    }


def _message(number: int, message: StoredMessage) -> dict[str, Any]:
    """Return the columns of a message, without the key of its thread.

    Law: two messages have the same ``row_hash`` only if their rows are the same, but for the names of users
    (``contract/test_threads.py::test_each_difference_of_a_message_is_written``).
    """
    values = {
        "message_id": message.message_id,
        "user_id": message.user_id,
        "created_at": message.created_at,
        "fingerprint": message.fingerprint,
        "edited_at": message.edited_at,
        "deleted": message.deleted,
        "mentions": list(message.mentions),
        "body": message.body,
    }
    digest = blake2b(msgspec.json.encode(values), digest_size=16).hexdigest()
    return {"number": number, "row_hash": digest, **values}


def stored_thread(row: Row[Any], messages: Sequence[StoredMessage]) -> StoredThread:
    """Return the thread of a row."""
    return StoredThread(
        row.thread_id,
        ThreadKind(row.kind),
        ThreadState(row.state),
        Anchor(row.anchor_start, row.anchor_end, row.letters),
        row.anchor_version,
        row.quote,
        row.prefix,
        row.suffix,
        row.replacement,
        row.created_by,
        row.created_by_name,
        row.created_at,
        row.fingerprint,
        row.changed,
        row.resolved_by,
        row.resolved_by_name,
        row.resolved_at,
        row.accepted_version,
        tuple(messages),
    )


def stored_message(row: Row[Any]) -> StoredMessage:
    """Return the message of a row."""
    return StoredMessage(
        row.message_id,
        row.user_id,
        row.user_name,
        row.body,
        row.created_at,
        row.fingerprint,
        row.edited_at,
        row.deleted,
        tuple(row.mentions),
    )
