"""Threads in the form of the protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Raw

from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.passage import SHOWN
from jupyter_speccollab.protocol.codec import encode_body
from jupyter_speccollab.store.base import StoredMessage, StoredThread
from jupyter_speccollab.text.anchor import Anchor

PART: Final = 100_000
"""How much is encoded, in bytes, before other work gets its turn."""


def encoded(thread: StoredThread, anchor: Anchor, version: int) -> Raw:
    """The thread as JSON, with the ``anchor`` that it has in the text of ``version``."""
    return Raw(encode_body(thread_to_wire(thread, anchor, version)))


async def encoded_in_parts(thread: Mapping[str, Any]) -> Raw:
    """A thread of `thread_to_wire` as JSON; other work of the event loop gets its turn between parts of it.

    The messages of the longest thread are ten megabytes, and take some hundredth of a second.
    """
    messages: list[Raw] = []
    size = 0
    for message in thread["messages"]:
        messages.append(Raw(encode_body(message)))
        size += len(messages[-1])
        if size > PART:
            size = 0
            await asyncio.sleep(0)
    return Raw(encode_body({**thread, "messages": messages}))


def thread_to_wire(thread: StoredThread, anchor: Anchor, version: int) -> dict[str, Any]:
    """The thread, with the ``anchor`` that it has in the text of ``version``."""
    closed = {
        "resolvedBy": thread.resolved_by,
        "resolvedByName": thread.resolved_by_name,
        "resolvedAt": thread.resolved_at and iso(thread.resolved_at),
        "acceptedVersion": thread.accepted_version,
        "replacement": thread.replacement,
    }
    return {
        "threadId": thread.thread_id,
        "kind": thread.kind.value,
        "state": thread.state.value,
        "anchor": anchor_to_wire(anchor, version),
        "quote": thread.quote[:SHOWN],
        "prefix": thread.prefix,
        "suffix": thread.suffix,
        "createdBy": thread.created_by,
        "createdByName": thread.created_by_name,
        "createdAt": iso(thread.created_at),
        **{name: value for name, value in closed.items() if value is not None},
        "messages": [message_to_wire(message) for message in thread.messages],
        "changed": thread.changed,
    }


def anchor_to_wire(anchor: Anchor, version: int) -> dict[str, Any]:
    """The anchor in the text of ``version``; an orphan says what it held."""
    letters = {} if anchor.letters is None else {"letters": anchor.letters}
    place = {"start": anchor.start, "end": anchor.end, "version": version}
    return {**place, "orphaned": anchor.is_orphaned, **letters}


def message_to_wire(message: StoredMessage) -> dict[str, Any]:
    """The message; ``editedAt`` and ``deleted`` only where they say something."""
    edited = {} if message.edited_at is None else {"editedAt": iso(message.edited_at)}
    return {
        "messageId": message.message_id,
        "userId": message.user_id,
        "userName": message.user_name,
        "body": message.body,
        "createdAt": iso(message.created_at),
        **edited,
        **({"deleted": True} if message.deleted else {}),
        "mentions": list(message.mentions),
    }
