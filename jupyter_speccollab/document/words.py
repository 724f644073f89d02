"""Words: what a search looks for, and where the words of a text begin.

A word is a run of letters and digits, or a single Chinese or Japanese character, whose scripts set no blanks
between words. A search consists of terms, which blanks divide. Law (``tests/document/test_words.py``): a term is
found where a word begins with it, without regard to case and normal form; what it has besides letters and digits
counts as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from jupyter_speccollab.document.name import search_key

TERMS: Final = 20
"""The greatest number of terms that are looked for."""

LONGEST: Final = 100
"""The length in characters to which words are cut."""

LEAST: Final = 4_096
MOST: Final = 12_288
"""The bounds of a passage's length in characters."""

START: Final = "\x1f"
"""Stands in a key before each word."""

_SINGLE: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IS_SINGLE: Final = re.compile(f"[{_SINGLE}]")
_WORD: Final = re.compile(f"[{_SINGLE}]|[^\\W_{_SINGLE}]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a search. ``key`` is what it is in a `key_of` a text, ``words`` are the words in it."""

    key: str
    words: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        """Whether it is a word and nothing else."""
        return len(self.words) == 1 and self.key == START + self.words[0]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text, which begins at the code point ``start``."""

    start: int
    text: str


def terms_of(query: str) -> Sequence[Term]:
    """The terms of a search."""
    terms = dict.fromkeys(_term(part) for part in query.split())
    return list(terms)[:TERMS]


def key_of(text: str) -> str:
    """The text as it is compared with terms: `START` before each word. Empty for an empty text only."""
    return START + _marked(text) if text else ""


def words_of(text: str) -> list[str]:
    """The different words of a text, in the order in which they occur first."""
    return list(dict.fromkeys(each[:LONGEST] for each in _WORD.findall(search_key(text))))


def matches(term: Term, words: Iterable[str]) -> bool:
    """Whether each word of the term begins one of these words."""
    known = list(words)
    return all(any(each.startswith(word) for each in known) for word in term.words)


def passages_of(text: str) -> list[Passage]:
    """The text in passages of `LEAST` to `MOST` characters, which end at line ends where there are any.

    Where they end depends on what stands there, so that an edit changes only the passages around it.
    """
    passages = []
    start = end = 0
    for line in text.splitlines(keepends=True):
        end += len(line)
        while end - start > MOST:
            passages.append(Passage(start, text[start : start + MOST]))
            start += MOST
        if end - start >= LEAST and not crc32(line.encode()) & 7:
            passages.append(Passage(start, text[start:end]))
            start = end
    if end > start:
        passages.append(Passage(start, text[start:end]))
    return passages


BEFORE: Final = 50
AFTER: Final = 110
"""How many characters of a text a snippet shows before and after the beginning of its first hit."""

HITS: Final = 200
"""At how many places of a passage a snippet looks for each word."""


def snippet_of(passage: Passage, terms: Sequence[Term]) -> tuple[str, int] | None:
    """A line of the passage where most of the terms are near each other, and where its first hit is in the text.

    ``None`` if no word of the passage begins as a term does.
    """
    hits = _hits(passage.text, {word: number for number, term in enumerate(terms) for word in term.words})
    best, most, last = None, 0, 0
    for first, (at, _) in enumerate(hits):
        last = max(last, first)
        while last < len(hits) and hits[last][0] < at + AFTER:
            last += 1
        count = len({number for _, number in hits[first:last][:TERMS]})
        if count > most:
            best, most = at, count
    if best is None:
        return None
    begin, end = max(0, best - BEFORE), best + AFTER
    line = " ".join(passage.text[begin:end].split())
    before = "…" if begin or passage.start else ""
    after = "…" if end < len(passage.text) else ""
    return before + line + after, passage.start + best


def _hits(text: str, wanted: Mapping[str, int]) -> list[tuple[int, int]]:
    """Where words begin as the wanted ones do, and the number of each."""
    key = search_key(text)
    if len(key) != len(text):  # positions in both differ: each word is compared by itself
        return [
            (found.start(), number)
            for found in _WORD.finditer(text)
            for begin, number in wanted.items()
            if search_key(found[0]).startswith(begin)
        ]
    return sorted((at, number) for begin, number in wanted.items() for at in _starts(key, begin))


def _starts(key: str, begin: str) -> Iterator[int]:
    """The first `HITS` places in a text without case where a word begins so."""
    at, count = key.find(begin), 0
    while at >= 0 and count < HITS:
        before = key[at - 1 : at]
        if not before.isalnum() or _IS_SINGLE.match(before) or _IS_SINGLE.match(begin):
            yield at
            count += 1
        at = key.find(begin, at + 1)


def _term(part: str) -> Term:
    key = _marked(part)
    return Term(key, tuple(each[:LONGEST] for each in _WORD.findall(search_key(part))))


def _marked(text: str) -> str:
    return _WORD.sub(lambda word: START + word[0], search_key(text))
