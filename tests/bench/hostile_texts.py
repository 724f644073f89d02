"""Texts and operations that cost much."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

Component = dict[str, Any]
CJK: Final = [chr(code) for code in range(0x4E00, 0x4E00 + 4_000)]


def words(length: int, seed: int = 1) -> str:
    """So many code points of short words, in lines of ten."""
    chance = random.Random(seed)
    some = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(2, 8))) for _ in range(5_000)
    ]
    text: list[str] = []
    size = 0
    while size < length:
        line = " ".join(chance.choices(some, k=10)) + "\n"
        text.append(line)
        size += len(line)
    return "".join(text)[:length]


def lines(count: int, of: str = "line") -> str:
    """So many short lines, no two alike."""
    return "".join(f"{of} {number}\n" for number in range(count))


def cjk(length: int, seed: int = 1) -> str:
    """So many code points of Chinese without a space."""
    return "".join(random.Random(seed).choices(CJK, k=length))


def word_lines(length: int, letters: int, seed: int = 1) -> str:
    """So many code points of words of so many letters, each on a line of its own.

    A change of every second word of such a text is one of many small parts; of a text with many words a line it is
    found to be too much to compare, and becomes one large part.
    """
    chance = random.Random(seed)
    count = length // (letters + 1)
    return "".join(
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=letters)) + "\n" for _ in range(count)
    )


def every_word(text: str, by: str) -> str:
    """With every word of a text of lines changed."""
    return "\n".join(" ".join(word[::-1] + by for word in line.split(" ")) for line in text.split("\n"))


def every_other_line(text: str, by: str) -> str:
    """With every second line written backwards, and changed at its end."""
    found = text.split("\n")
    for place in range(0, len(found), 2):
        found[place] = found[place][::-1] + by
    return "\n".join(found)


def inserts(count: int, length: int, seed: int, content: str = "x") -> list[Component]:
    """So many inserts all over a text of this length, each at a position of the text before."""
    chance = random.Random(seed)
    places = sorted((chance.randrange(length) for _ in range(count)), reverse=True)
    return [{"type": "insert", "position": place, "content": content} for place in places]


def edits(count: int, length: int, seed: int) -> list[Component]:
    """So many edits, by turns an insert and a deletion of one code point."""
    chance = random.Random(seed)
    places = sorted(chance.sample(range(length - 1), count), reverse=True)
    return [
        {"type": "insert", "position": place, "content": "x"}
        if number % 2
        else {"type": "delete", "position": place, "length": 1}
        for number, place in enumerate(places)
    ]


def letters(length: int, seed: int = 1) -> str:
    """One letter repeated."""
    return chr(ord("a") + seed % 26) * length


def headings(length: int, seed: int = 1) -> str:
    """Markdown of headings and list items, and a table."""
    chance = random.Random(seed)
    kinds = ["# Heading {}", "- item {}", "| a | {} |", "", "```", "> {}"]
    return "".join(chance.choice(kinds).format(number) + "\n" for number in range(length // 8))


TEXTS: Final[Mapping[str, Callable[[int, int], str]]] = {
    "words": words,
    "word lines": lambda length, seed: word_lines(length, 1 + seed % 9, seed),
    "lines": lambda length, seed: lines(length // 10),
    "Chinese": lambda length, seed: cjk(min(length, 600_000), seed),
    "letters": letters,
    "headings": headings,
    "blank lines": lambda length, seed: "\n" * length,
    "two letters": lambda length, seed: "".join(random.Random(seed).choices("ab", k=length)),
    "spaces in a heading": lambda length, seed: "# a" + " " * max(0, length - 4) + "b",
    "hashes": lambda length, seed: "#" * length,
    "front matter": lambda length, seed: "---\n" + "a: [b]\n" * (length // 7),
    "emoji": lambda length, seed: "👩‍🚀 " * (length // 4),
}
"""Texts of about a length, by a seed."""

CHANGES: Final[Mapping[str, Callable[[str, int], str]]] = {
    "every other line": lambda text, seed: every_other_line(text, str(seed)),
    "every word": lambda text, seed: every_word(text, str(seed)),
    "lines backwards": lambda text, seed: "\n".join(reversed(text.split("\n"))),
    "lines shuffled": lambda text, seed: "\n".join(shuffled(text.split("\n"), seed)),
    "words shuffled": lambda text, seed: " ".join(shuffled(text.split(" "), seed)),
    "letters shuffled": lambda text, seed: "".join(shuffled(list(text), seed)),
    "half": lambda text, seed: text[: len(text) // 2],
    "twice": lambda text, seed: text + text,
    "nothing": lambda text, seed: "",
    "broken into lines": lambda text, seed: "\n".join(
        text[i : i + 1 + seed % 9] for i in range(0, len(text), 1 + seed % 9)
    ),
    "a letter in front": lambda text, seed: f"{seed}{text}",
    "every third letter": lambda text, seed: "".join(
        f"{text[i : i + 2]}{seed % 10}" for i in range(0, len(text), 3)
    ),
    "other letters": lambda text, seed: text.translate(
        {code: code + 1 + seed % 3 for code in range(97, 120)}
    ),
}
"""What a PUT may make of a text, by a seed."""


def shuffled(parts: list[str], seed: int) -> list[str]:
    """In another order."""
    random.Random(seed).shuffle(parts)
    return parts
