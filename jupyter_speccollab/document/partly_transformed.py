"""An approach: a submission on its way to the present, one committed operation after the other."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Offsets
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.text import Operation, normalise, transform


class PartlyTransformed(Struct, frozen=True):
    """A submission as it reads on ``version``, which is not its own base any more: a value, replaced by `over`.

    ``offsets`` is its author's cursor after it. Law (``tests/document/test_document.py``): taken in steps of
    whatever size, the way ends in the same operation and cursor.
    """

    submission: Submission
    operation: Operation
    offsets: Offsets | None
    version: int

    def over(self, committed: Iterable[CommittedOperation]) -> PartlyTransformed:
        """Brought over the operations that follow ``version``."""
        operation, offsets, version = self.operation, self.offsets, self.version
        for one in committed:
            if offsets is not None:
                offsets = offsets.after(normalise(transform(one.operation, operation, "right")))
            moved = transform(operation, one.operation, "left")
            if moved is not operation:
                operation = normalise(moved)
            version = one.version
        return PartlyTransformed(self.submission, operation, offsets, version)
