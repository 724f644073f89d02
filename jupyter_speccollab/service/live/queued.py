"""An entry: a submission on its way into the log, and what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from msgspec import Struct

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.partly_transformed import PartlyTransformed
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import OperationIdReused, SpecCollabError
from jupyter_speccollab.store.base import FirstCommit

logger = logging.getLogger(__name__)


class Accepted(Struct, frozen=True):
    """The submission is in the log as ``version``; ``repeat``: it had been before."""

    version: int
    repeat: bool = False


class Refused(Struct, frozen=True):
    """The submission was not committed (or, for `StoreUnavailable`, nobody knows)."""

    error: SpecCollabError


Outcome = Accepted | Refused


class QueuedSubmission:
    """A submission in the queue; ``told`` hears its outcome, once.

    It takes ``caller`` the role ``least`` at the moment of the commit. ``refusal`` is set for what is to be
    refused unless it turns out to be a repeat; ``approach`` is how far the submission has been brought already,
    over what was committed since its base.
    """

    __slots__ = ("_told", "approach", "caller", "least", "outcome", "refusal", "submission")

    def __init__(
        self,
        submission: Submission,
        caller: Caller,
        told: Callable[[Outcome], None],
        refusal: SpecCollabError | None = None,
        least: Role = Role.CONTRIBUTOR,
    ) -> None:
        self.submission = submission
        self.caller = caller
        self.least = least
        self.refusal = refusal
        self.outcome: Outcome | None = None
        self.approach: PartlyTransformed | None = None
        self._told = told

    @property
    def author(self) -> str:
        """Whose turn it takes: its session's, or, if it comes from none, its user's."""
        return self.submission.session_id or self.submission.user.user_id

    @property
    def version(self) -> int:
        """The version on which the submission reads as it stands."""
        return self.submission.base_version if self.approach is None else self.approach.version

    def answer(self, outcome: Outcome) -> None:
        """Tell the outcome; the first one stands."""
        if self.outcome is not None:
            return
        self.outcome = outcome
        try:
            self._told(outcome)
        except Exception:
            logger.exception("the outcome of operation %s could not be told", self.submission.operation_id)

    def repeats(self, first: FirstCommit | CommittedOperation) -> bool:
        """Whether what was committed under the submission's id is this very submission."""
        submission = self.submission
        return first.user_id == submission.user.user_id and first.fingerprint == submission.fingerprint

    def answer_as_known(self, first: FirstCommit) -> None:
        """Tell the outcome of a submission whose id is taken by ``first``."""
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
