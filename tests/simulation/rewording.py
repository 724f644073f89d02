"""Rewording: edits in and around the passages of threads; words that are deleted, and brought back."""

from __future__ import annotations

import asyncio
from typing import Final

from jupyter_speccollab.document.role import Role

from .client import Client
from .threads import HeldThread
from .world import World

AROUND: Final = (0, 0, 0, 1, 3)
"""How far beyond a passage an edit of it reaches, in code points."""


async def undo(world: World, client: Client) -> None:
    """Delete a passage with what is beside it, and insert all that again a while later, where its thread lies."""
    rng, thread = world.rng, _any(world, client)
    if thread is None:
        return
    start, end = _range(world, client, thread)
    words = client.text[start:end]
    world.trace.note(client.name, "deletes a passage", thread.thread_id[:8])
    client.delete(start, end)
    await asyncio.sleep(rng.choice([0.05, 0.3, 1.0, 3.0]))
    orphan = client.threads.held.get(thread.thread_id)
    if client.is_living and orphan is not None and orphan.anchor.is_orphaned:
        _bring_back(world, client, orphan, words)


async def restore(world: World, client: Client) -> None:
    """Insert the words of a thread again where they were deleted."""
    orphans = [thread for thread in _held(client) if thread.anchor.is_orphaned]
    if orphans:
        orphan = world.rng.choice(orphans)
        _bring_back(world, client, orphan, orphan.anchor.letters or "")


async def reword(world: World, client: Client) -> None:
    """Edit the passage of a thread."""
    thread = _any(world, client)
    if thread is not None:
        _edit(world, client, thread)


def meddle(world: World, thread_id: str) -> None:
    """Somebody who knows of the thread edits its passage."""
    people = [one for one in world.living if one.role >= Role.CONTRIBUTOR and thread_id in one.threads.held]
    if people:
        client = world.rng.choice(people)
        _edit(world, client, client.threads.held[thread_id])


def _edit(world: World, client: Client, thread: HeldThread) -> None:
    """Type into a passage or at its edge, delete a part of it, or write it anew with its own words amid others."""
    rng, marks = world.rng, world.marks
    start, end = _range(world, client, thread)
    one, other = sorted(rng.randint(start, end) for _ in range(2))
    kind = rng.choices(["inside", "edge", "part", "anew"], [3, 2, 3, 1])[0]
    world.trace.note(client.name, f"edits {kind}", thread.thread_id[:8], f"{start} to {end}")
    if kind == "inside":
        client.insert(one, marks.text(client.name))
    elif kind == "edge":
        client.insert(rng.choice([start, end]), marks.text(client.name))
    elif kind == "part":
        client.delete(one, other)
    else:
        words = client.text[start:end]
        client.replace(start, end, marks.text(client.name) + words + marks.text(client.name))
        marks.returned(words)


def _bring_back(world: World, client: Client, orphan: HeldThread, words: str) -> None:
    world.trace.note(client.name, "brings back", orphan.thread_id[:8])
    world.marks.returned(words)
    amid = world.marks.text(client.name, world.rng.choice([0, 1]))
    client.insert(min(orphan.anchor.start, len(client.text)), amid + words)


def _range(world: World, client: Client, thread: HeldThread) -> tuple[int, int]:
    """Where the passage is in the client's text, or nearly so while it has edits under way; and a little more."""
    more = world.rng.choice(AROUND)
    length = len(client.text)
    return min(length, max(0, thread.anchor.start - more)), min(length, thread.anchor.end + more)


def _any(world: World, client: Client) -> HeldThread | None:
    held = _held(client)
    return world.rng.choice(held) if held else None


def _held(client: Client) -> list[HeldThread]:
    """The threads that the client knows of; none if it has gone meanwhile."""
    return [thread for _, thread in sorted(client.threads.held.items())] if client.is_living else []
