"""A document: the live text of one spec, and how it advances from version to version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, structs

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor, Offsets
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.transformation import Transformation
from jupyter_speccollab.document.window import Window
from jupyter_speccollab.errors import DocumentTooLarge, InvalidOperation, VersionConflict
from jupyter_speccollab.text import Operation, Text, from_wire, to_stored


class Document:
    """Text, version and recent history of one spec.

    Only `advance` changes it, with operations that the store has committed. Operations that are not committed
    yet are transformed on a `Stage`, which is discarded if the commit fails.
    """

    def __init__(self, spec_id: str, epoch: str, version: int, text: Text) -> None:
        self.spec_id = spec_id
        self.epoch = epoch
        self.version = version
        self.text = text
        self.window = Window(version, text)

    def advance(self, committed: CommittedOperation, text: Text) -> None:
        """Move to the next committed version, whose text is ``text``."""
        self.version = committed.version
        self.text = text
        self.window.append(committed, text)

    def cursor_at(self, cursor: Cursor, version: int) -> Cursor:
        """The position, in the current text, of a ``cursor`` from an earlier ``version``."""
        return self.offsets_of(cursor, version).cursor(self.text)

    def offsets_of(self, cursor: Cursor, version: int) -> Offsets:
        """As `cursor_at`; if the text of ``version`` is no longer kept, ``cursor`` is read in the current text."""
        text = self.window.text_at(version)
        return cursor.offsets(self.text) if text is None else self.moved(cursor.offsets(text), version)

    def moved(self, offsets: Offsets, version: int) -> Offsets:
        """``offsets`` from an earlier ``version``, moved by the operations since; unchanged if these are gone."""
        for committed in self.window.since(version) or ():
            offsets = offsets.after(committed.operation)
        return offsets


class Staged(Struct, frozen=True):
    """A submission ready to commit: transformed, with the text after it and the author's cursor in that text."""

    committed: CommittedOperation
    text: Text
    cursor: Cursor | None


class Stage:
    """Submissions transformed one after the other onto a document, not yet committed.

    ``longest`` is the greatest length of the text, in code points. A submission from before the document's window
    has to be transformed up to it before (see `Transformation`).

    Law: staging a group and advancing over it ends in the same text as committing its members one by one
    (``tests/document/test_document.py``).
    """

    def __init__(self, document: Document, longest: int) -> None:
        self._document = document
        self._longest = longest
        self.staged: list[Staged] = []
        self.version = document.version
        self.text = document.text

    def parse(self, submission: Submission, base_length: int | None = None) -> Submission:
        """``submission`` with parsed operations, and its cursor as `Offsets` where possible. Raises as `transform`.

        ``base_length`` is the length of the text at its base version, if that is older than the window.
        """
        if base_length is None:
            self._reaches(submission.base_version)
            base_length = self._length_at(submission.base_version)
        operation = _read(submission, base_length)
        cursor = self._cursor_after(submission, operation)
        return structs.replace(submission, operations=operation, cursor=cursor)

    def transform(self, submission: Submission, transformation: Transformation | None = None) -> Submission:
        """Transform ``submission`` over everything since its base, to the text of this stage.

        ``transformation`` holds how far it was transformed before; it is not changed. Raises `VersionConflict` (a
        base ahead, or before the window), `InvalidOperation`, `InvalidContent`, `DocumentTooLarge`; the stage
        stays as it is.
        """
        if submission.exact and submission.base_version != self.version:
            raise self._conflict(f"The document has gone on from version {submission.base_version}.")
        at = submission.base_version if transformation is None else transformation.version
        since = self.since(at)
        if transformation is None:
            arrived = self.parse(submission)
            if since:
                transformation = Transformation(arrived)
        else:
            transformation = transformation.copy()
        if transformation is not None:
            transformation.over(since)
            arrived = transformation.submission
        operation = arrived.operations
        assert isinstance(operation, Operation)
        if 0 < operation.length_change > self._longest - len(self.text):
            raise DocumentTooLarge(
                f"A document may hold {self._longest:,} characters; this edit would make it longer. "
                "Split the spec in two, or shorten it first."
            )
        return arrived

    def take(self, submission: Submission, timestamp: datetime) -> Staged:
        """Take a submission, as `transform` returned it last, as the next version."""
        operation = submission.operations
        assert isinstance(operation, Operation)
        text = self.text.apply(operation)
        suggested = submission.suggested
        committed = CommittedOperation(
            version=self.version + 1,
            operation_id=submission.operation_id,
            user_id=submission.user.user_id,
            user_name=submission.user.shown,
            session_id=submission.session_id,
            operation=operation,
            components=to_stored(operation, self.text),
            timestamp=timestamp,
            fingerprint=submission.fingerprint,
            author_id=suggested.author_id if suggested else None,
            author_name=suggested.author_name if suggested else None,
            thread_id=suggested.thread_id if suggested else None,
        )
        offsets = submission.cursor
        if isinstance(offsets, Cursor):
            offsets = offsets.offsets(text)  # the text at its base version is not kept any more
        cursor = None if offsets is None else offsets.cursor(text)
        staged = Staged(committed, text, cursor)
        self.staged.append(staged)
        self.version, self.text = committed.version, text
        return staged

    def since(self, version: int) -> Sequence[CommittedOperation]:
        """All operations after ``version``, from the window and this stage. Raises `VersionConflict`."""
        self._reaches(version)
        if version == self.version:
            return ()
        behind = self._document.version - version
        staged = [staged.committed for staged in self.staged[max(0, -behind) :]]
        if behind <= 0:
            return staged
        recent = self._document.window.since(version)
        assert recent is not None
        return [*recent, *staged] if staged else recent

    def _reaches(self, version: int) -> None:
        if version > self.version:
            raise self._conflict(f"Version {version} is ahead of the document.")
        if version < self._document.window.start:
            raise self._conflict(f"Version {version} is too far behind the document.")

    def _length_at(self, version: int) -> int:
        if version >= self._document.version:
            text = self._text_at(version)
            assert text is not None
            return len(text)
        return self._document.window.length_at(version)

    def _conflict(self, reason: str) -> VersionConflict:
        current = self._document.version
        return VersionConflict(
            f"{reason} It is at version {current}: read it again, and save onto that.", currentVersion=current
        )

    def _cursor_after(self, submission: Submission, operation: Operation) -> Cursor | Offsets | None:
        """The submission's cursor in the text that its author saw; as it came, if that text is not kept."""
        cursor = submission.cursor
        if not isinstance(cursor, Cursor):
            return cursor
        text = self._text_at(submission.base_version)
        return cursor if text is None else cursor.offsets(text.apply(operation))

    def _text_at(self, version: int) -> Text | None:
        if version == self.version:
            return self.text
        if version > self._document.version:
            return self.staged[version - self._document.version - 1].text
        return self._document.window.text_at(version)


def _read(submission: Submission, base_length: int) -> Operation:
    operations = submission.operations
    if isinstance(operations, Operation):
        return operations
    if not isinstance(operations, list):
        raise InvalidOperation("operations must be a list of components.")
    return from_wire(operations, base_length)
