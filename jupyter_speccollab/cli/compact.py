"""``jupyter speccollab db compact``: apply a retention policy to old operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from traitlets import Bool, Integer

from jupyter_speccollab.cli.base import Command
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.history.compaction import Compaction, LogMismatch
from jupyter_speccollab.service.history.unused_attachments import UnusedAttachments
from jupyter_speccollab.service.live.documents import utc_now
from jupyter_speccollab.store.base import CorruptSnapshot, Size
from jupyter_speccollab.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore


@dataclass(slots=True)
class _Tally:
    """The totals of all plans, and the specs that were skipped because they are damaged."""

    specs: int = 0
    folded: int = 0
    folded_bytes: int = 0
    thinned: int = 0
    pictures: int = 0
    damaged: list[str] = field(default_factory=list)


class Compact(Command):
    """Fold operations that are older than a number of days into snapshots, to save space. It can't be undone.

    Of each folded version, the log keeps who made it, when and under which operationId, but not what was
    changed. Revisions that were labelled, saved, restored or created are kept, and so is the last automatic
    revision of each day (UTC). Versions between them can't be read or compared any more. Newer operations are
    not changed. Pictures that are older than a day and that no version names any more are deleted.

    Servers may keep running. A SQLite file of an older version is first brought up to date, as by a server
    (also with --dry-run), and is made smaller at the end (VACUUM): writers wait that long, and the disk needs
    room for a second copy. PostgreSQL reuses the space for new operations by itself.
    """

    name = "jupyter-speccollab-db-compact"
    description = __doc__
    examples = "jupyter speccollab db compact --days 90 --dry-run\njupyter speccollab db compact --days 90"
    aliases = {"days": "Compact.days"}  # noqa: RUF012
    flags = {  # noqa: RUF012
        "dry-run": ({"Compact": {"dry_run": True}}, "Say what would be folded, without changing anything."),
    }

    days = Integer(0, help="For how many days every operation is kept: 1 or more. There is no default.").tag(
        config=True
    )
    dry_run = Bool(False, help="Whether to only say what would be folded.").tag(config=True)

    async def work(self) -> None:
        if self.days < 1:
            self.fail("Say for how many days every operation is kept, 1 or more: --days 90")
        moment = utc_now() - timedelta(days=self.days)
        store = self.store()
        if isinstance(store, SqliteStore) and not store.exists:
            self.fail(
                "There are no specs yet: their database file, SpecCollabApp.database_path, does not exist."
            )
        try:
            await store.open()
            damaged = await self._compact(store, Compaction(store, moment))
        finally:
            await store.close()
        if damaged:
            self.fail("\n".join(damaged))

    async def _compact(self, store: SqliteStore | PostgresStore, compaction: Compaction) -> Sequence[str]:
        """Compact all specs and print the result; returns what is wrong with the specs that were skipped."""
        spec_ids = await compaction.spec_ids()
        before, on_disk = await _size(store, spec_ids), await store.bytes_on_disk()
        tally = _Tally()
        pictures = UnusedAttachments(store, utc_now())
        for spec_id in spec_ids:
            await self._fold(store, compaction, spec_id, tally)
            unused = len(await pictures.find(spec_id)) if self.dry_run else await pictures.remove(spec_id)
            tally.pictures += unused
        self._report(tally)
        if self.dry_run:
            self._show(("now", before, on_disk))
            return tally.damaged
        about_space = await _free_space(store)
        after = await _size(store, spec_ids), await store.bytes_on_disk()
        self._show(("before", before, on_disk), ("after", *after))
        self.say(about_space)
        return tally.damaged

    async def _fold(
        self, store: SqliteStore | PostgresStore, compaction: Compaction, spec_id: str, tally: _Tally
    ) -> None:
        """Compact one spec, or only plan it in a dry run; a spec with a damaged history is skipped."""
        try:
            plan = await compaction.plan(spec_id)
            if plan is None:
                return
            size = await store.size(spec_id, plan.cut)
            if not self.dry_run and not await compaction.carry_out(plan):
                return
        except CorruptSnapshot as error:
            tally.damaged.append(f"Spec {spec_id} was skipped. {error} Restore it from a backup.")
        except LogMismatch as error:
            tally.damaged.append(
                f"Spec {spec_id} was skipped: its operations do not result in the stored text of version "
                f"{error.version}. Restore it from a backup."
            )
        else:
            tally.specs += 1
            tally.folded += plan.cut - plan.folded
            tally.folded_bytes += size.operation_bytes
            tally.thinned += len(plan.thinned)

    def _report(self, tally: _Tally) -> None:
        if tally.pictures:
            verb = "Would delete" if self.dry_run else "Deleted"
            self.say(f"{verb} {_many(tally.pictures, 'picture')} that no version names any more.")
        if not tally.specs:
            self.say(f"There is nothing to fold that is older than {_many(self.days, 'day')}.")
            return
        verb = "Would fold" if self.dry_run else "Folded"
        self.say(
            f"{verb} what is older than {_many(self.days, 'day')}, in {_many(tally.specs, 'spec')}: "
            f"{_many(tally.folded, 'operation')} ({_bytes(tally.folded_bytes)}) and "
            f"{_many(tally.thinned, 'automatic revision')}."
        )

    def _show(self, *columns: tuple[str, Size, int]) -> None:
        rows = [
            ("", *(heading for heading, _, _ in columns)),
            ("versions", *(f"{size.operations:,}" for _, size, _ in columns)),
            ("  with their operations", *(f"{size.operations - size.folded:,}" for _, size, _ in columns)),
            ("  these operations", *(_bytes(size.operation_bytes) for _, size, _ in columns)),
            ("revisions", *(f"{size.snapshots:,}" for _, size, _ in columns)),
            ("  their texts", *(_bytes(size.snapshot_bytes) for _, size, _ in columns)),
            ("on disk", *(_bytes(on_disk) for _, _, on_disk in columns)),
        ]
        for name, *cells in rows:
            self.say(f"{name:<24}" + "".join(f"{cell:>14}" for cell in cells))


async def _size(store: SqliteStore | PostgresStore, spec_ids: Sequence[str]) -> Size:
    size = Size()
    for spec_id in spec_ids:
        size += await store.size(spec_id)
    return size


async def _free_space(store: SqliteStore | PostgresStore) -> str:
    """Shrink the file if the store is one; returns a sentence about the space."""
    if not isinstance(store, SqliteStore):
        return (
            "PostgreSQL reuses the space for new operations after its next autovacuum. To return it to the disk, "
            "run VACUUM FULL document_operations, document_versions at a quiet hour (it blocks all writes)."
        )
    try:
        is_small = await store.vacuum()
    except StoreUnavailable:
        return (
            "The file could not be made smaller now, because another process uses it or the disk is full. New "
            "operations use the free space in it first. To make it smaller, run this again at a quiet hour."
        )
    if is_small:
        return "The file contains no unused space."
    return "The file gets smaller as soon as the current reads of the servers have ended."


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _bytes(count: int) -> str:
    size, unit = float(count), "B"
    for bigger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, bigger
    return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
