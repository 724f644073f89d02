"""A suggestion that is accepted after others have changed the words that it is for."""

from __future__ import annotations

from collections.abc import Iterable

from jupyter_speccollab.text import Operation, word_changes

Edit = tuple[int, int, str]
"""Start and end in the text that both changes begin from, and what takes the place of that."""


def merged(quote: str, present: str, replacement: str) -> str | None:
    """What is to stand in place of ``present``; ``None`` if the suggestion is stale.

    ``quote`` is the text that the suggestion was made for, and ``replacement`` what it suggests. The change from
    the quote to ``present`` and that to ``replacement`` are merged word by word. What both change alike is changed
    once. Where they change the same words differently, or words that touch, nobody can say what is meant.

    Laws (``tests/document/test_suggestion.py``): if one side changes nothing, or both are equal, the result is the
    other side; exchanging the two sides changes nothing.
    """
    if present in (quote, replacement):
        return replacement
    edits = sorted({*word_changes(quote, present), *word_changes(quote, replacement)})
    return None if _conflict(edits) else _replaced(quote, edits)


def _conflict(edits: Iterable[Edit]) -> bool:
    """Whether two of them overlap or touch. Those of one side never do."""
    reached = -1
    for start, end, _ in edits:
        if start <= reached:
            return True
        reached = end
    return False


def _replaced(text: str, edits: Iterable[Edit]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, new in edits:
        pieces += (text[done:start], new)
        done = end
    return "".join([*pieces, text[done:]])


def still_there(operation: Operation, start: int, end: int) -> tuple[int, int] | None:
    """Where the passage ``[start, end)`` stands after ``operation``; ``None`` if that changes something in it.

    What is inserted at its edges is outside of it. An empty passage is changed by what deletes text beside it.

    Law (``tests/document/test_suggestion.py::test_a_passage_that_is_still_there_has_its_letters``).
    """
    position = shift = 0
    for component in operation.components:
        if position > end:
            break
        if isinstance(component, str):
            if start < position < end:
                return None
            if position < start or position == start < end:
                shift += len(component)
        elif component > 0:
            position += component
        else:
            until = position - component
            if start == end and position <= start <= until:
                return None
            if position < end and until > start:
                return None
            if until <= start:
                shift += component
            position = until
    return start + shift, end + shift
