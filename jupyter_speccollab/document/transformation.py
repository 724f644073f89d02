"""A transformation: a submission on its way from its base version to the current one."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Final

from msgspec import structs

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor, Offsets
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import OperationOutgrown
from jupyter_speccollab.text import Operation, normalise, transform, transform_chunks
from jupyter_speccollab.text.chunks import Chunk

LONG: Final = 200
"""The number of components, of two operations together, from which they are transformed in chunks."""

MOST_COMPONENTS: Final = 40_000
"""The greatest number of components that a submission may have after a transform."""


class Transformation:
    """Transforms a submission over the committed operations that follow its base version.

    This can be interrupted after any number of pieces (see `transform_chunks`). Raises `OperationOutgrown` if the
    operation grows beyond `MOST_COMPONENTS`: every server finds that at the same version, so none commits it later.

    Law (``tests/document/test_transformation.py::test_interrupting_it_changes_nothing``): the result does not
    depend on where it was interrupted.
    """

    __slots__ = ("_chunks", "_cursor", "_operation", "_running", "_submission", "components", "version")

    def __init__(self, submission: Submission) -> None:
        """``submission`` is parsed (see `Stage.parse`)."""
        assert isinstance(submission.operations, Operation)
        self._submission = submission
        self._operation = submission.operations
        self._chunks: tuple[Chunk, ...] | None = None
        self._cursor = submission.cursor
        self._running: Generator[int, None, tuple[Cursor | Offsets | None, tuple[Chunk, ...]]] | None = None
        self.components = len(self._operation.components)
        """The number of components that the submission has at `version`."""
        self.version = submission.base_version

    def copy(self) -> Transformation:
        """The same transformation, to be continued independently of this one."""
        copy = Transformation(self._submission)
        copy._operation, copy._chunks, copy._cursor = self._operation, self._chunks, self._cursor
        copy.components, copy.version = self.components, self.version
        return copy

    def over(self, committed: Iterable[CommittedOperation], pieces: float = float("inf")) -> int:
        """Transform over ``committed``, which follow `version`; stop after some ``pieces``. Returns how many."""
        read = 0
        for one in committed:
            if read >= pieces:
                break
            read += self._over(one, pieces - read)
        return read

    @property
    def submission(self) -> Submission:
        """The submission as it applies at `version`."""
        if self._chunks is not None:
            self._operation = Operation(tuple([part for chunk in self._chunks for part in chunk.components]))
            self._chunks = None
        return structs.replace(
            self._submission, base_version=self.version, operations=self._operation, cursor=self._cursor
        )

    def _over(self, committed: CommittedOperation, pieces: float) -> int:
        if self._running is None:
            against = committed.operation
            length = len(self._operation.components) + len(against.components)
            if self._chunks is None and length < LONG:
                self._over_short(against)
                self.version = committed.version
                return 1 + length // 16
            self._running = self._over_chunks(against)
        read = 0
        while read < pieces:
            try:
                read += next(self._running)
            except StopIteration as done:
                self._cursor, self._chunks = done.value
                self.components = sum([len(chunk.components) for chunk in self._chunks])
                self._running, self.version = None, committed.version
                return read + 1
        return read

    def _over_short(self, against: Operation) -> None:
        operation = self._operation
        if isinstance(self._cursor, Offsets):
            self._cursor = self._cursor.after(normalise(transform(against, operation, "right")))
        moved = transform(operation, against, "left")
        if moved is not operation:
            self._operation = normalise(moved)
            self.components = len(self._operation.components)

    def _over_chunks(
        self, against: Operation
    ) -> Generator[int, None, tuple[Cursor | Offsets | None, tuple[Chunk, ...]]]:
        mine = self._operation.chunks if self._chunks is None else self._chunks
        cursor = self._cursor
        if isinstance(cursor, Offsets):
            cursor = cursor.after_chunks((yield from transform_chunks(against.chunks, mine, "right")))
        moved = yield from transform_chunks(mine, against.chunks, "left")
        if sum([len(chunk.components) for chunk in moved]) > MOST_COMPONENTS:
            raise OperationOutgrown(
                "Others have edited this passage in too many places meanwhile, so this edit can't be merged. Read "
                "the document again, and make the edit there."
            )
        return cursor, moved
