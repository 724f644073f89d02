"""``jupyter speccollab usage``: who stores how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from traitlets import Bool, Integer

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.cli.base import Command
from jupyter_speccollab.document.name import cleaned_name
from jupyter_speccollab.service.quotas import size
from jupyter_speccollab.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore

WIDTH: Final = 40
"""The width of the column of names."""


class Usage(Command):
    """List the users whose specs store most, with the numbers that the quotas are compared with.

    A spec counts for the user who created it, with its whole history, also while it is in the trash. The size is
    that of texts and changes as they were given; on the disk they take more or less. Servers may keep running.
    """

    name = "jupyter-speccollab-usage"
    description = __doc__
    examples = "jupyter speccollab usage --top 20"
    aliases = {"top": "Usage.top"}  # noqa: RUF012
    flags = {  # noqa: RUF012
        "recount": (
            {"Usage": {"recount": True}},
            "First count again what every spec stores, and let searches find it by its title, for example after "
            "servers of an older version have written.",
        ),
    }

    top = Integer(10, min=1, help="How many users are listed.").tag(config=True)
    recount = Bool(False, help="Whether to count again what every spec stores.").tag(config=True)

    async def work(self) -> None:
        store = self.store()
        if isinstance(store, SqliteStore) and not store.exists:
            self.fail(
                "There are no specs yet: their database file, SpecCollabApp.database_path, does not exist."
            )
        try:
            await store.open()
            if self.recount:
                await _recount(store)
            await self._report(store)
        finally:
            await store.close()

    async def _report(self, store: SqliteStore | PostgresStore) -> None:
        app = SpecCollabApp(config=self.config)
        self.say(f"{'user':<{WIDTH}}{'specs':>10}{'stored':>14}")
        for user, usage in await store.largest_usage(self.top):
            login = cleaned_name(user.login, WIDTH)
            who = f"{login} ({cleaned_name(user.name, WIDTH)})" if user.name != user.login else login
            mark = "  at the quota" if _is_full(app, usage.specs, usage.bytes) else ""
            self.say(f"{who[: WIDTH - 1]:<{WIDTH}}{usage.specs:>10,}{size(usage.bytes):>14}{mark}")
        total = await store.total_usage()
        self.say(f"{'all users':<{WIDTH}}{total.specs:>10,}{size(total.bytes):>14}")
        trash = await store.trash_usage()
        if trash.specs:
            self.say(f"{'of these in the trash':<{WIDTH}}{trash.specs:>10,}{size(trash.bytes):>14}")
        self.say(
            f"At most {_limit(app.specs_per_user)} specs and {_size(app.bytes_per_user)} for a user, "
            f"{_size(app.total_bytes)} in all."
        )


async def _recount(store: SqliteStore | PostgresStore) -> None:
    for pages in (store.specs, store.trashed_specs):
        cursor = None
        while True:
            page = await pages(cursor=cursor, limit=500)
            await store.renew_keys([spec.spec_id for spec in page.specs])
            for spec in page.specs:
                await store.recount_usage(spec.spec_id)
            cursor = page.next_cursor
            if cursor is None:
                break


def _is_full(app: SpecCollabApp, specs: int, stored: int) -> bool:
    return 0 < app.specs_per_user <= specs or 0 < app.bytes_per_user <= stored


def _limit(count: int) -> str:
    return f"{count:,}" if count else "any number of"


def _size(count: int) -> str:
    return size(count) if count else "any size"
