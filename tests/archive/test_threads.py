"""Threads in an archive: they travel with their ids, and no file brings wrong ones in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.archive import threads as module
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.importing import Destination, import_archive
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.store.base import DeletedThread, Store, StoredThread, ThreadState
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text.anchor import Anchor
from tests.archive.files import TO, export, files_in, lines_of, refused, rewrite
from tests.archive.histories import ADA, BOB, CAT, add_history
from tests.store.conftest import Connect
from tests.store.values import SPEC, a_message, a_thread, an_id, an_operation, moment

COMMENT, SUGGESTION, ACCEPTED, GONE = (an_id("thread", number) for number in range(4))


def opened_by(author: Any, thread_id: str, body: str = "Why? \u2028 \\u0000") -> Any:
    return replace(a_message(by=author, body=body), message_id=thread_id)


async def add_threads(store: Store) -> None:
    """A comment with an answer, two suggestions, one of which Ada accepted, and one thread that was deleted."""
    await add_history(store)
    answer = replace(a_message(2, by=CAT, body="@ada", mentions=[ADA]), edited_at=moment(9))
    gone = replace(a_message(3, by=ADA, body=""), deleted=True)
    comment = a_thread(0, changed=1, by=BOB, at_version=3, messages=[opened_by(BOB, COMMENT), answer, gone])
    await store.write_thread(SPEC, 0, comment)
    orphan = replace(
        a_thread(1, changed=2, by=CAT, at_version=4, replacement=""), anchor=Anchor(5, 5, "some words")
    )
    await store.write_thread(SPEC, 1, orphan)
    accepted = a_thread(2, changed=3, by=CAT, at_version=5, replacement="6 ", quote="")
    await store.write_thread(SPEC, 2, accepted)
    last = a_thread(3, changed=4, by=BOB, messages=[opened_by(BOB, GONE), a_message(7, by=BOB)])
    await store.write_thread(SPEC, 3, last)
    await store.delete_thread(SPEC, 4, GONE)
    done = replace(
        accepted,
        changed=6,
        state=ThreadState.ACCEPTED,
        accepted_version=6,
        resolved_by=ADA.user_id,
        resolved_at=moment(20),
    )
    access = (await store.access(SPEC)).version
    operation = an_operation(6, by=ADA, suggested_by=CAT, thread=2)
    await store.accept_suggestion(SPEC, 5, done, access, operation)


@pytest.fixture
def path(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Path:
    """An archive of `add_threads`."""

    async def make() -> None:
        store = MemoryStore()
        await add_threads(store)
        await export(store, path)

    path = tmp_path / "spec.jsonl.gz"
    jp_asyncio_loop.run_until_complete(make())
    return path


def of_threads(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["line"] in ("thread", "message", "deletedThread")]


async def test_they_are_the_same_from_and_in_every_store(
    path: Path, tmp_path: Path, connect: Connect
) -> None:
    lines, origin = lines_of(path), MemoryStore()
    await add_threads(origin)
    assert (lines[0]["contents"], lines[0]["formatVersion"]) == (["threads"], 2)
    store = await connect()
    await import_archive(store, path, TO)
    assert list(await store.threads(SPEC)) == list(await origin.threads(SPEC))
    assert list(await store.deleted_threads(SPEC, 0)) == [DeletedThread(GONE, 5, (an_id("message", 7),))]
    assert (await store.spec(SPEC)).threads_version == 6
    assert list(await store.operations(SPEC, 5)) == list(await origin.operations(SPEC, 5))
    assert await store.thread_counts([SPEC], ADA.user_id) == {SPEC: (2, 1)}
    counted = await store.total_usage()
    await store.recount_usage(SPEC)
    assert await store.total_usage() == counted
    again = tmp_path / "again.jsonl.gz"
    await export(store, again)
    assert of_threads(lines_of(again)) == of_threads(lines)
    copy = an_id("copy")
    await import_archive(store, path, Destination(TO.epoch, TO.at, spec_id=copy))
    assert list(await store.threads(copy)) == list(await store.threads(SPEC))


async def test_a_file_without_them_is_as_before(tmp_path: Path) -> None:
    store, path = MemoryStore(), tmp_path / "spec.jsonl.gz"
    await add_history(store)
    await export(store, path)
    lines = lines_of(path)
    assert lines[0]["contents"] == []
    fields = {field for line in lines for field in line}
    assert fields.isdisjoint({"threadsVersion", "authorId", "threadId"})


async def test_a_deleted_thread_alone_is_kept(tmp_path: Path, connect: Connect) -> None:
    store, path = MemoryStore(), tmp_path / "spec.jsonl.gz"
    await add_history(store)
    await store.write_thread(SPEC, 0, a_thread(by=BOB, messages=[opened_by(BOB, COMMENT)]))
    await store.delete_thread(SPEC, 1, COMMENT)
    await export(store, path)
    other = await connect()
    await import_archive(other, path, TO)
    assert await other.thread(SPEC, COMMENT) == DeletedThread(COMMENT, 2)


async def test_those_of_a_folded_history_are_on_their_words(tmp_path: Path, connect: Connect) -> None:
    store, path = MemoryStore(), tmp_path / "spec.jsonl.gz"
    await add_threads(store)
    compaction = Compaction(store, moment(5.5))
    plan = await compaction.plan(SPEC)
    assert plan is not None
    assert await compaction.carry_out(plan)
    await export(store, path)
    other = await connect()
    await import_archive(other, path, TO)
    threads = list(await other.threads(SPEC))
    assert threads == list(await store.threads(SPEC))
    assert all(isinstance(each, StoredThread) and each.anchor_version >= 5 for each in threads)


async def test_somebody_who_comments_meanwhile_is_no_half_export(tmp_path: Path) -> None:
    """A comment while the first threads are read begins again; later ones are not in the file."""
    calls = 0

    class Busy(MemoryStore):
        async def threads(self, spec_id: str, **asked: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == 1:
                await self.write_thread(
                    SPEC, 6, a_thread(9, changed=7, by=BOB, at_version=5, replacement="x")
                )
            return await super().threads(spec_id, **asked)

    store = Busy()
    await add_threads(store)
    await export(store, tmp_path / "spec.jsonl.gz")
    lines = of_threads(lines_of(tmp_path / "spec.jsonl.gz"))
    assert [line["changed"] for line in lines if line["line"] == "thread"] == [7, 6, 2, 1]


async def test_one_that_changes_between_two_pages_stops_the_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Busy(MemoryStore):
        async def threads(self, spec_id: str, *, before: int | None = None, **asked: Any) -> Any:
            if before is not None and (version := (await self.spec(SPEC)).threads_version) == 6:
                thread = await self.thread(SPEC, COMMENT)
                assert isinstance(thread, StoredThread)
                await self.write_thread(SPEC, version, replace(thread, changed=version + 1))
            return await super().threads(spec_id, before=before, **{**asked, "limit": 1})

    store = Busy()
    await add_threads(store)
    with pytest.raises(BadArchive, match="run it again"):
        await export(store, tmp_path / "spec.jsonl.gz")
    assert files_in(tmp_path) == []


Lines = list[dict[str, Any]]
Change = Callable[[Lines], object]


def thread(lines: Lines, thread_id: str) -> dict[str, Any]:
    return next(line for line in lines if line["line"] == "thread" and line["threadId"] == thread_id)


def messages(lines: Lines) -> Lines:
    return [line for line in lines if line["line"] == "message"]


def deleted(lines: Lines) -> dict[str, Any]:
    return next(line for line in lines if line["line"] == "deletedThread")


def moved(lines: Lines, line: dict[str, Any], place: int) -> None:
    lines.remove(line)
    lines.insert(place, line)


def without_messages(lines: Lines) -> None:
    for message in messages(lines):
        lines.remove(message)


def before_its_thread(lines: Lines) -> None:
    moved(lines, messages(lines)[0], next(n for n, line in enumerate(lines) if line["line"] == "thread"))


def in_the_history(lines: Lines) -> None:
    moved(lines, thread(lines, ACCEPTED), len(lines) - 2)


CHANGES: dict[str, tuple[Change, str]] = {
    "an id of a deleted one": (lambda lines: deleted(lines).update(threadId=COMMENT), "occurs twice"),
    "an id of another one": (lambda lines: thread(lines, ACCEPTED).update(threadId=COMMENT), "occurs twice"),
    "a message twice": (
        lambda lines: messages(lines)[1].update(messageId=messages(lines)[0]["messageId"]),
        "occurs twice",
    ),
    "a deleted message again": (
        lambda lines: deleted(lines).update(messageIds=[messages(lines)[1]["messageId"]]),
        "occurs twice",
    ),
    "one change twice": (lambda lines: thread(lines, COMMENT).update(changed=2), "not numbered"),
    "a change of the future": (lambda lines: thread(lines, COMMENT).update(changed=7), "not numbered"),
    "change 0": (lambda lines: deleted(lines).update(changed=0), "not numbered"),
    "a version of the future": (
        lambda lines: thread(lines, COMMENT).update(anchorVersion=7),
        "a version that the spec does not have",
    ),
    "accepted in the future": (
        lambda lines: thread(lines, ACCEPTED).update(acceptedVersion=7),
        "a version that the spec does not have",
    ),
    "a range backwards": (lambda lines: thread(lines, COMMENT).update(anchorStart=14), "on no range"),
    "a range beyond the text": (
        lambda lines: thread(lines, COMMENT).update(anchorEnd=999),
        "on no range of the text of version 3",
    ),
    "a range beyond the last text": (
        lambda lines: thread(lines, COMMENT).update(anchorEnd=999, anchorVersion=6),
        "on no range of the text of version 6",
    ),
    "letters of a range": (lambda lines: thread(lines, COMMENT).update(letters="x"), "on no range"),
    "too many letters": (lambda lines: thread(lines, SUGGESTION).update(letters="x" * 1_001), "not a line"),
    "a comment with a replacement": (
        lambda lines: thread(lines, COMMENT).update(replacement="x"),
        "not of its kind",
    ),
    "a comment on nothing": (lambda lines: thread(lines, COMMENT).update(quote=""), "not of its kind"),
    "a suggestion of nothing": (
        lambda lines: thread(lines, SUGGESTION).update(replacement=None),
        "not of its kind",
    ),
    "a rejected comment": (lambda lines: thread(lines, COMMENT).update(state="rejected"), "the other kind"),
    "a resolved suggestion": (
        lambda lines: thread(lines, SUGGESTION).update(state="resolved"),
        "the other kind",
    ),
    "accepted at no version": (
        lambda lines: thread(lines, ACCEPTED).update(acceptedVersion=None),
        "names no version",
    ),
    "open since a version": (
        lambda lines: thread(lines, SUGGESTION).update(acceptedVersion=3),
        "names no version",
    ),
    "another state": (lambda lines: thread(lines, COMMENT).update(state="deleted"), "not a line"),
    "by nobody": (lambda lines: thread(lines, COMMENT).update(createdBy=an_id("nobody")), "no line before"),
    "resolved by nobody": (
        lambda lines: thread(lines, ACCEPTED).update(resolvedBy=an_id("nobody")),
        "no line before",
    ),
    "a message by nobody": (
        lambda lines: messages(lines)[0].update(userId=an_id("nobody")),
        "no line before",
    ),
    "a suggestion accepted from nobody": (
        lambda lines: next(line for line in lines if "authorId" in line).update(authorId=an_id("nobody")),
        "no line before",
    ),
    "a comment without a message": (without_messages, "has no message"),
    "a message before its thread": (before_its_thread, "follows no comment"),
    "a thread after the history": (in_the_history, "after the history"),
    "a deleted message with a text": (
        lambda lines: messages(lines)[0].update(deleted=True),
        "a deleted message has a text",
    ),
    "a long body": (lambda lines: messages(lines)[0].update(body="x" * 10_001), "not a line"),
    "a long replacement": (
        lambda lines: thread(lines, SUGGESTION).update(replacement="x" * 10_001),
        "not a line",
    ),
    "a long prefix": (lambda lines: thread(lines, COMMENT).update(prefix="x" * 65), "not a line"),
    "a NUL": (lambda lines: messages(lines)[0].update(body="\0"), "NUL|null"),
    "a carriage return": (lambda lines: thread(lines, COMMENT).update(quote="a\r"), "carriage return|CR"),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_wrong_ones_are_refused(path: Path, name: str) -> None:
    change, message = CHANGES[name]
    lines = lines_of(path)
    change(lines)
    rewrite(path, lines)
    assert re.search(message, await refused(path)), name


@pytest.mark.parametrize(
    ("limit", "most", "message"),
    [
        ("OPEN_THREADS", 1, "more than 1 comments and suggestions are open"),
        ("MESSAGES", 2, "has more than 2 messages"),
        ("IDS", 7, "more than 7 comments, suggestions and messages"),
    ],
)
async def test_there_are_not_more_than_a_server_takes(
    path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, message: str
) -> None:
    monkeypatch.setattr(module, limit, most)
    assert message in await refused(path)
    monkeypatch.setattr(module, limit, most + 1)
    await import_archive(MemoryStore(), path, TO)


async def test_a_mention_of_somebody_unknown_is_no_harm(path: Path) -> None:
    lines = lines_of(path)
    nobody = an_id("nobody")
    messages(lines)[1].update(mentions=[nobody])
    rewrite(path, lines)
    store = MemoryStore()
    await import_archive(store, path, TO)
    assert await store.thread_counts([SPEC], nobody) == {SPEC: (2, 1)}
