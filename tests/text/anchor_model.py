"""Anchors letter by letter: each letter has a number, and an anchor is found by the numbers of its letters."""

from __future__ import annotations

from jupyter_speccollab.text import Operation
from jupyter_speccollab.text.anchor import Anchor

from .strategies import meaning_of


class NumberedText:
    """A text in which each letter has a number, which it keeps while it is there."""

    def __init__(self, text: str) -> None:
        self.letters = list(enumerate(text))
        self._next = len(text)

    def __str__(self) -> str:
        return "".join(letter for _, letter in self.letters)

    def apply(self, operation: Operation) -> list[tuple[int, str]]:
        """Change the text; return the letters as they were before."""
        before = self.letters
        inserted, deleted = meaning_of(operation, len(before))
        self.letters = []
        for position in range(len(before) + 1):
            for letter in inserted.get(position, ""):
                self.letters.append((self._next, letter))
                self._next += 1
            if position < len(before) and position not in deleted:
                self.letters.append(before[position])
        return before


def followed(
    anchor: Anchor, quote: str, before: list[tuple[int, str]], after: list[tuple[int, str]]
) -> Anchor:
    """The anchor after an operation between these two states of a text."""
    places = {number: place for place, (number, _) in enumerate(after)}
    held = before[anchor.start : anchor.end]
    stays = [places[number] for number, _ in held if number in places]
    if stays:
        return Anchor(stays[0], stays[-1] + 1)
    letters = anchor.letters
    if held:
        letters = "".join(letter for _, letter in held)[:1000] if len(held) >= 3 else quote[:1000]
    left = [places[number] for number, _ in before[: anchor.start] if number in places]
    right = [places[number] for number, _ in before[anchor.start :] if number in places]
    start = left[-1] + 1 if left else 0
    end = right[0] if right else len(after)
    inserted = "".join(letter for _, letter in after[start:end])
    if letters and letters in inserted:
        start += inserted.index(letters)
        return Anchor(start, start + len(letters))
    return Anchor(start, start, letters)
