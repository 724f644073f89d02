"""``jupyter speccollab``."""

from __future__ import annotations

from jupyter_speccollab.cli.archive import Export, Import
from jupyter_speccollab.cli.base import Group
from jupyter_speccollab.cli.check import Check
from jupyter_speccollab.cli.db import Db
from jupyter_speccollab.cli.tokens import TokensGroup


class SpecCollabCommand(Group):
    """Look after the specs that people write together."""

    name = "jupyter-speccollab"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "check": (Check, "Look at a set-up and say what to mend."),
        "db": (Db, "The database: bring its tables up to date, make it smaller."),
        "export": (Export, "Write a spec with its whole history into one file."),
        "import": (Import, "Take a spec in from such a file."),
        "tokens": (TokensGroup, "Tokens: let some hold no longer."),
    }
