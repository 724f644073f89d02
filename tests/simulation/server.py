"""A server: the real services on a disk that outlives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.sessions.polling import Polls
from jupyter_speccollab.service.specs.document_text import DocumentText
from jupyter_speccollab.service.specs.specs import Specs
from jupyter_speccollab.service.threads.mentionable import Mentionable
from jupyter_speccollab.service.threads.messages import Messages
from jupyter_speccollab.service.threads.reading import Reading
from jupyter_speccollab.service.threads.threads import Threads
from jupyter_speccollab.service.threads.writing import Writing

from .disk import Disk, DiskAccess
from .network import Network
from .process import Process
from .trace import Trace
from .verdict import Verdict

BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)

SPEC_ID: Final = "11111111-1111-4111-8111-111111111111"
"""The one spec of every run."""

ISSUER: Final = "simulated"
"""Who vouches for the users of every run."""

StoreOf = Callable[[Disk, Network, Process, Trace], DiskAccess]


class Server:
    """One server process after another under one name: `start`, `kill`, `start` again.

    ``roles`` says which users may only view.
    """

    def __init__(
        self,
        name: str,
        disk: Disk,
        network: Network,
        limits: Limits,
        verdict: Verdict,
        trace: Trace,
        store_of: StoreOf = DiskAccess,
    ) -> None:
        self.name = name
        self.disk = disk
        self.network = network
        self.limits = limits
        self.verdict = verdict
        self.trace = trace
        self._store_of = store_of
        self.process: Process | None = None

    @property
    def is_up(self) -> bool:
        """Whether it takes connections."""
        return self.process is not None and self.process.alive

    @property
    def live(self) -> LiveDocument | None:
        """The document, if this process has it open."""
        return self.documents.live(SPEC_ID)

    @property
    def version(self) -> int | None:
        """The version that its document has reached, if it has it open."""
        return None if self.live is None else self.live.document.version

    def start(self) -> None:
        """Start a process that knows only what the disk holds."""
        self.process = Process(self.network.loop, self.name)
        self.process.call(self._build, self.process)
        self.trace.note(self.name, "start")

    def kill(self) -> None:
        """End the process in the middle of whatever it does."""
        assert self.process is not None
        self.trace.note(self.name, "kill")
        self.process.kill()

    def stop(self, stopped: Callable[[], object]) -> None:
        """Shut down as Jupyter does it; ``stopped`` is called when that is done, for the process to be ended."""
        assert self.process is not None
        self.trace.note(self.name, "stop")
        self.process.spawn(self._close(stopped))

    def clock(self) -> datetime:
        """The time of day."""
        return BEGINNING + timedelta(seconds=self.network.loop.time())

    async def _close(self, stopped: Callable[[], object]) -> None:
        await self.documents.close()
        self.network.later(0.0, stopped)

    def _build(self, process: Process) -> None:
        self.store = self._store_of(self.disk, self.network, process, self.trace)
        access = Access(self.store, Role.OWNER)
        self.documents = Documents(self.store, self.limits, access, self.clock, self.network.loop.time)
        self.contents = DocumentText(self.documents, access)
        self.specs = Specs(self.documents, access)
        self.polls = Polls(self.documents)
        writing = Writing(self.documents, access, Mentionable(self.store, access, ISSUER, None))
        self.threads = Threads(writing)
        self.messages = Messages(writing)
        self.reading = Reading(self.documents, access)

    def ask(self) -> None:
        """Somebody asks for something: a process begins its rounds with that."""
        assert self.process is not None
        self.process.spawn(self.documents.ready())

    async def admit(self, user: User, spec_id: str) -> None:
        """What every request begins with. Raises `SpecNotFound`, `StoreUnavailable`."""
        await self.documents.save_user(user)
        await self.specs.get(Caller(user), spec_id)
