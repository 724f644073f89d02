"""Names: how headings, items and rows of a text are called, and what their ids are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import category

from jupyter_speccollab.markdown.visible_text import VisibleText

_NAME: Final = re.compile(r"[A-Z][A-Z0-9]{0,15}-[0-9]{1,9}(?:[.-][0-9]+)*")
_TASK_NAME: Final = re.compile(r"[A-Z]{1,4}[0-9]{3,6}")
_NUMBERED: Final = re.compile(r"Requirement(?::|[ \t\n][0-9]+(?:[.-][0-9]+)*)")
_LAST_PART: Final = re.compile(r"[.-][0-9]+\Z")
_BETWEEN: Final = " \t\n:.)-\u2013\u2014"
_EXPLICIT: Final = re.compile(r"[ \t\n]*\{#([^{} \t\n]+)\}\Z")


@dataclass(frozen=True, slots=True)
class Name:
    """What an entry of an outline is called, and what follows.

    ``is_slug``: its id is its slug. ``explicit`` is the id that a heading gives itself by ``{#id}`` at its end.
    """

    name: str | None
    title: str
    is_slug: bool = False
    explicit: str | None = None
    slug: str = ""


def shown(heading: VisibleText) -> str:
    """The text of a heading without the id that it gives itself."""
    return _EXPLICIT.sub("", heading.text)


def heading_name(visible: VisibleText) -> Name:
    """What a heading is called."""
    explicit = _EXPLICIT.search(visible.text)
    text = visible.text[: explicit.start()] if explicit else visible.text
    name = _fitting(VisibleText(text, visible.code), _NAME)
    numbered = _NUMBERED.match(text) if name is None else None
    if numbered and _is_code(visible, numbered.end()):
        numbered = None
    called = numbered[0] if numbered else name
    return Name(
        called,
        text if called is None else _title_after(text, called),
        numbered is not None,
        explicit[1] if explicit else None,
        _slug(text),
    )


def item_name(visible: VisibleText, has_box: bool) -> Name:
    """What an item or a row is called."""
    name = _fitting(visible, _NAME)
    if name is None and has_box:
        name = _fitting(visible, _TASK_NAME)
    return Name(name, visible.text if name is None else _title_after(visible.text, name))


class HeadingIds:
    """Gives headings their ids, in the order of the text."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._followers: dict[str, int] = {}
        """For each slug the number up to which its followers are taken."""

    def of(self, name: Name) -> str:
        """The id that the heading gives itself, else its slug, or the first of its followers that is free."""
        found = name.explicit or name.slug
        if name.explicit is None and name.slug in self._taken:
            number = self._followers.get(name.slug, 1)
            while f"{name.slug}-{number}" in self._taken:
                number += 1
            self._followers[name.slug] = number
            found = f"{name.slug}-{number}"
        self._taken.add(found)
        return found


def _fitting(visible: VisibleText, expression: re.Pattern[str]) -> str | None:
    """The longest name that the text begins with."""
    match = expression.match(visible.text)
    name = match[0] if match else ""
    while name and (_goes_on(visible.text[len(name) :]) or _is_code(visible, len(name))):
        # Without its last part it may be one: `FR-1.2x` begins with `FR-1`.
        shorter = _LAST_PART.sub("", name)
        name = shorter if shorter != name and expression.fullmatch(shorter) else ""
    return name or None


def _goes_on(rest: str) -> bool:
    return bool(rest) and (rest[0] in "-_" or category(rest[0])[0] == "L" or category(rest[0]) == "Nd")


def _is_code(visible: VisibleText, length: int) -> bool:
    return any(start < length and end > start for start, end in visible.code)


def _title_after(text: str, name: str) -> str:
    return text[len(name) :].lstrip(_BETWEEN)


def _slug(text: str) -> str:
    """As GitHub makes it."""
    kept = (
        character
        for character in text.lower().replace(" ", "-")
        if character == "-" or category(character)[0] in "LM" or category(character) in ("Nd", "Pc")
    )
    return "".join(kept) or "section"
