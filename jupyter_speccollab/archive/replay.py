"""Replaying a history, to check that the operations and revisions of a spec agree."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import sha256

from jupyter_speccollab.archive.flaw import Flaw
from jupyter_speccollab.store.base import LoggedOperation, Snapshot, StoredAttribution
from jupyter_speccollab.text import Attribution, BadAttribution, Change, Text, operation_of


class Replay:
    """Takes operations and revisions in the order of versions, and raises `Flaw` at the first wrong one.

    Law: in a history that passes, versions go from 1 without a gap, each operation fits the text before it and
    names the text that it removes, each revision is the text of its version, and the last text is known
    (``tests/archive/test_replay.py``). Folded operations come first and leave the text unknown until the next
    revision. After an interrupted compaction, there may be unfolded operations before that revision. Anchors lie in
    the texts of their versions.
    """

    def __init__(self, document_length: int | None = None) -> None:
        """``document_length`` is the greatest length of a text, in code points; ``None``: any length."""
        self._longest = sys.maxsize if document_length is None else document_length
        self.version = 0
        self._text: Text | None = Text.of("")
        self._folded = self._revision = -1
        self._anchored: dict[int, int] = {}

    def anchor(self, version: int, end: int) -> None:
        """Expect the text of ``version``, which is not reached yet, to be known and at least ``end`` long."""
        self._anchored[version] = max(end, self._anchored.get(version, 0))

    def operate(self, row: LoggedOperation) -> None:
        """Take the operation that makes the next version."""
        if row.version != self.version + 1:
            raise Flaw(f"version {row.version:,} is where version {self.version + 1:,} should be")
        self._check_anchors()
        if row.changes is None:
            if self.version > max(self._folded, 0):
                raise Flaw(f"version {row.version:,} is folded, but version {self.version:,} is not")
            self._folded, self._text = row.version, None
        else:
            _check_form(row.changes)
            added = sum(len(change[2]) for change in row.changes)
            if self._text is None:
                self._check_length(added)
            else:
                _check_fit(row.changes, self._text)
                self._check_length(len(self._text) + added - sum(len(change[1]) for change in row.changes))
                self._text = self._text.apply(operation_of(row.changes))
        self.version = row.version

    def revise(self, snapshot: Snapshot) -> None:
        """Take a revision of the current version."""
        if snapshot.version != self.version or snapshot.version == self._revision:
            raise Flaw(f"a revision of version {snapshot.version:,} is at version {self.version:,}")
        content = snapshot.content or ""
        self._check_length(len(content))
        if hash_of(content) != snapshot.content_hash:
            raise Flaw(f"the text of revision {snapshot.version:,} does not match its hash")
        if self._text is None:
            self._text = Text.of(content)
        elif str(self._text) != content:
            raise Flaw(f"revision {snapshot.version:,} is not the text that its operations make")
        self._revision = snapshot.version

    def attribute(self, attribution: StoredAttribution) -> None:
        """Take the attribution of the revision that was taken last."""
        if attribution.version != self._revision or self._text is None:
            raise Flaw(f"an attribution of version {attribution.version:,} follows no revision of it")
        try:
            versions = Attribution.from_bytes(attribution.runs, len(self._text)).versions
        except BadAttribution as error:
            raise Flaw(str(error).rstrip(".").replace("The", "the", 1)) from error
        if max(versions, default=0) > attribution.version:
            raise Flaw(f"the attribution of version {attribution.version:,} names a later version")

    @property
    def is_folded(self) -> bool:
        """Whether operations were folded, so that attributions do not follow from the operations alone."""
        return self._folded > 0

    def _check_anchors(self) -> None:
        """Check what was expected of the text that is now complete, with its revision."""
        if self._anchored and (end := self._anchored.pop(self.version, None)) is not None:
            if self._text is None:
                raise Flaw(f"a comment or suggestion is on version {self.version:,}, which was folded away")
            if end > len(self._text):
                raise Flaw(f"a comment or suggestion is on no range of the text of version {self.version:,}")

    def _check_length(self, length: int) -> None:
        if length > self._longest:
            raise Flaw(
                f"its text has {length:,} characters, and documents here may have {self._longest:,} "
                "(SpecCollabApp.document_length)"
            )

    def end(self, version: int) -> str:
        """Return the hash of the text at ``version``, which must be the last one."""
        self._check_anchors()
        if self.version != version:
            raise Flaw(f"the history ends at version {self.version:,}, not at {version:,}")
        if self._text is None:
            raise Flaw(f"no revision holds the text of version {version:,}")
        return hash_of(str(self._text))


def hash_of(content: str) -> str:
    """Return the hex SHA-256 of the UTF-8 of the text."""
    return sha256(content.encode()).hexdigest()


def _check_form(changes: Sequence[Change]) -> None:
    """Raises `Flaw` unless the changes are in normal form: descending, not adjacent, and none is empty."""
    above: int | None = None
    for position, removed, added in changes:
        touches = above is not None and position + len(removed) >= above
        if position < 0 or touches or not (removed or added):
            raise Flaw("the changes of an operation are not in normal form")
        above = position


def _check_fit(changes: Sequence[Change], text: Text) -> None:
    """Raises `Flaw` unless ``text`` contains what the changes remove, at their positions."""
    for position, removed, _ in changes:
        end = position + len(removed)
        if end > len(text) or text.slice(position, end) != removed:
            raise Flaw("an operation does not fit the text before it")
