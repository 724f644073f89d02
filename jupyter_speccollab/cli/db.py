"""``jupyter speccollab db``: the database of the specs."""

from __future__ import annotations

from jupyter_speccollab.cli.base import Command, Group
from jupyter_speccollab.cli.compact import Compact
from jupyter_speccollab.store.sqlite import SqliteStore


class Upgrade(Command):
    """Create the tables in the PostgreSQL database of the specs, or bring them up to date.

    Run it before the first start and after an update of jupyter_speccollab, with a login that may create
    tables. The servers may keep running, but must be restarted afterwards. A SQLite file does not need this
    command.
    """

    name = "jupyter-speccollab-db-upgrade"
    description = __doc__
    examples = "jupyter speccollab db upgrade --SpecCollabApp.database_url_file=/etc/speccollab/database"

    async def work(self) -> None:
        store = self.store()
        if isinstance(store, SqliteStore):
            self.say("The specs are in a SQLite file, which is brought up to date when a server opens it.")
            return
        try:
            before, after = await store.upgrade()
        finally:
            await store.close()
        if before == after:
            self.say(f"The database is up to date (schema {after}).")
        else:
            self.say(f"The database went from {before or 'an empty one'} to schema {after}.")


class Db(Group):
    """The database of the specs."""

    name = "jupyter-speccollab-db"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "compact": (Compact, "Fold old operations to save space."),
        "upgrade": (Upgrade, "Create the tables, or bring them up to date."),
    }
