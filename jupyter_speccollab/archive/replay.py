"""A history replayed: whether the operations and revisions of a spec agree with one another."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from jupyter_speccollab.archive.flaw import Flaw
from jupyter_speccollab.store.base import LoggedOperation, Snapshot
from jupyter_speccollab.text import Change, Text, operation_of


class Replay:
    """Takes operations and revisions in the order of versions, and raises `Flaw` at the first that is wrong.

    Law: a history that passes has versions without a gap from 1, each of its operations fits the text before it
    and says what it removed there, each revision is the text of its version, and the last text is known
    (``tests/archive/test_replay.py``). Folded operations, which come first, leave the text unknown until the next
    revision; that may come later than the last of them, where a compaction was interrupted.
    """

    def __init__(self) -> None:
        self.version = 0
        self._text: Text | None = Text.of("")
        self._folded = self._revision = -1

    def operate(self, row: LoggedOperation) -> None:
        """The operation that makes the next version."""
        if row.version != self.version + 1:
            raise Flaw(f"version {row.version:,} stands where version {self.version + 1:,} belongs")
        if row.changes is None:
            if self.version > max(self._folded, 0):
                raise Flaw(f"version {row.version:,} is folded, but version {self.version:,} is not")
            self._folded, self._text = row.version, None
        else:
            _check_form(row.changes)
            if self._text is not None:
                _check_fit(row.changes, self._text)
                self._text = self._text.apply(operation_of(row.changes))
        self.version = row.version

    def revise(self, snapshot: Snapshot) -> None:
        """A revision of the present version."""
        if snapshot.version != self.version or snapshot.version == self._revision:
            raise Flaw(f"a revision of version {snapshot.version:,} stands at version {self.version:,}")
        content = snapshot.content or ""
        if hash_of(content) != snapshot.content_hash:
            raise Flaw(f"the text of revision {snapshot.version:,} does not match its hash")
        if self._text is None:
            self._text = Text.of(content)
        elif str(self._text) != content:
            raise Flaw(f"revision {snapshot.version:,} is not the text that its operations make")
        self._revision = snapshot.version

    def end(self, version: int) -> str:
        """The hash of the text at ``version``, which is the last."""
        if self.version != version:
            raise Flaw(f"the history ends at version {self.version:,}, not at {version:,}")
        if self._text is None:
            raise Flaw(f"no revision holds the text of version {version:,}")
        return hash_of(str(self._text))


def hash_of(content: str) -> str:
    """The hex SHA-256 of the text's UTF-8."""
    return sha256(content.encode()).hexdigest()


def _check_form(changes: Sequence[Change]) -> None:
    """They are in normal form: descending, something stays between two, none is empty."""
    above: int | None = None
    for position, removed, added in changes:
        touches = above is not None and position + len(removed) >= above
        if position < 0 or touches or not (removed or added):
            raise Flaw("the changes of an operation are not in normal form")
        above = position


def _check_fit(changes: Sequence[Change], text: Text) -> None:
    """What they remove stands in ``text``, and none lies beyond it."""
    for position, removed, _ in changes:
        end = position + len(removed)
        if end > len(text) or text.slice(position, end) != removed:
            raise Flaw("an operation does not fit the text before it")
