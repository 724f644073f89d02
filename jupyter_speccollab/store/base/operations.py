"""Operations: the log of each spec, and commits to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class FirstCommit:
    """What was committed under an operationId."""

    operation_id: str
    version: int
    user_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """A row of ``document_operations`` without its changes: who made a version, when, and under which id.

    ``folded``: a compaction has dropped the changes. Law: if a version is folded, so are all versions before it.
    """

    version: int
    operation_id: str
    user_id: str
    user_name: str
    session_id: str | None
    timestamp: datetime
    fingerprint: str
    folded: bool


class VersionTaken(Exception):
    """The document is no longer at the version that the commit is based on: another server committed first."""


class OperationIdsTaken(Exception):
    """Some operationIds of a commit are committed already; nothing of the commit was written."""

    def __init__(self, first_commits: Mapping[str, FirstCommit]) -> None:
        super().__init__(", ".join(first_commits))
        self.first_commits = first_commits


class OperationsFolded(Exception):
    """A compaction has dropped some of the requested operations; ``until`` is the newest folded version of them."""

    def __init__(self, spec_id: str, until: int) -> None:
        super().__init__(f"{spec_id} up to version {until}")
        self.until = until


class OutcomeUnknown(StoreUnavailable):
    """The connection broke during COMMIT. Look up the operationIds before the next commit to that document."""


Commit = Callable[[str, int, int, Sequence[CommittedOperation]], Awaitable[None]]
"""The signature of `OperationStore.commit`."""


class OperationStore(Protocol):
    """The ``document_operations`` table: operations by version, ascending and without a gap."""

    async def commit(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        """Append a group in one transaction: versions ``base_version + 1`` and up. It is durable on return.

        Also sets ``modified_by`` and ``modified_at`` of the spec from the user of the last operation. Raises
        `VersionTaken`, `AccessChanged`, `OperationIdsTaken` and `SpecMissing` with nothing written, and
        `OutcomeUnknown` if the group may or may not have been written. Raises ValueError if the group is empty,
        its versions have a gap, or an id occurs twice in it.
        """

    def exclusive(self, spec_id: str) -> AbstractAsyncContextManager[Commit]:
        """Keep all others from committing to the spec within this context; yields a `commit` for one group.

        For a server that loses the race for the next version again and again. A store for few servers may yield
        its ordinary `commit`. Raises `SpecMissing`.
        """

    async def operations(
        self,
        spec_id: str,
        after: int,
        until: int | None = None,
        limit: int | None = None,
        most_bytes: int | None = None,
    ) -> Sequence[CommittedOperation]:
        """Return versions in ``(after, until]``, ascending, at most ``limit``.

        At most ``most_bytes`` of changes are read, as JSON and uncompressed, but at least one version.

        Raises `OperationsFolded` if one of them is folded: the result never has a hole.
        """

    async def commits(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommitRecord]:
        """Return the same versions as `operations` without their changes; folded ones are included."""

    async def authors(self, spec_id: str, after: int, until: int) -> Mapping[str, str]:
        """Return the names, by userId, of the authors of the versions in ``(after, until]``, folded or not.

        Of an accepted suggestion, that is who suggested it.
        """

    async def first_commits(self, spec_id: str, operation_ids: Collection[str]) -> Mapping[str, FirstCommit]:
        """Return the commits of those ``operation_ids`` that were ever committed, by id."""
