"""The checks: what must hold in the middle of a run, and at its end."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.service.live.live_document import LiveDocument

from .client import Client
from .disk import at_once
from .letters import anchors_by_letters
from .server import SPEC_ID, Server
from .suggestion_checks import check_suggestions
from .thread_checks import check_threads, count_threads
from .world import World

NAMED: Final = 3
"""How many marks that went wrong are named."""


def check_replicas(world: World) -> None:
    """Each client's committed text is that of the log at its version, and what it shows is that and its edits."""
    texts = world.texts
    for client in world.living:
        replica = client.exchange.replica
        if replica is None:
            continue
        world.verdict.require(
            0 <= replica.version < len(texts) and replica.committed == texts[replica.version],
            f"{client.name} holds another text than the log at v{replica.version}",
        )
        unsent = replica.pending.unsent
        shown = replica.committed if unsent is None else replica.committed.apply(unsent)
        world.verdict.require(
            replica.text == shown, f"{client.name} shows what is not its edits over v{replica.version}"
        )


def check_end(world: World) -> None:
    """All that must hold once everything is quiet."""
    check_replicas(world)
    _check_log(world)
    _check_texts(world)
    _check_marks(world)
    _check_snapshots(world)
    _check_servers(world)
    anchors = anchors_by_letters([committed.operation for committed in world.disk.log], world.passages)
    check_threads(world, anchors)
    check_suggestions(world, anchors)
    count_threads(world, anchors)
    for client in world.living:
        drafts = client.session.drafts
        world.verdict.require(not drafts, f"{client.name} still shows {len(drafts)} drafts")


def check_emptiness(world: World) -> None:
    """All that must hold once everybody has left: nothing is kept for nobody."""
    for server in world.servers:
        documents = server.documents
        kept = {
            "documents": documents._open,
            "users": documents._use_counts,
            "timers": documents._idle,
            "locks": documents._opening,
            "connections": documents.connections._opened,
        }
        for what, held in kept.items():
            world.verdict.require(not held, f"{server.name} keeps {what} of a spec that nobody has open")
    rows = at_once(world.disk.memory.sessions([SPEC_ID]))
    world.verdict.require(not rows, f"{len(rows)} sessions of people who have left are still on the disk")


def _check_log(world: World) -> None:
    stored = at_once(world.disk.memory.operations(SPEC_ID, 0))
    require = world.verdict.require
    require(list(stored) == world.disk.log, "the store's log is not what was committed")
    require(
        [committed.version for committed in stored] == list(range(1, len(stored) + 1)),
        "the log's versions have a gap",
    )
    for operation_id, count in Counter(committed.operation_id for committed in stored).items():
        require(count == 1, f"{operation_id[:8]} was committed {count} times")
    require(
        all(one.timestamp <= later.timestamp for one, later in pairwise(stored)) or len(world.servers) > 1,
        "the log's times go backwards",
    )


def _check_texts(world: World) -> None:
    final = world.texts[-1]
    for server in world.servers:
        live = server.live
        if live is not None:
            world.verdict.require(
                live.document.text == final, f"server {server.name} holds another text than its log"
            )
    for client in world.living:
        world.verdict.require(client.text == str(final), f"{client.name} holds another text than the log")


def _check_marks(world: World) -> None:
    inserted: Counter[str] = Counter()
    for committed in world.disk.log:
        new = Counter("".join(part["content"] for part in committed.components if part["type"] == "insert"))
        if committed.thread_id is not None:
            new = _of_acceptance(world, committed, new)
        inserted += new
    for client in world.clients:
        if client.exchange.merges:
            world.marks.merged(client.name)
    wrong = world.marks.wrong(inserted, str(world.texts[-1]))
    for one in wrong[:NAMED]:
        world.verdict.require(False, one)
    world.verdict.require(len(wrong) <= NAMED, f"and {len(wrong) - NAMED} more marks")


def _of_acceptance(world: World, committed: CommittedOperation, new: Counter[str]) -> Counter[str]:
    """What an accepted suggestion inserts that was not there before.

    What stands between two of its changes may be written anew with them, as by a save; who deletes that at the same
    time may find it there again. The rest of what it deletes is deleted by it.
    """
    gone = Counter("".join(part["content"] for part in committed.components if part["type"] == "delete"))
    world.marks.returned("".join(gone & new))
    world.marks.removed("".join(gone - new), f"suggestion {committed.thread_id}")
    return new - gone


def _check_snapshots(world: World) -> None:
    texts = world.texts
    for snapshot in at_once(world.disk.memory.revisions(SPEC_ID, limit=10_000)):
        world.verdict.require(
            snapshot.content == str(texts[snapshot.version]),
            f"the snapshot of v{snapshot.version} is not its text",
        )


def presence_faults(world: World) -> list[str]:
    """What is wrong with who is said to be there; it may take a while until nothing is."""
    rows = {row.session_id for row in at_once(world.disk.memory.sessions([SPEC_ID]))}
    expected = {client.session_id for client in world.living}
    right = rows == expected if world.settings.to_the_end else rows >= expected
    faults = [] if right else [f"{len(rows)} sessions on the disk, {len(expected)} clients"]
    for server in world.servers:
        here = [client for client in world.living if world.connections[client][0] is server]
        live = server.live
        if live is not None:
            faults += _people_faults(server, live, here)
        elif here:
            faults.append(f"{server.name} has closed a document that people are in")
    return faults


def _people_faults(server: Server, live: LiveDocument, here: list[Client]) -> list[str]:
    faults = []
    users = {client.user.user_id for client in here}
    listed = [row["userId"] for row in live.attendance.presence.active_users(live.document)]
    if sorted(listed) != sorted(users):
        faults.append(f"{server.name} lists {len(listed)} users, {len(users)} are there")
    sessions = live.attendance.sessions
    connected = {key for key, session in sessions.items() if session.outbox is not None}
    if not set(sessions) == connected == {client.session_id for client in here}:
        faults.append(f"{server.name} has {len(sessions)} sessions of {len(here)} clients")
    for client in here:
        seen = {row["userId"] for row in client.session.people.rows}
        if seen != users:
            faults.append(f"{client.name} sees {len(seen)} users, {len(users)} are there")
    return faults


def _check_servers(world: World) -> None:
    for server in world.servers:
        live = server.live
        if live is not None:
            committer, window = live.committer, live.document.window
            world.verdict.require(not committer._queue, f"{server.name} holds entries without an outcome")
            world.verdict.require(
                len(window._operations) <= world.settings.window, f"{server.name} keeps too long a window"
            )
