"""`SpecClient`: a spec that a script, a notebook or an agent reads and writes, live."""

from __future__ import annotations

from types import TracebackType

from jupyter_speccollab.client.blocking import BlockingSpec
from jupyter_speccollab.client.threads import Threads


class SpecClient(Threads):
    """A live spec in Python. In a plain script, and in the cells of a notebook::

        with SpecClient(spec="Churn model", name="Nightly report") as spec:
            spec.append_row({"run": 7, "AUC": 0.87}, under="Results")

    and where coroutines run::

        async with SpecClient("http://localhost:8888/", token="...", spec=spec_id) as spec:
            await spec.append("| AUC | 0.87 |\n")
            async for change in spec.changes():
                print(change.version, change.user_name, len(spec.content))

    ``with`` gives a `BlockingSpec`, whose methods are those of this class without ``await``.

    Without an address it finds the server: that of the notebook it runs in, or the only one on this machine.
    ``spec`` is a specId, or the title of exactly one spec; with ``create``, a spec is created if none has that
    title. ``token`` (Jupyter's, the hub's, or a JWT) or the ``headers`` and ``cookies`` of a login identify the
    user. ``name`` is what others read at the cursor, with the user's name behind it: ``Nightly report (ada)``.

    An edit appears in `content` at once, and is sent as soon as the program awaits something. Edits made while
    the server's answer is pending are sent together. Offsets count code points from 0 in `content` at the time
    of the call: between reading `content` and ``await spec.insert(...)`` nothing can change it unless something
    else is awaited. Carriage returns become newlines.

    A lost connection is opened again, and no edit made meanwhile is lost. Leaving the context waits until the
    server has acknowledged every edit, however long that takes while it goes on answering: by default it takes
    100 operations a minute, each of 10,000 characters of JSON, so a text of a million characters takes about
    a minute. `progress` says how much is left; ``on_progress``, if given, is called with it each time it changes.
    Only after ``patience`` seconds without an answer leaving raises `Disconnected`. Edits that were not sent stay
    in `unsent` and in `content`, and ``connect()`` goes on with them.

    Every method may raise the `SpecCollabError` that ended the session: `Unauthenticated`, `Forbidden`,
    `SpecNotFound`, `TooManySessions`, `SpecFull`. An edit raises `Forbidden` if the role does not allow editing.
    """

    _blocking: BlockingSpec | None = None

    def blocking(self) -> BlockingSpec:
        """The same spec without ``async``, not connected yet: for a notebook, whose cells no ``with`` can span."""
        if self._blocking is None:
            self._blocking = BlockingSpec(self)
        return self._blocking

    def __enter__(self) -> BlockingSpec:
        return self.blocking().connect()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.blocking().__exit__(kind, error, trace)
