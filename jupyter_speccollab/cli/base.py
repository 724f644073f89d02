"""The base of all commands: the configuration of the server, and the store that it names."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_core.application import JupyterApp

from jupyter_speccollab._version import __version__
from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.store.choice import NoSuchStore
from jupyter_speccollab.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore


class Command(JupyterApp):
    """A command that reads the configuration of the Jupyter server of this environment.

    ``--SpecCollabApp.<name>=<value>`` overrides it.
    """

    version = __version__
    config_file_name = "jupyter_server_config"
    classes = [SpecCollabApp]  # noqa: RUF012

    def store(self) -> SqliteStore | PostgresStore:
        """The store that the configuration names, not opened yet."""
        try:
            return SpecCollabApp(config=self.config).make_store()
        except NoSuchStore as error:
            self.fail(str(error))

    def start(self) -> None:
        """Run `work`; print an error as a sentence."""
        super().start()
        try:
            asyncio.run(self.work())
        except SpecCollabError as error:
            self.fail(error.message)
        except KeyboardInterrupt:
            self.fail("Stopped.")
        except BrokenPipeError:  # the reader of the output has closed it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    async def work(self) -> None:
        """Carry out the command."""
        raise NotImplementedError

    def say(self, sentence: str) -> None:
        """Print a sentence to the standard output."""
        print(sentence)  # noqa: T201

    def fail(self, sentence: str) -> NoReturn:
        """Print a sentence to the standard error, and exit with status 1."""
        print(sentence, file=sys.stderr)  # noqa: T201
        sys.exit(1)


class Group(JupyterApp):
    """A command that only has subcommands."""

    version = __version__

    def start(self) -> Any:
        """Run the subcommand, or list the subcommands."""
        if self.subapp is not None:
            return self.subapp.start()
        self.print_help()
        sys.exit(0 if not self.extra_args else 2)
