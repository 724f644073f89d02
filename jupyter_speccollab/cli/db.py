"""``jupyter speccollab db``: the database of the specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_speccollab.cli.base import Command, Group
from jupyter_speccollab.cli.compact import Compact
from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.service.history.every_spec import every_spec
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.store.base import CorruptSnapshot, SpecMissing
from jupyter_speccollab.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore

TOLD: Final = 100
"""After so many revisions the command tells how far it is."""


class Upgrade(Command):
    """Create the tables of the database of the specs, or bring them up to date.

    With PostgreSQL, run it before the first start and after an update of jupyter_speccollab, with a login that may
    create tables. The servers may keep running, but must be restarted afterwards. A SQLite file is brought up to
    date when a server opens it.

    Then it stores with each older revision who wrote which letter of it, so that nobody waits for that later. This
    may take minutes for a long history. It may be stopped: run again, it goes on where it was.
    """

    name = "jupyter-speccollab-db-upgrade"
    description = __doc__
    examples = "jupyter speccollab db upgrade --SpecCollabApp.database_url_file=/etc/speccollab/database"

    async def work(self) -> None:
        store = self.store()
        try:
            if not isinstance(store, SqliteStore):
                before, after = await store.upgrade()
                if before == after:
                    self.say(f"The database is up to date (schema {after}).")
                else:
                    self.say(f"The database went from {before or 'an empty one'} to schema {after}.")
            elif store.exists:
                self.say("The specs are in a SQLite file, which is brought up to date whenever it is opened.")
            else:
                self.say("There are no specs yet. They will be in a SQLite file, which needs no upgrade.")
                return
            await store.open()
            damaged = await self._attribute(store)
        finally:
            await store.close()
        if damaged:
            self.fail("\n".join(damaged))

    async def _attribute(self, store: SqliteStore | PostgresStore) -> list[str]:
        """Store who wrote which letter of each revision; returns what is wrong with the specs that were skipped."""
        attributions = Attributions(store)
        damaged: list[str] = []
        done = 0
        for spec_id in await every_spec(store):
            missing = len(await store.unattributed(spec_id, -1))
            made = 0
            try:
                async for _ in attributions.fill(spec_id):
                    made += 1
                    if made % TOLD == 0:
                        self.say(f"Spec {spec_id}: {made:,} of {missing:,} revisions.")
            except SpecMissing:
                pass  # it was deleted meanwhile
            except CorruptSnapshot as error:
                damaged.append(f"Spec {spec_id} was skipped. {error} Restore it from a backup.")
            except InvalidOperation:
                damaged.append(
                    f"Spec {spec_id} was skipped: its operations do not fit its text. Restore it from a backup."
                )
            done += made
        if done:
            self.say(f"Who wrote which letter is now stored with {done:,} older revision{'s' * (done > 1)}.")
        return damaged


class Db(Group):
    """The database of the specs."""

    name = "jupyter-speccollab-db"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "compact": (Compact, "Fold old operations to save space."),
        "upgrade": (Upgrade, "Create the tables, or bring them up to date."),
    }
