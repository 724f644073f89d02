"""A recorded editing history, as operations."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import islice
from pathlib import Path

from jupyter_speccollab.text import Operation, compose

Patch = tuple[int, int, str]
"""Position, how many code points go, what comes."""


@dataclass(frozen=True)
class Trace:
    """From ``start`` the ``patches``, applied one after the other, lead to ``end``."""

    start: str
    end: str
    patches: Sequence[Patch]

    def operations(self, patches_each: int) -> Iterator[Operation]:
        """So many patches made one operation."""
        patches = iter(self.patches)
        while some := list(islice(patches, patches_each)):
            steps = (Operation.of(position, added, -deleted) for position, deleted, added in some)
            yield reduce(compose, steps)


@cache
def read(path: Path) -> Trace:
    """A file of ``$SPECCOLLAB_DATA/traces``."""
    recorded = json.loads(gzip.decompress(path.read_bytes()))
    patches = [tuple(patch) for entry in recorded["txns"] for patch in entry["patches"]]
    return Trace(recorded["startContent"], recorded["endContent"], patches)


@cache
def hundreds(path: Path) -> Sequence[Operation]:
    """The trace, 100 edits an operation."""
    return list(read(path).operations(100))
