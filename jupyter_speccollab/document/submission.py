"""A submission: an operation that a client sent to be committed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor, Offsets
from jupyter_speccollab.document.user import User
from jupyter_speccollab.text import Operation, normalise, transform


class Submission(Struct, frozen=True):
    """An operation on the text of ``base_version``.

    ``operations`` is a wire list as it came in, or an `Operation`. ``fingerprint`` tells a repeat from a reuse of
    the id. ``session_id`` is ``None`` if no session sent it. ``cursor`` holds after the operation; it is
    `Offsets` once the text at ``base_version`` was at hand to count them in. ``exact``: refuse the operation,
    rather than transform it, if ``base_version`` is no longer the current version.
    """

    operation_id: str
    user: User
    base_version: int
    operations: object
    fingerprint: str
    session_id: str | None = None
    cursor: Cursor | Offsets | None = None
    exact: bool = False

    def over(self, committed: Sequence[CommittedOperation]) -> Submission:
        """The same submission, transformed over the operations that follow ``base_version``.

        ``operations`` must be an `Operation` (see `Stage.parse`). Law
        (``tests/document/test_document.py::test_transforming_in_slices_gives_the_same_result``): transforming in
        several steps gives the same operation and cursor as transforming at once.
        """
        if not committed:
            return self
        operation, cursor, version = self.operations, self.cursor, self.base_version
        assert isinstance(operation, Operation)
        for one in committed:
            if isinstance(cursor, Offsets):
                cursor = cursor.after(normalise(transform(one.operation, operation, "right")))
            moved = transform(operation, one.operation, "left")
            if moved is not operation:
                operation = normalise(moved)
            version = one.version
        return Submission(
            self.operation_id,
            self.user,
            version,
            operation,
            self.fingerprint,
            self.session_id,
            cursor,
            self.exact,
        )
