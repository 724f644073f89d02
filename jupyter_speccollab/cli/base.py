"""The base of all commands: the configuration of the server, and the store that it names."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from jupyter_core.application import JupyterApp
from traitlets import TraitError

from jupyter_speccollab._version import __version__
from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.cli.printable import printable
from jupyter_speccollab.errors import SpecCollabError, StoreUnavailable
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
            detail = error.detail if isinstance(error, StoreUnavailable) else ""
            self.fail(f"{error.message} ({detail})" if detail and detail != error.message else error.message)
        except TraitError as error:
            self.fail(str(error))
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
        _print(sentence, sys.stdout)

    def fail(self, sentence: str) -> NoReturn:
        """Print a sentence to the standard error, and exit with status 1."""
        _print(sentence, sys.stderr)
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


def _print(sentence: str, stream: TextIO) -> None:
    """Print a sentence that may quote what others wrote. Characters that the stream can't write are escaped."""
    encoding = stream.encoding or "utf-8"
    print(printable(sentence).encode(encoding, "backslashreplace").decode(encoding), file=stream)
