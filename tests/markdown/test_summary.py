"""The summary of a revision: sections and lines, and no text that takes it long."""

from __future__ import annotations

import random

import pytest

from jupyter_speccollab.markdown.summary import LINES, summarise

MANY = 500_000


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a\n", "a\n", "no changes"),
        ("# A\nx\n# B\ny\n", "# A\nx\n# B\ny\nz\n", "changed “B”, +1 line"),
        ("# A\nx\n# B\ny\n", "# A\nx\nx2\n# B\ny2\n", "changed “A”, “B”, +2 −1 lines"),
        ("# A\nx\ny\n", "# A\nx\n", "changed “A”, −1 line"),
        ("# A\nx\ny", "# A\nx", "changed “A”, −1 line"),
        ("# A\n```\n# no\n```\nx\n", "# A\n```\n# no\nyes\n```\nx\n", "changed “A”, +1 line"),
        ("# A\n```\n# no\n```\nx\n", "# A\n```\n# no\n```\nx\ny\n", "changed “A”, +1 line"),
        ("## Security ##\nx\n", "## Security ##\ny\n", "changed “Security”, +1 −1 lines"),
        ("a\nb\n", "b\na\n", "moved lines"),
        ("a\nc\n", "a\nb\nc\n", "+1 line"),
    ],
)
def test_it_tells_of_sections_and_lines(old: str, new: str, told: str) -> None:
    assert summarise(old, new) == told


def test_the_lines_that_both_begin_and_end_with_change_nothing() -> None:
    chance = random.Random(1)
    for _ in range(2_000):
        old, new = ("".join(chance.choices(["x\n", "y\n", "\n"], k=chance.randrange(5))) for _ in range(2))
        same = "".join(chance.choices(["x\n", "# A\n", "```\n", "\n"], k=chance.randrange(9)))
        counts = summarise(old, new).rsplit(", ", 1)[-1]
        assert summarise(same + old + same, same + new + same).rsplit(", ", 1)[-1] == counts


@pytest.mark.parametrize(
    "text",
    [
        "# a" + " " * MANY + "b",
        "#" + " " * MANY + "b",
        "#" * MANY,
        "# a" + " #" * MANY + "b",
        "# \n" * MANY,
        "```\n" * MANY,
        "\n" * MANY,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_any_text_has_a_summary(text: str) -> None:
    assert "line" in summarise("", text)
    assert "line" in summarise(text, text + "x\n")
    assert "line" in summarise(text, text[: MANY // 2] + "x" + text[MANY // 2 :])


def test_the_lines_of_a_long_difference_are_counted() -> None:
    assert summarise("# A\n", "# A\n" + "x\n" * LINES + "# B\n") == f"changed “A”, +{LINES + 1} lines"
    told = summarise("a\n" * LINES + "z", "b\n" * LINES + "z")
    assert told == f"+{LINES} −{LINES} lines"
