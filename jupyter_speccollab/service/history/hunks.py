"""Hunks: the changed parts between two versions of a text, with their authors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import CommitRecord
from jupyter_speccollab.text import Text, diff, pack, to_stored


@dataclass(slots=True)
class Hunk:
    """A changed part at ``position`` of the older text. ``authors`` are the names of its authors by userId."""

    position: int
    removed: str
    added: str
    authors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the text: either copied from the offset ``origin`` of the older text, or added by ``author``."""

    length: int
    origin: int | None
    author: tuple[str, str] | None = None

    def split(self, at: int) -> tuple[_Piece, _Piece]:
        origin = None if self.origin is None else self.origin + at
        return (
            _Piece(at, self.origin, self.author),
            _Piece(self.length - at, origin, self.author),
        )


def hunks(old: Text, new: Text, operations: Iterable[CommittedOperation]) -> list[Hunk]:
    """The changes that ``operations`` made from ``old`` to ``new``, with their authors.

    Text that was added and then removed again is ignored. Positions are in code points of ``old``.
    """
    pieces = [_Piece(len(old), 0)] if len(old) else []
    removals: list[tuple[int, int, tuple[str, str]]] = []
    for committed in operations:
        pieces = _after(pieces, committed, removals)
    found = [hunk for hunk in _stretches(old, new, pieces) if hunk.removed != hunk.added]
    for hunk in found:
        end = hunk.position + len(hunk.removed)
        for start, stop, author in removals:
            if start < end and stop > hunk.position:
                hunk.authors[author[0]] = author[1]
    return found


def hunks_without_steps(old: Text, new: Text, commits: Iterable[CommitRecord]) -> list[Hunk]:
    """As `hunks`, for operations that were folded: each hunk names all authors of ``commits``."""
    authors = {commit.user_id: commit.user_name for commit in commits}
    changes = pack(to_stored(diff(str(old), str(new)), old))
    return [Hunk(position, removed, added, dict(authors)) for position, removed, added in reversed(changes)]


def _after(
    pieces: list[_Piece], committed: CommittedOperation, removals: list[tuple[int, int, tuple[str, str]]]
) -> list[_Piece]:
    """The pieces after one more operation. Ranges of the old text that it removed are added to ``removals``."""
    author = (committed.user_id, committed.user_name)
    rest = list(reversed(pieces))
    result: list[_Piece] = []
    for component in committed.operation.components:
        if isinstance(component, str):
            result.append(_Piece(len(component), None, author))
            continue
        for piece in _take(rest, abs(component)):
            if component > 0:
                result.append(piece)
            elif piece.origin is not None:
                removals.append((piece.origin, piece.origin + piece.length, author))
    return result + rest[::-1]


def _take(rest: list[_Piece], length: int) -> Iterator[_Piece]:
    """Take ``length`` code points from the end of ``rest``, which holds the pieces in reverse order."""
    while length > 0:
        piece = rest.pop()
        if piece.length > length:
            piece, remainder = piece.split(length)
            rest.append(remainder)
        length -= piece.length
        yield piece


def _stretches(old: Text, new: Text, pieces: list[_Piece]) -> Iterator[Hunk]:
    """A hunk for every gap between two remaining pieces of the old text."""
    before = after = 0
    authors: dict[str, str] = {}
    start = 0
    for piece in [*pieces, _Piece(0, len(old))]:
        if piece.origin is None:
            if piece.author:
                authors[piece.author[0]] = piece.author[1]
            after += piece.length
            continue
        if piece.origin > before or after > start:
            yield Hunk(before, old.slice(before, piece.origin), new.slice(start, after), authors)
            authors = {}
        before = piece.origin + piece.length
        after += piece.length
        start = after
