"""``jupyter speccollab``."""

from __future__ import annotations

from jupyter_speccollab.cli.archive import Export, Import
from jupyter_speccollab.cli.base import Group
from jupyter_speccollab.cli.check import Check
from jupyter_speccollab.cli.db import Db
from jupyter_speccollab.cli.tokens import TokensGroup
from jupyter_speccollab.cli.trash import Trash
from jupyter_speccollab.cli.usage import Usage


class SpecCollabCommand(Group):
    """Administrate the specs that people write together."""

    name = "jupyter-speccollab"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "check": (Check, "Check a setup and say what to fix."),
        "db": (Db, "The database: bring its tables up to date, make it smaller."),
        "export": (Export, "Write a spec with its whole history into one file."),
        "import": (Import, "Import a spec from such a file."),
        "tokens": (TokensGroup, "Tokens: revoke some of them."),
        "trash": (Trash, "Deleted specs: list them, restore one, or delete them for good."),
        "usage": (Usage, "List the users whose specs store most."),
    }
