"""A queued submission: a submission that waits for its commit, and its outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.transformation import Transformation
from jupyter_speccollab.errors import OperationIdReused, SpecCollabError
from jupyter_speccollab.store.base import FirstCommit
from jupyter_speccollab.text import Operation

FAULT: Final = "The server could not take this edit. It is kept in your browser; try again."

logger = logging.getLogger(__name__)


class Accepted(Struct, frozen=True):
    """The submission is in the log as ``version``. ``repeat``: it had been committed earlier."""

    version: int
    repeat: bool = False


class Refused(Struct, frozen=True):
    """The submission was not committed. With `StoreUnavailable` it may have been committed."""

    error: SpecCollabError


Outcome = Accepted | Refused


class Measured(Struct, frozen=True):
    """By how much the operations from a submission's base version to ``version`` have changed the length."""

    version: int
    change: int


class Together(Protocol):
    """What has to be written in one transaction with a submission, which then is in no group with others."""

    def check(self, since: Sequence[CommittedOperation]) -> None:
        """Check that it can be written after these operations, which follow the submission's base version.

        Raises `SpecCollabError` if not.
        """

    async def commit(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        """Commit the one operation, and what belongs to it; as `OperationStore.commit`. Raises `ThreadsChanged`."""


class QueuedSubmission:
    """A submission in the queue. ``on_outcome`` is called once, with its outcome.

    ``caller`` must have the role ``least`` at the moment of the commit. If ``refusal`` is set, the submission is
    refused with it, unless it turns out to be a repeat. ``is_repeat``: another server had committed it. ``drafts``
    is how many drafts had come from its session before it. ``together`` is what is written with it.

    ``transformation`` holds how far it was already transformed, ``measured`` how far the length of its text is
    known, and ``log`` the operations that were read for these.
    """

    __slots__ = (
        "_on_outcome",
        "caller",
        "drafts",
        "is_repeat",
        "least",
        "log",
        "measured",
        "outcome",
        "refusal",
        "submission",
        "together",
        "transformation",
    )

    def __init__(
        self,
        submission: Submission,
        caller: Caller,
        on_outcome: Callable[[Outcome], None],
        refusal: SpecCollabError | None = None,
        least: Role = Role.CONTRIBUTOR,
        drafts: int = 0,
        together: Together | None = None,
    ) -> None:
        self.submission = submission
        self.caller = caller
        self.drafts = drafts
        self.least = least
        self.refusal = refusal
        self.outcome: Outcome | None = None
        self.transformation: Transformation | None = None
        self.log: Sequence[CommittedOperation] = ()
        self.measured: Measured | None = None
        self.is_repeat = False
        self.together = together
        self._on_outcome = on_outcome

    @property
    def author(self) -> str:
        """The key of its line in the queue: its session, or its user if it comes from no session."""
        return self.submission.session_id or self.submission.user.user_id

    @property
    def version(self) -> int:
        """The version up to which the submission is transformed."""
        return self.submission.base_version if self.transformation is None else self.transformation.version

    @property
    def components(self) -> int:
        """The number of components of the submission at `version`."""
        if self.transformation is not None:
            return self.transformation.components
        operations = self.submission.operations
        if isinstance(operations, Operation):
            return len(operations.components)
        return len(operations) if isinstance(operations, list) else 0

    def answer(self, outcome: Outcome) -> None:
        """Set and report the outcome. Later calls do nothing."""
        if self.outcome is not None:
            return
        self.outcome = outcome
        try:
            self._on_outcome(outcome)
        except Exception:
            logger.exception("the outcome of operation %s could not be sent", self.submission.operation_id)

    def repeats(self, first: FirstCommit | CommittedOperation) -> bool:
        """Whether ``first``, committed under the same id, is this very submission."""
        submission = self.submission
        return first.user_id == submission.user.user_id and first.fingerprint == submission.fingerprint

    def answer_as_known(self, first: FirstCommit) -> None:
        """Report the outcome of a submission whose id was already used by ``first``."""
        if self.repeats(first):
            self.answer(Accepted(first.version, repeat=True))
            return
        self.answer(
            Refused(
                OperationIdReused(
                    f"Another operation was committed under this id, as version {first.version}. "
                    "Ask for a sync with content and send your edit under a new id.",
                    version=first.version,
                )
            )
        )


async def accepted(
    submit: Callable[[QueuedSubmission], None],
    submission: Submission,
    caller: Caller,
    least: Role,
    together: Together | None = None,
) -> Accepted:
    """Submit, and wait for the outcome. Raises the reason of a refusal."""
    done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def on_outcome(outcome: Outcome) -> None:
        if not done.cancelled():
            done.set_result(outcome)

    submit(QueuedSubmission(submission, caller, on_outcome, least=least, together=together))
    outcome = await done
    if isinstance(outcome, Accepted):
        return outcome
    raise outcome.error


def answer_known(
    group: Sequence[QueuedSubmission], known: Mapping[str, FirstCommit]
) -> list[QueuedSubmission]:
    """Answer the submissions whose ids are known to be taken; returns the others."""
    rest = []
    for queued in group:
        first = known.get(queued.submission.operation_id)
        if first is None:
            rest.append(queued)
        else:
            queued.answer_as_known(first)
    return rest


def refuse(group: Iterable[QueuedSubmission], error: SpecCollabError) -> None:
    """Refuse all of them."""
    for queued in group:
        queued.answer(Refused(error))
