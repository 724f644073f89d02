"""``jupyter speccollab trash``: the specs that were deleted and can still be restored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from traitlets import Integer

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.cli.base import Command, Group
from jupyter_speccollab.cli.printable import in_line
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.quotas import size
from jupyter_speccollab.store.base import SpecMissing, SpecRecord
from jupyter_speccollab.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore

PAGE: Final = 200
"""How many specs are read at a time."""


class _TrashCommand(Command):
    """A command about the trash."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[SqliteStore | PostgresStore]:
        """The store, open in the context."""
        store = self.store()
        if isinstance(store, SqliteStore) and not store.exists:
            self.fail(
                "There are no specs yet: their database file, SpecCollabApp.database_path, does not exist."
            )
        try:
            await store.open()
            yield store
        finally:
            await store.close()


class List(_TrashCommand):
    """List the specs in the trash, last deleted first, with who deleted each one and when.

    Each is deleted for good when it was there for SpecCollabApp.trash_days days. Until then it counts for the
    quotas of the user who created it.
    """

    name = "jupyter-speccollab-trash-list"
    description = __doc__
    examples = "jupyter speccollab trash list"

    async def work(self) -> None:
        count = 0
        async with self.opened() as store:
            async for spec in _in_trash(store):
                count += 1
                users = await store.users([spec.trashed_by or spec.created_by])
                who = "".join(in_line(user.name) for user in users.values())
                at = spec.trashed_at or spec.modified_at
                self.say(f"{spec.spec_id}  {at:%Y-%m-%d %H:%M}  {in_line(spec.title)} (deleted by {who})")
            usage = await store.trash_usage()
        if not count:
            self.say("The trash is empty.")
            return
        days = SpecCollabApp(config=self.config).trash_days
        self.say(
            f"{count:,} in the trash, {size(usage.bytes)}; each for {days} days, then it is deleted for good."
        )


class Restore(_TrashCommand):
    """Take a spec out of the trash, with its history and its collaborators. Servers may keep running."""

    name = "jupyter-speccollab-trash-restore"
    description = __doc__
    examples = "jupyter speccollab trash restore 5b0a2f5e-4d4c-4d5c-9d7e-0d8a4d3c2b1a"

    async def work(self) -> None:
        spec_id = canonical_uuid(self.extra_args[0]) if len(self.extra_args) == 1 else None
        if spec_id is None:
            self.fail("Name a spec: jupyter speccollab trash restore SPEC_ID")
        async with self.opened() as store:
            try:
                spec = await store.undelete_spec(spec_id)
            except SpecMissing:
                self.fail(f"{spec_id} is not in the trash. jupyter speccollab trash list says what is.")
        self.say(f"The spec “{in_line(spec.title)}” is back, with its history.")


class Empty(_TrashCommand):
    """Delete for good what is in the trash for --days days or longer. It can't be undone.

    With --days 0 that is everything in it. Servers may keep running. PostgreSQL reuses the space for new specs; a
    SQLite file gets smaller by jupyter speccollab db compact.
    """

    name = "jupyter-speccollab-trash-empty"
    description = __doc__
    examples = "jupyter speccollab trash empty --days 7"
    aliases = {"days": "Empty.days"}  # noqa: RUF012

    days = Integer(-1, help="For how many days a spec must be in the trash. There is no default.").tag(
        config=True
    )

    async def work(self) -> None:
        if self.days < 0:
            self.fail("Say for how many days a spec must be in the trash, 0 or more: --days 7")
        until, ended = datetime.now(UTC) - timedelta(days=self.days), 0
        async with self.opened() as store:
            while found := await store.expired(until, PAGE):
                for spec_id in found:
                    ended += await store.end_trashed(spec_id, until)
                    await asyncio.sleep(0)
        self.say("Nothing was deleted." if not ended else f"{ended:,} deleted for good.")


class Trash(Group):
    """The specs that were deleted and can still be restored."""

    name = "jupyter-speccollab-trash"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "list": (List, "List the specs in the trash."),
        "restore": (Restore, "Take a spec out of the trash."),
        "empty": (Empty, "Delete for good what is in the trash."),
    }


async def _in_trash(store: SqliteStore | PostgresStore) -> AsyncIterator[SpecRecord]:
    cursor = None
    while True:
        page = await store.trashed_specs(cursor=cursor, limit=PAGE)
        for spec in page.specs:
            yield spec
        cursor = page.next_cursor
        if cursor is None:
            return
