"""The hunks between two versions, found in a plain and slow way: each code point is followed by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.service.history.hunks import Hunk


@dataclass(eq=False, slots=True)
class Character:
    """A code point: where it stands in the older text, if it does, and who added and who removed it."""

    text: str
    place: int | None
    added_by: str = ""
    removed_by: str = ""


@dataclass(slots=True)
class Gap:
    """What came and went in front of a character of the older text that stays, or of the end."""

    added: str = ""
    removed: str = ""
    authors: set[str] = field(default_factory=set)


def reference(old: str, operations: Sequence[CommittedOperation]) -> tuple[str, list[Hunk]]:
    """The text after ``operations``, and the hunks."""
    older = [Character(text, place) for place, text in enumerate(old)]
    present = list(older)
    for committed in operations:
        present = _after(present, committed)
    names = {committed.user_id: committed.user_name for committed in operations}
    hunks: list[Hunk] = []
    gap, start = Gap(), 0
    added = iter([*present, Character("", len(old))])
    for end in [*older, Character("", len(old))]:
        if end.removed_by:
            gap.removed += end.text
            gap.authors.add(end.removed_by)
            continue
        while (character := next(added)).place is None:
            gap.added += character.text
            gap.authors.add(character.added_by)
        assert character.place == end.place
        if gap.removed != gap.added:
            hunks.append(Hunk(start, gap.removed, gap.added, {who: names[who] for who in gap.authors}))
        assert end.place is not None
        gap, start = Gap(), end.place + 1
    return "".join(character.text for character in present), hunks


def _after(characters: list[Character], committed: CommittedOperation) -> list[Character]:
    result: list[Character] = []
    rest = iter(characters)
    for component in committed.operation.components:
        if isinstance(component, str):
            result += [Character(text, None, added_by=committed.user_id) for text in component]
            continue
        for _ in range(abs(component)):
            character = next(rest)
            if component > 0:
                result.append(character)
            else:
                character.removed_by = committed.user_id
    return [*result, *rest]
