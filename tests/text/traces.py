"""Recorded editing sessions, and a model of the server that orders concurrent operations."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_speccollab.text import EMPTY, Operation, Text, compose, normalise, transform


def read_trace(directory: Path, name: str) -> dict[str, Any]:
    """Read the trace of this *name* from the shared data."""
    with gzip.open(directory / "traces" / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        trace: dict[str, Any] = json.load(file)
    return trace


def operation_of(transaction: dict[str, Any]) -> Operation:
    """Compose the patches of a transaction, which apply one after the other, to one operation."""
    operation = EMPTY
    for position, deleted, inserted in transaction["patches"]:
        patch = Operation.of(position, inserted, -deleted)
        operation = compose(operation, patch) if operation.components else patch
    return normalise(operation)


def replay(trace: dict[str, Any]) -> Text:
    """The final text of a sequential *trace*."""
    text = Text.of(trace["startContent"])
    for transaction in trace["txns"]:
        text = text.apply(operation_of(transaction))
    return text


class Sequencer:
    """Commits concurrent transactions in the order of the file, as the server does.

    For each author it keeps the committed operations of the others that the author has not seen yet, transformed
    over the author's own operations. Applied to the author's text, they give the server's text. An incoming
    operation and these operations are transformed over each other::

        author's text ── unseen 1 ── unseen 2 ── ... ── server's text
             │              │           │                   │
          operation         ·           ·               committed
             │              │           │                   │
             · ── unseen 1' ── unseen 2' ── ... ──  server's next text
    """

    def __init__(self, authors: int) -> None:
        self.text = Text.of("")
        self._unseen: list[list[tuple[int, Operation]]] = [[] for _ in range(authors)]

    def commit(self, number: int, author: int, seen: int, operation: Operation) -> Operation:
        """Commit transaction *number* of *author*, who has seen the others' transactions up to *seen*."""
        unseen = [entry for entry in self._unseen[author] if entry[0] > seen]
        for index, (other_number, other) in enumerate(unseen):
            unseen[index] = other_number, normalise(transform(other, operation, "right"))
            operation = normalise(transform(operation, other, "left"))
        self._unseen[author] = unseen
        self.text = self.text.apply(operation)
        for reader, entries in enumerate(self._unseen):
            if reader != author:
                entries.append((number, operation))
        return operation


def seen_of_others(trace: dict[str, Any]) -> Iterator[int]:
    """For each transaction, the last one of another author that its author has seen, or -1."""
    transactions = trace["txns"]
    seen: list[int] = []
    for transaction in transactions:
        last = -1
        for parent in transaction["parents"]:
            own = transactions[parent]["agent"] == transaction["agent"]
            last = max(last, seen[parent] if own else parent)
        seen.append(last)
        yield last


def replay_concurrent(trace: dict[str, Any]) -> tuple[Text, int]:
    """The final text of a concurrent *trace*, and the number of transactions that were transformed."""
    sequencer = Sequencer(trace["numAgents"])
    moved = 0
    for number, (transaction, seen) in enumerate(zip(trace["txns"], seen_of_others(trace), strict=True)):
        operation = operation_of(transaction)
        moved += sequencer.commit(number, transaction["agent"], seen, operation) != operation
    return sequencer.text, moved
