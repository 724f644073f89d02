"""Letters: follows every letter of a run by its number, and with them the passages of threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from jupyter_speccollab.text import Operation
from jupyter_speccollab.text.anchor import Anchor

from .passage import Passage

REMEMBERED: Final = 1_000
"""How many letters an orphan remembers (protocol, section 14)."""

TOO_FEW: Final = 3
"""An orphan that held fewer letters looks for its quote."""

Places = Mapping[int, int]
"""Where each letter stands, by its number."""


class Letters:
    """The letters of a text from left to right. Each has a number, which it keeps for as long as it stays."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.text = ""
        self._next = 0

    def apply(self, operation: Operation) -> None:
        """Change the text."""
        numbers: list[int] = []
        pieces: list[str] = []
        done = 0
        for component in operation.components:
            if isinstance(component, str):
                numbers += range(self._next, self._next + len(component))
                pieces.append(component)
                self._next += len(component)
            elif component > 0:
                numbers += self.numbers[done : done + component]
                pieces.append(self.text[done : done + component])
                done += component
            else:
                done -= component
        self.numbers, self.text = numbers + self.numbers[done:], "".join([*pieces, self.text[done:]])


def anchors_by_letters(
    log: Sequence[Operation], passages: Mapping[str, Passage]
) -> dict[str, tuple[Anchor, ...]]:
    """The anchor of each passage, by threadId: at the version at which it was chosen, and at each one after it.

    This is the rule of the protocol as it stands there, letter by letter, without the product's arithmetic of
    positions. ``log`` holds the operations from version 1.
    """
    found = {thread_id: [Anchor(each.start, each.end)] for thread_id, each in passages.items()}
    letters = Letters()
    for base, operation in enumerate(log):
        before, text_before = letters.numbers, letters.text
        letters.apply(operation)
        places = {number: place for place, number in enumerate(letters.numbers)}
        for thread_id, passage in passages.items():
            if passage.version <= base:
                anchors = found[thread_id]
                held = text_before[anchors[-1].start : anchors[-1].end]
                anchors.append(_after(anchors[-1], held, passage.quote, before, letters, places))
    return {thread_id: tuple(anchors) for thread_id, anchors in found.items()}


def _after(
    anchor: Anchor, held: str, quote: str, before: Sequence[int], letters: Letters, places: Places
) -> Anchor:
    stay = [places[number] for number in before[anchor.start : anchor.end] if number in places]
    if stay:
        return Anchor(stay[0], stay[-1] + 1)
    wanted = anchor.letters
    if held:
        wanted = (held if len(held) >= TOO_FEW else quote)[:REMEMBERED]
    start = next(_places(reversed(before[: anchor.start]), places), -1) + 1
    end = next(_places(before[anchor.start :], places), len(letters.text))
    back = letters.text.find(wanted, start, end) if wanted else -1
    return Anchor(start, start, wanted) if back < 0 or not wanted else Anchor(back, back + len(wanted))


def _places(numbers: Sequence[int] | Iterator[int], places: Places) -> Iterator[int]:
    """The places of those letters that stay."""
    return (places[number] for number in numbers if number in places)
