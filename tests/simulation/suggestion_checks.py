"""The checks of suggestions: each is accepted once at most, as one operation together with its thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid5

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import StoredThread, ThreadState
from jupyter_speccollab.text.anchor import Anchor

from .attempt import Attempt
from .disk import at_once
from .server import SPEC_ID
from .suggesting import FOR_NOW
from .world import World

NAMESPACE: Final = UUID("a5f1c0de-6d7e-5b0a-9c3b-52a1f0b8e9d4")
"""What the operationIds of accepted suggestions are made with. It may never change: the ids of all logs are."""

Anchors = Mapping[str, Sequence[Anchor]]
"""The anchor of each thread at the version of its passage, and at every one after it."""


def check_acceptances(world: World) -> None:
    """An accepted suggestion and its operation are there together, at any time of the run, also after a crash."""
    require = world.verdict.require
    operations = _operations(world)
    stored = {thread.thread_id: thread for thread in _stored(world)}
    by_id = {str(uuid5(NAMESPACE, thread_id)): thread_id for thread_id in world.passages}
    for committed in world.disk.log:
        of = by_id.get(committed.operation_id)
        require(
            of == committed.thread_id, f"v{committed.version} has not the id that its suggestion gives it"
        )
    for thread_id, (first, *more) in operations.items():
        name, thread = thread_id[:8], stored.get(thread_id)
        require(not more, f"{name} was accepted {len(more) + 1} times")
        require(
            first.author_id == world.passages[thread_id].by,
            f"{name} was suggested by somebody else than its author",
        )
        if thread is None:
            require(thread_id in world.disk.deleted, f"{name} was accepted, and is not stored")
        else:
            said = thread.state, thread.accepted_version, thread.resolved_by
            right = ThreadState.ACCEPTED, first.version, first.user_id
            require(said == right, f"{name} was accepted as v{first.version}, and is stored as another")
    for thread in stored.values():
        is_accepted = thread.state is ThreadState.ACCEPTED or thread.accepted_version is not None
        require(
            not is_accepted or thread.thread_id in operations,
            f"{thread.thread_id[:8]} is accepted, and its operation is missing",
        )


def check_suggestions(world: World, anchors: Anchors) -> None:
    """At the end: what accepting did to the words, and what each who tried to accept was told."""
    check_acceptances(world)
    for committed in world.disk.log:
        if committed.thread_id is not None:
            _check_words(world, committed, anchors[committed.thread_id])
            _check_who(world, committed)
    for attempt in world.attempts:
        fault = _fault(world, attempt, anchors)
        name = attempt.thread_id[:8]
        world.verdict.require(fault is None, f"who accepted {name} was told {attempt.code or 'so'}, {fault}")


def _check_words(world: World, committed: CommittedOperation, anchors: Sequence[Anchor]) -> None:
    """Of the marks in the passage those stay that neither side took away, and those are new that one side added.

    If nobody else had changed the passage, the suggested words stand there, letter by letter.
    """
    assert committed.thread_id is not None
    passage, name = world.passages[committed.thread_id], committed.thread_id[:8]
    before, after = _text(world, committed.version - 1), _text(world, committed.version)
    anchor = anchors[committed.version - 1 - passage.version]
    present = before[anchor.start : anchor.end]
    end = anchor.end + len(after) - len(before)
    result, suggested = after[anchor.start : end], passage.replacement or ""
    rest = before[: anchor.start] + before[anchor.end :]
    world.verdict.require(
        after[: anchor.start] + after[end:] == rest,
        f"accepting {name} changed what is outside of its passage",
    )
    if present != passage.quote:
        world.trace.note("world", "merged", name)
    else:
        world.verdict.require(result == suggested, f"accepting {name} made other words than were suggested")
    unique = world.marks.unique
    base, there, wanted = unique(passage.quote), unique(present), unique(suggested)
    merged = (base & there & wanted) | (there - base) | (wanted - base)
    world.verdict.require(unique(result) == merged, f"accepting {name} lost words, or brought some back")


def _check_who(world: World, committed: CommittedOperation) -> None:
    tried = [attempt for attempt in world.attempts if attempt.thread_id == committed.thread_id]
    name = (committed.thread_id or "")[:8]
    world.verdict.require(
        committed.user_id in {attempt.user_id for attempt in tried}, f"{name} was accepted by who did not try"
    )


def _fault(world: World, attempt: Attempt, anchors: Anchors) -> str | None:
    """Why the answer to an attempt is wrong, if it is."""
    committed = next(iter(_operations(world).get(attempt.thread_id, ())), None)
    if attempt.thread is not None:
        return _fault_of_success(attempt, committed)
    match attempt.code:
        case None:
            return None
        case code if code in FOR_NOW:
            return None
        case "THREAD_CLOSED":
            closed = [state for state in _states(world, attempt) if _is_closed(state, attempt.user_id)]
            return None if closed else "and nobody else had accepted or rejected it"
        case "THREAD_NOT_FOUND":
            gone = world.disk.deleted.get(attempt.thread_id)
            return (
                None if gone is not None and gone <= attempt.answered.threads_version else "and it is there"
            )
        case "SUGGESTION_STALE":
            return None if _is_stale(world, attempt, anchors) else "and its words were not changed by others"
        case _:
            return "which is no answer to that"


def _fault_of_success(attempt: Attempt, committed: CommittedOperation | None) -> str | None:
    assert attempt.thread is not None
    if committed is None:
        return "and no operation was committed"
    told = attempt.thread["state"], attempt.thread.get("acceptedVersion"), attempt.thread.get("resolvedBy")
    right = ThreadState.ACCEPTED, committed.version, attempt.user_id
    return (
        None
        if told == right and committed.user_id == attempt.user_id
        else "and somebody else had accepted it"
    )


def _is_closed(thread: StoredThread, user_id: str) -> bool:
    """Whether this user can't accept a suggestion in this state."""
    if thread.state is ThreadState.ACCEPTED:
        return thread.resolved_by != user_id
    return thread.state is ThreadState.REJECTED


def _states(world: World, attempt: Attempt) -> list[StoredThread]:
    """The thread as it stood at some time between the request and its answer."""
    written = world.disk.threads.get(attempt.thread_id, [])
    until = [one for one in written if one.changed <= attempt.answered.threads_version]
    since = [one for one in until if one.changed > attempt.sent.threads_version]
    return until[: len(until) - len(since)][-1:] + since


def _is_stale(world: World, attempt: Attempt, anchors: Anchors) -> bool:
    """Whether others had changed the passage, at some time between the request and its answer, to what was told."""
    passage, present = world.passages[attempt.thread_id], (attempt.details or {}).get("present")
    for version in range(max(attempt.sent.version, passage.version), attempt.answered.version + 1):
        anchor = anchors[attempt.thread_id][version - passage.version]
        there = _text(world, version)[anchor.start : anchor.end]
        is_changed = there not in (passage.quote, passage.replacement) or anchor.is_orphaned
        if is_changed and there == present:
            return True
    return False


def _operations(world: World) -> dict[str, list[CommittedOperation]]:
    """The operations of accepted suggestions, by threadId."""
    found: defaultdict[str, list[CommittedOperation]] = defaultdict(list)
    for committed in world.disk.log:
        if committed.thread_id is not None:
            found[committed.thread_id].append(committed)
    return found


def _stored(world: World) -> Sequence[StoredThread]:
    return at_once(world.disk.memory.threads(SPEC_ID, limit=10_000))


def _text(world: World, version: int) -> str:
    return str(world.texts[version])
