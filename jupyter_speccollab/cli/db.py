"""``jupyter speccollab db``: the database of the specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_speccollab.cli.base import Command, Group
from jupyter_speccollab.cli.compact import Compact
from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.service.history.every_spec import every_spec
from jupyter_speccollab.service.history.measures import prepare_history
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.store.base import CorruptSnapshot, SpecMissing
from jupyter_speccollab.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore

TOLD: Final = 100
"""After so many revisions the command tells how far it is."""

TOLD_VERSIONS: Final = 100_000
"""The same in versions, while they are divided into sittings."""


class Upgrade(Command):
    """Create the tables of the database of the specs, or bring them up to date.

    With PostgreSQL, run it before the first start and after an update of jupyter_speccollab, with a login that may
    create tables. The servers may keep running, but must be restarted afterwards. A SQLite file is brought up to
    date when a server opens it.

    Then it stores with each older revision who wrote which letter of it, and what people did in one go, so that
    nobody waits for that later. This may take minutes for a long history. It may be stopped: run again, it goes on
    where it was.
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
            damaged = await self._fill(store)
        finally:
            await store.close()
        if damaged:
            self.fail("\n".join(damaged))

    async def _fill(self, store: SqliteStore | PostgresStore) -> list[str]:
        """Store what follows from the logs of older specs; returns what is wrong with those that were skipped."""
        damaged: list[str] = []
        attributed = divided = 0
        for spec_id in await every_spec(store):
            try:
                attributed += await self._attribute(store, spec_id)
                divided += await self._divide(store, spec_id)
            except SpecMissing:
                pass  # it was deleted meanwhile
            except CorruptSnapshot as error:
                damaged.append(f"Spec {spec_id} was skipped. {error} Restore it from a backup.")
            except InvalidOperation:
                damaged.append(
                    f"Spec {spec_id} was skipped: its operations do not fit its text. Restore it from a backup."
                )
        if attributed:
            revisions = f"{attributed:,} older revision{'s' * (attributed > 1)}"
            self.say(f"Who wrote which letter is now stored with {revisions}.")
        if divided:
            self.say(
                f"What people did in one go is now known of {divided:,} older spec{'s' * (divided > 1)}."
            )
        return damaged

    async def _attribute(self, store: SqliteStore | PostgresStore, spec_id: str) -> int:
        """Store who wrote which letter of each revision of a spec; returns of how many that was not known."""
        missing = len(await store.unattributed(spec_id, -1))
        made = 0
        async for _ in Attributions(store).fill(spec_id):
            made += 1
            if made % TOLD == 0:
                self.say(f"Spec {spec_id}: {made:,} of {missing:,} revisions.")
        return made

    async def _divide(self, store: SqliteStore | PostgresStore, spec_id: str) -> bool:
        """Divide the versions of a spec into sittings; returns whether some of them were not known."""
        version = (await store.spec(spec_id)).version
        done = told = 0
        async for done in prepare_history(store, spec_id):
            if done >= told + TOLD_VERSIONS:
                told = done
                self.say(f"Spec {spec_id}: {done:,} of {version:,} versions are divided into sittings.")
        return done > 0


class Db(Group):
    """The database of the specs."""

    name = "jupyter-speccollab-db"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "compact": (Compact, "Fold old operations to save space."),
        "upgrade": (Upgrade, "Create the tables, or bring them up to date."),
    }
