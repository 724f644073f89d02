"""The bytes that a spec stores, as `Usage` counts them.

The numbers are the same in every store: they are those of the texts, changes, threads and attachments as they
were given, not those of the pages, indexes and compressed values of a database
(``tests/store/contract/test_usage.py``).
"""

from __future__ import annotations

from typing import Final

import msgspec

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.text import pack

from .base import Attachment, DeletedThread, Snapshot, StoredThread

ROW_BYTES: Final = 100
"""Bytes that a row counts besides its text or its changes."""

_encode: Final = msgspec.json.Encoder().encode


def operation_bytes(operation: CommittedOperation, *, folded: bool = False) -> int:
    """Return the bytes of an operation in the log: those of its changes as compact JSON, and its row."""
    return ROW_BYTES if folded else ROW_BYTES + len(_encode(pack(operation.components)))


def snapshot_bytes(snapshot: Snapshot) -> int:
    """Return the bytes of a snapshot: those of its text as UTF-8, and its row."""
    return ROW_BYTES + len((snapshot.content or "").encode())


def attachment_bytes(attachment: Attachment) -> int:
    """Return the bytes of an attachment, and its row."""
    return ROW_BYTES + attachment.size


def thread_bytes(thread: StoredThread) -> int:
    """Return the bytes of a thread with its messages: those of their texts as UTF-8, and their rows."""
    texts = (thread.quote, thread.prefix, thread.suffix, thread.replacement or "")
    own = ROW_BYTES + sum(len(text.encode()) for text in texts)
    return own + sum(ROW_BYTES + len(message.body.encode()) for message in thread.messages)


def deleted_thread_bytes(thread: DeletedThread) -> int:
    """Return the bytes of what is kept of a deleted thread: a row for each id."""
    return ROW_BYTES * (1 + len(thread.message_ids))
