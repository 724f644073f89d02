"""Front matter: the YAML mapping at the beginning of a spec, between two lines ``---``.

It opens on the first line, after a byte order mark if there is one, and closes at the next line ``---``. Spaces
and tabs may follow the hyphens; ``...`` closes nothing. Without a closing line within the first `HEAD` code points
there is no front matter.

It is read as YAML 1.2 with the core schema. A field is the text of a scalar as it is written, so that ``yes``,
``007`` and ``2026-01-31`` stay what they are; only an untagged ``null``, ``~`` or nothing gives no field. A tag
changes nothing and is never resolved; an alias stands for its scalar and is never expanded. A field is one line in
NFC: each run of spaces, line breaks and control characters is one space, and characters that change the writing
direction go.

Errors are: text that is not YAML, a key that occurs twice in a mapping, a second document, more than `NODES` nodes
or `DEPTH` levels, and characters that YAML excludes. A block with an error, or that is no mapping, has no fields.

Law: the browser reads the same (``tests/markdown/test_front_matter.py::test_the_shared_vectors``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from unicodedata import normalize

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

HEAD: Final = 65_536
"""The length of the part of a text, in code points, in which front matter must close."""

NODES: Final = 1_000
"""The greatest number of scalars, aliases, lists and mappings in front matter."""

DEPTH: Final = 50
"""The greatest number of lists and mappings inside each other."""

NAMES: Final = ("title", "status", "type", "notebook")
LONGEST: Final = 200
"""The greatest length of a field, in code points; the rest is cut off."""

_OPENING: Final = re.compile(r"\ufeff?---[ \t]*\n")
_CLOSING: Final = re.compile(r"^---[ \t]*$", re.MULTILINE)
_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_SPACES: Final = str.maketrans("\x85\u2028\u2029", "   ")
"""Line breaks of YAML 1.1, and of the parser, that are none in YAML 1.2."""

_BLANK_LINE: Final = re.compile(r"^[ \t]+$", re.MULTILINE)
_GAP: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_DIRECTIONS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EXCLUDED: Final = re.compile(
    "[^\\t\\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is there, as in all wheels of PyYAML: the parser in Python takes fifty times as long."""


@dataclass(frozen=True, slots=True)
class FrontMatterError:
    """Why front matter can't be read, a clause; ``line`` and ``column`` count from 1 in the whole text."""

    reason: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter of a text says. ``body_start`` is the offset of the text after it; 0: it has none."""

    fields: Mapping[str, str] = field(default_factory=dict)
    error: FrontMatterError | None = None
    body_start: int = 0


def front_matter_of(content: str) -> FrontMatter:
    """Read the front matter of a text with line feeds as line ends."""
    extent = _extent(content)
    if extent is None:
        return FrontMatter()
    start, end, body_start = extent
    try:
        return FrontMatter(_fields(content[start:end]), None, body_start)
    except _Broken as broken:
        return FrontMatter({}, broken.error, body_start)


def body_start(content: str) -> int:
    """The offset of the text after the front matter; 0 where there is none. Reads no YAML."""
    extent = _extent(content)
    return extent[2] if extent else 0


def fields(content: str) -> Mapping[str, str]:
    """The fields ``title``, ``status``, ``type`` and ``notebook``, as far as they are there."""
    return front_matter_of(content).fields


def status_of(content: str) -> str | None:
    """The ``status`` in a spec's front matter, in lower case, or ``None`` if it has none."""
    status = fields(content).get("status")
    return None if status is None else status.lower()[:40]


def notebook_of(content: str) -> str:
    """The path of the notebook that a spec's front matter names, relative to a root; empty if it names none.

    It may be the end of a path: a file's name alone, or a folder and the name.
    """
    path = fields(content).get("notebook", "")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return "/".join(parts)[:LONGEST]


def same_front_matter(one: str, other: str) -> bool:
    """Whether two texts have the same front matter, character by character; reads no YAML."""
    first, second = _extent(one), _extent(other)
    if first is None or second is None:
        return first is second
    return one[first[0] : first[1]] == other[second[0] : second[1]]


class _Broken(Exception):
    def __init__(self, reason: str, line: int, column: int) -> None:
        self.error = FrontMatterError(reason, line + 1, column + 1)


def _extent(content: str) -> tuple[int, int, int] | None:
    """The offsets of the YAML's begin and end, and of the text after the closing line."""
    opening = _OPENING.match(content)
    if opening is None:
        return None
    closing = _CLOSING.search(content, opening.end(), HEAD)
    if closing is None or (closing.end() == HEAD < len(content) and content[HEAD] != "\n"):
        return None
    return opening.end(), closing.start(), min(closing.end() + 1, len(content))


def _fields(block: str) -> dict[str, str]:
    """Raises `_Broken`, with lines counted from the opening line as 0."""
    excluded = _EXCLUDED.search(block)
    if excluded is not None:
        before = block[: excluded.start()]
        line_start = before.rfind("\n") + 1
        raise _Broken(
            "it contains a character that YAML excludes", before.count("\n") + 1, len(before) - line_start
        )
    try:
        prepared = _BLANK_LINE.sub("", block.translate(_SPACES))
        return _Reading().fields(yaml.parse(f"---\n{prepared}", Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise _Broken(error.problem or error.context or "it is not YAML", line, column) from error


class _Level:
    """A list or mapping that is being read; ``keys`` is ``None`` in a list."""

    def __init__(self, is_mapping: bool) -> None:
        self.keys: set[str] | None = set() if is_mapping else None
        self.at_key = is_mapping
        self.key: str | None = None


class _Reading:
    """Reads the events of a parser one by one, so that nothing is built for what no field needs."""

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._scalars: dict[str, str | None] = {}
        """The text of the node with each anchor; ``None`` for a node that gives no field."""
        self._found: dict[str, str] = {}

    def fields(self, events: Iterator[Event]) -> dict[str, str]:
        documents = nodes = 0
        for event in events:
            match event:
                case DocumentStartEvent():
                    documents += 1
                    _require(documents == 1, "a second document begins here", event)
                case CollectionEndEvent():
                    self._levels.pop()
                case NodeEvent():
                    nodes += 1
                    _require(nodes <= NODES, f"it has more than {NODES:,} values", event)
                    self._take(event)
        return self._found

    def _take(self, event: NodeEvent) -> None:
        text = self._text(event)
        if self._levels:
            self._place(event, text)
        else:
            is_nothing = isinstance(event, ScalarEvent) and text is None
            _require(is_nothing or isinstance(event, MappingStartEvent), "it is not a mapping", event)
        if not isinstance(event, ScalarEvent | AliasEvent):
            self._levels.append(_Level(isinstance(event, MappingStartEvent)))
            _require(len(self._levels) <= DEPTH, f"it is nested deeper than {DEPTH} levels", event)

    def _text(self, event: NodeEvent) -> str | None:
        """The text of a scalar, or of the scalar that an alias names; ``None`` for null, lists and mappings."""
        if isinstance(event, AliasEvent):
            _require(event.anchor in self._scalars, f"nothing is called {event.anchor} before", event)
            return self._scalars[event.anchor]
        text = None
        if isinstance(event, ScalarEvent):
            is_plain = event.style in (None, "") and event.tag is None
            text = None if is_plain and event.value in _NULLS else event.value
        if event.anchor is not None:
            self._scalars[event.anchor] = text
        return text

    def _place(self, event: NodeEvent, text: str | None) -> None:
        level = self._levels[-1]
        if level.keys is None:
            return
        if level.at_key:
            level.key = event.value if isinstance(event, ScalarEvent) else None
            if level.key is not None:
                _require(level.key not in level.keys, f"“{level.key[:40]}” occurs twice", event)
                level.keys.add(level.key)
        elif len(self._levels) == 1 and level.key in NAMES and text is not None:
            line = _line(text)
            if line:
                self._found[level.key] = line
        level.at_key = not level.at_key


def _line(text: str) -> str:
    return normalize("NFC", _GAP.sub(" ", _DIRECTIONS.sub("", text)).strip(" "))[:LONGEST]


def _require(holds: bool, reason: str, event: Event) -> None:
    if not holds:
        raise _Broken(reason, event.start_mark.line, event.start_mark.column)
