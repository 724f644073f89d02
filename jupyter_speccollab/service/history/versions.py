"""History: the text of any version, and who wrote what between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.errors import RevisionNotFound
from jupyter_speccollab.store.base import CommitRecord, OperationsFolded, Store
from jupyter_speccollab.text import Text, diff, pack, to_stored


async def text_at(store: Store, document: Document, version: int) -> Text:
    """The text of any version ever committed: from memory, else from the nearest snapshot below and the log.

    Raises `RevisionNotFound` for a version that never was, and for one that was folded away: ``details.nearest`` is
    then the nearest one that can be read.
    """
    if not 0 <= version <= document.version:
        raise RevisionNotFound(f"There is no version {version}; the document has 0 to {document.version}.")
    kept = document.window.text_at(version)
    if kept is not None:
        return kept
    for _ in range(2):  # once more, since a compaction may come between the snapshot and the log
        with suppress(OperationsFolded):
            return await _rebuilt(store, document.spec_id, version)
    raise await _folded_away(store, document.spec_id, version)


async def _rebuilt(store: Store, spec_id: str, version: int) -> Text:
    snapshot = await store.snapshot(spec_id, at=version)
    text = Text.of((snapshot and snapshot.content) or "")
    start = snapshot.version if snapshot else 0
    if start < version:
        for committed in await store.operations(spec_id, after=start, until=version):
            text = text.apply(committed.operation)
    return text


async def _folded_away(store: Store, spec_id: str, version: int) -> RevisionNotFound:
    nearest = await store.nearest_snapshot(spec_id, version)
    return RevisionNotFound(
        f"The text of version {version} was folded away to save space. The nearest that can be read is version "
        f"{nearest}.",
        nearest=nearest,
    )


@dataclass(slots=True)
class Hunk:
    """A stretch that changed: at ``position`` of the older text, with who removed and who added."""

    position: int
    removed: str
    added: str
    authors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text: of the older one from ``origin``, or added by an author."""

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
    """What ``operations`` changed from ``old`` to ``new``, each stretch with its authors.

    Text that somebody added and somebody removed again in between does not count. ``position`` is in code
    points of ``old``.
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
    """As `hunks`, where the steps were folded: each stretch names everybody who wrote in between."""
    authors = {commit.user_id: commit.user_name for commit in commits}
    changes = pack(to_stored(diff(str(old), str(new)), old))
    return [Hunk(position, removed, added, dict(authors)) for position, removed, added in reversed(changes)]


def _after(
    pieces: list[_Piece], committed: CommittedOperation, removals: list[tuple[int, int, tuple[str, str]]]
) -> list[_Piece]:
    """The pieces after one more operation; what it removed of the old text is added to ``removals``."""
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
    """The next ``length`` code points of ``rest``, which holds its pieces in reverse."""
    while length > 0:
        piece = rest.pop()
        if piece.length > length:
            piece, remainder = piece.split(length)
            rest.append(remainder)
        length -= piece.length
        yield piece


def _stretches(old: Text, new: Text, pieces: list[_Piece]) -> Iterator[Hunk]:
    """A hunk for every stretch between two surviving pieces of the old text."""
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
