"""The checks of threads: everybody has the same ones at the end, on the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from jupyter_speccollab.store.base import StoredThread
from jupyter_speccollab.text.anchor import Anchor
from tests.anchors import brought_on

from .attempt import raced
from .disk import at_once
from .server import SPEC_ID
from .threads import HeldThread
from .world import World


def check_threads(world: World, anchors: Mapping[str, Sequence[Anchor]]) -> None:
    """Clients and servers hold the threads of the store, with anchors as ``anchors`` has them at the end."""
    stored = at_once(world.disk.memory.threads(SPEC_ID, limit=10_000))
    last = {thread.thread_id: anchors[thread.thread_id][-1] for thread in stored}
    for thread in stored:
        log = world.disk.log[thread.anchor_version :]
        now = brought_on(thread.anchor, (committed.components for committed in log), thread.quote)
        fault = _fault(now, last[thread.thread_id])
        world.verdict.require(fault is None, f"{thread.thread_id[:8]} stored {fault}")
    for client in world.living:
        client.threads.reached(client.version)
        _check_held(world, client.name, stored, last, client.threads.held)
    for server, page in world.told.items():
        held = {thread["threadId"]: HeldThread.of(thread) for thread in page.get("threads", ())}
        _check_held(world, server, stored, last, held)


def count_threads(world: World, anchors: Mapping[str, Sequence[Anchor]]) -> None:
    """Note what happened to threads: how often their words were gone and came back, and who raced whom."""
    note = world.trace.note
    for thread_id in world.disk.threads:
        for before, after in pairwise(anchors[thread_id]):
            if before.is_orphaned != after.is_orphaned:
                note("world", "came back" if before.is_orphaned else "orphaned", thread_id[:8])
    for attempt in world.attempts:
        if attempt.code == "SUGGESTION_STALE":
            note("world", "stale", attempt.thread_id[:8])
    for thread_id in raced(world.attempts):
        note("world", "race of accepts", thread_id[:8])


def _check_held(
    world: World,
    who: str,
    stored: Sequence[StoredThread],
    anchors: Mapping[str, Anchor],
    held: Mapping[str, HeldThread],
) -> None:
    require = world.verdict.require
    require(held.keys() == anchors.keys(), f"{who} holds {len(held)} threads, {len(anchors)} are stored")
    for thread in stored:
        one = held.get(thread.thread_id)
        if one is not None:
            name = thread.thread_id[:8]
            said = one.state, one.accepted_version, one.messages, one.changed
            right = thread.state, thread.accepted_version, len(thread.messages), thread.changed
            require(said == right, f"{who} holds {name} as it was before")
            require(one.version == len(world.disk.log), f"{who} holds {name} at v{one.version}")
            fault = _fault(one.anchor, anchors[thread.thread_id])
            require(fault is None, f"{who} holds {fault} of {name}")


def _fault(anchor: Anchor, right: Anchor) -> str | None:
    """What is wrong with an anchor, if anything is."""
    if anchor.is_orphaned and not right.is_orphaned:
        return "no words, though they are there again,"
    return None if anchor == right else "another anchor than its own"
