"""A spec as people write them: headings, paragraphs, lists, tables, code."""

from __future__ import annotations

import random
from typing import Final

VOCABULARY: Final = (
    "the a each one limit token answer order page text server that keeps sends counts is not must may never only "
    "again before after between without **always** `retries` *soon* [record](adr/0001.md) where when who customer "
    "account payment invoice address export import role owner editor viewer seconds minutes"
)
WORDS: Final = VOCABULARY.split()


def spec_of(length: int, seed: int = 1) -> str:
    """So many code points, the same ones for one seed."""
    chance = random.Random(seed)
    parts = ["---\ntitle: A long spec\nstatus: draft\n---\n\n# A long spec\n\n"] if length else []
    size, number = sum(map(len, parts)), 0
    while size < length:
        number += 1
        part = f"## {number}. {_sentence(chance, 4)}\n\n" if number % 5 == 1 else ""
        part += _BLOCKS[number % len(_BLOCKS)](chance) + "\n\n"
        parts.append(part)
        size += len(part)
    return "".join(parts)[:length]


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize()


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance, chance.randrange(8, 20)) + "." for _ in range(chance.randrange(2, 6)))


def _list(chance: random.Random) -> str:
    return "\n".join(f"- {_sentence(chance, chance.randrange(5, 16))}" for _ in range(chance.randrange(3, 8)))


def _table(chance: random.Random) -> str:
    rows = [
        f"| {_sentence(chance, 2)} | {_sentence(chance, 5)} | {chance.randrange(1000)} |" for _ in range(5)
    ]
    return "\n".join(["| name | meaning | value |", "| --- | --- | --- |", *rows])


def _code(chance: random.Random) -> str:
    lines = [
        f"{chance.choice(('value', 'total', 'limit'))} = compute({chance.randrange(100)})" for _ in range(6)
    ]
    return "\n".join(["```python", *lines, "```"])


_BLOCKS: Final = (_paragraph, _paragraph, _list, _paragraph, _table, _paragraph, _paragraph, _code)
