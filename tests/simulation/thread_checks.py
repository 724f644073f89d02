"""The checks of threads: everybody has the same ones at the end, on the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jupyter_speccollab.store.base import StoredThread
from jupyter_speccollab.text.anchor import Anchor, brought_on

from .disk import at_once
from .server import SPEC_ID
from .threads import HeldThread
from .world import World


def check_threads(world: World) -> None:
    """Clients and servers hold the threads of the store, with anchors that were moved over the whole log."""
    stored = at_once(world.disk.memory.threads(SPEC_ID, limit=10_000))
    anchors = {thread.thread_id: _anchor(world, thread.thread_id) for thread in stored}
    for thread in stored:
        now = _over_log(world, thread.anchor, thread.anchor_version, thread.quote)
        world.verdict.require(
            now == anchors[thread.thread_id], f"{thread.thread_id[:8]} stored another anchor than its own"
        )
    for client in world.living:
        client.threads.reached(client.version)
        _check_held(world, client.name, stored, anchors, client.threads.held)
    for server, page in world.told.items():
        held = {thread["threadId"]: HeldThread.of(thread) for thread in page.get("threads", ())}
        _check_held(world, server, stored, anchors, held)


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
            said = one.state, one.messages, one.changed
            right = thread.state, len(thread.messages), thread.changed
            require(said == right, f"{who} holds {name} as it was before")
            require(one.version == len(world.disk.log), f"{who} holds {name} at v{one.version}")
            require(one.anchor == anchors[thread.thread_id], f"{who} holds another anchor of {name}")


def _anchor(world: World, thread_id: str) -> Anchor:
    """Where the passage is at the end that somebody commented on."""
    passage = world.passages[thread_id]
    return _over_log(world, Anchor(passage.start, passage.end), passage.version, passage.quote)


def _over_log(world: World, anchor: Anchor, version: int, quote: str) -> Anchor:
    return brought_on(anchor, (committed.components for committed in world.disk.log[version:]), quote)
