"""Clients and stores with deliberate faults, which the checks must find."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from msgspec import structs

from jupyter_speccollab.client.sync import pending
from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.client.sync.pending import Pending
from jupyter_speccollab.client.sync.replica import Replica
from jupyter_speccollab.store.base import StoredThread, VersionTaken
from jupyter_speccollab.text import EMPTY, Operation, compose, normalise, transform

from .disk import DiskAccess, Write


class ResendsUnderNewId(Exchange):
    """Sends an operation a second time under a new id."""

    def __init__(self, send: Callable[[bytes], None], *arguments: Any, **more: Any) -> None:
        super().__init__(lambda frame: send(self._renamed(frame)), *arguments, **more)
        self._last_sent = ""

    def _renamed(self, frame: bytes) -> bytes:
        message = json.loads(frame)
        if message["event"] != "operation":
            return frame
        if message["data"]["operationId"] == self._last_sent and self.replica is not None:
            message["data"]["operationId"] = str(uuid4())
            frame = json.dumps(message, ensure_ascii=False).encode()
            self._rename(self.replica, message["data"]["operationId"], frame)
        self._last_sent = message["data"]["operationId"]
        return frame

    def _rename(self, replica: Replica, operation_id: str, frame: bytes) -> None:
        outstanding = replica.pending.outstanding
        assert outstanding is not None
        outstanding = replace(outstanding, operation_id=operation_id, frame=frame)
        self.replica = replace(replica, pending=Pending(outstanding, replica.pending.buffer))


class ComposesIntoFlight(Exchange):
    """Composes new edits into the operation in flight."""

    def edit(self, operation: Operation) -> None:
        """Edit."""
        assert self.replica is not None
        waiting = self.replica.pending
        if waiting.outstanding is None or waiting.buffer is not None:
            super().edit(operation)
            return
        both = compose(waiting.outstanding.operation, operation)
        outstanding = replace(waiting.outstanding, operation=normalise(both))
        text = self.replica.text.apply(operation)
        self.replica = replace(self.replica, text=text, pending=Pending(outstanding))


class TakesWrongSide(Exchange):
    """Puts an earlier insert at the same place to the left of its own text."""

    def _receive_entry(self, entry: Mapping[str, Any], now: float) -> None:
        with patch.object(pending, "_crossed", _crossed_wrongly):
            super()._receive_entry(entry, now)


def _crossed_wrongly(ours: Operation, remote: Operation) -> tuple[Operation, Operation]:
    return normalise(transform(ours, remote, "right")), normalise(transform(remote, ours, "left"))


class ForgetsItsOwn(Exchange):
    """Takes its own operation for another client's unless it arrives as an ack (rule 4)."""

    def _receive_entry(self, entry: Mapping[str, Any], now: float) -> None:
        super()._receive_entry({**entry, "operationId": "somebody else's"}, now)


class AcksBeforeCommit(DiskAccess):
    """Reports a group as durable, and writes it a little later."""

    async def commit(self, *arguments: Any) -> None:
        """As `Store.commit`, but returns before the write."""
        await asyncio.sleep(0)
        self._network.later(0.01, self._write, self._disk.commit, arguments)


class DropsOne(DiskAccess):
    """Drops the last operation of some groups without an error."""

    def _write(self, write: Write, arguments: Sequence[Any], is_late: bool = False) -> Exception | None:
        if write == self._disk.commit and self._network.happens(0.2):
            *place, group = arguments
            arguments = (*place, group[:-1])
        return super()._write(write, arguments, is_late) if arguments[-1] else None


class MisdatesAnchors(DiskAccess):
    """Stores an anchor as that of the version before."""

    async def write_thread(self, spec_id: str, base: int, thread: StoredThread, *more: Any) -> None:
        """As `Store.write_thread`, with a wrong version."""
        wrong = replace(thread, anchor_version=thread.anchor_version - 1)
        await super().write_thread(spec_id, base, wrong, *more)


class AcceptsInTwoSteps(DiskAccess):
    """Writes the operation of an accepted suggestion first, and its thread by another transaction."""

    async def accept_suggestion(self, *arguments: Any) -> None:
        """As `Store.accept_suggestion`, but a crash may come between."""
        spec_id, base, thread, access_version, operation = arguments
        await self.commit(spec_id, operation.version - 1, access_version, [operation])
        await self.write_thread(spec_id, base, thread)


class AcceptsTwice(DiskAccess):
    """Commits a second operation for an accepted suggestion, under an id of its own."""

    async def accept_suggestion(self, *arguments: Any) -> None:
        """As `Store.accept_suggestion`, and once more, with nothing to change."""
        await super().accept_suggestion(*arguments)
        spec_id, _, _, access_version, first = arguments
        version, key = first.version + 1, str(uuid4())
        again = structs.replace(first, version=version, operation_id=key, operation=EMPTY, components=[])
        with suppress(VersionTaken):
            await self.commit(spec_id, first.version, access_version, [again])


class AcceptsWithoutOperation(DiskAccess):
    """Writes the thread of an accepted suggestion, and not its operation."""

    async def accept_suggestion(self, *arguments: Any) -> None:
        """As `Store.accept_suggestion`, without the operation."""
        spec_id, base, thread, _, _ = arguments
        await self.write_thread(spec_id, base, thread)


class CreditsWhoAccepts(DiskAccess):
    """Names who accepts a suggestion as its author."""

    async def accept_suggestion(self, *arguments: Any) -> None:
        """As `Store.accept_suggestion`, with a wrong author."""
        *others, operation = arguments
        await super().accept_suggestion(*others, structs.replace(operation, author_id=operation.user_id))
