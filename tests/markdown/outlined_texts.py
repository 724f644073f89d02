"""Random texts with their outlines, one a line as JSON, for the comparison with the browser's parser.

``python -m tests.markdown.outlined_texts SEED COUNT``; the same seed gives the same texts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from jupyter_speccollab.markdown.outline import encoded, whole_hash

NAMES: Final = (
    "FR-001", "FR-001", "SC-1.2", "REQ-12-4", "REQ-12-4a", "ABC-1_x", "T001", "T002", "T1234567", "NFR-7",
    "FR-1.2.x",
    "A1-9", "fr-1", "FR-", "FR-12345678901", "X-1é", "Requirement 7", "Requirement: Login", "Requirement 3.1",
    "FR‑9",
)  # fmt: skip
WORDS: Final = (
    "the user", "logs in", "Goal", "Goal", "goal-1", "Überblick", "漢字 見出し", "हिन्दी", "😀", "a_b_c", "x",
    "Straße & Co.", "12",
    "(see", "below)", "must", "a  b", "tab\there", "\\# no", "\\[x] no", "\\*", "&copy;", "&amp;", "&nope;",
    "&#35;", "&#x1F600;",
    "!", "!!!", "{#aim}", "{#a b}", "{#goal}", "https://example.org/a_b_c", "a|b", "\\|", "–", "-", ":", ".",
    "é", "I\u0307",
)  # fmt: skip
INLINE: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: f"*{text}*",
    lambda text: f"**{text}**",
    lambda text: f"_{text}_",
    lambda text: f"***{text}**",
    lambda text: f"**{text}:**",
    lambda text: f"`{text}`",
    lambda text: f"`` {text} ``",
    lambda text: f"``{text}`",
    lambda text: f"[{text}](u)",
    lambda text: f'[{text}](<u v> "t")',
    lambda text: f"[{text}](u v)",
    lambda text: f"[{text}][ref]",
    lambda text: f"[{text}][]",
    lambda text: f"[{text}]",
    lambda text: f"![{text}](u)",
    lambda text: f"<b>{text}</b>",
    lambda text: f"<{text}>",
    lambda text: f"<https://example.org/{text}>",
    lambda text: f"<!-- {text} -->",
    lambda text: f"~~{text}~~",
    lambda text: f"\\*{text}*",
    lambda text: f"*{text}",
    lambda text: f"{text}_",
    lambda text: f"[{text}",
    lambda text: f"{text}]",
    lambda text: f"({text}",
    lambda text: f"{text})",
    lambda text: f"$x_{text}$",
)
BOXES: Final = ("[ ] ", "[x] ", "[X] ", "[ ]", "[x]\t", "[]", "[y] ", "[ ]  ")
BULLETS: Final = (
    "- ",
    "* ",
    "+ ",
    "1. ",
    "1) ",
    "2. ",
    "10. ",
    "-   ",
    "-\t",
    "-     ",
    "-",
    "1.",
    "123456789. ",
    "- - ",
    "1. - ",
)
FENCES: Final = ("```", "~~~", "````", "```md", "``` a`b", "~~~ `x`")
HTML: Final = (
    "<div>", "</div>", "<!-- c", "-->", "<!-- c -->", "<script>", "</script>", "<pre>", "<?x", "?>", "<b>",
    "<b> x", "<br/>", "<hr/>",
    "<a href='x'>", "<!DOCTYPE html>", "<![CDATA[", "]]>", "<details>", "<search>", "<source>",
    "<custom-tag a=\"b\">",
)  # fmt: skip
RULES: Final = ("---", "***", "___", "- - -", "===", "=", "-", "--", "--- ", "    ---", "----------", " ===")
DEFINITIONS: Final = (
    "[ref]: /u",
    "[ref]: <u> 'title'",
    "[Ref]:",
    "[x]: /u",
    "[goal]: u 'a",
    "[FR-001]: /fr",
    "[ ]: /u",
)
DELIMITERS: Final = (
    "|---|---|",
    "|:-:|--:|",
    "--|--",
    "|---|",
    "---|",
    "|--",
    ":-:",
    "---",
    "| - | - |",
    "|---|---|---|",
)
FRONT: Final = (
    "---\ntitle: FR-900\nstatus: draft\n---\n", "---\ntitle: x\n...\n# H\n", "---\nopen: yes\n\n", "---\n---\n",
    "---  \na: 1\n---\t\n",
    "\ufeff---\na: 1\n---\n", " ---\na: 1\n---\n", "----\na: 1\n---\n",
)  # fmt: skip


class _Writer:
    def __init__(self, random: Random) -> None:
        self._random = random

    def text(self) -> str:
        random = self._random
        lines: list[str] = []
        for _ in range(random.randint(1, random.choice((4, 10, 25)))):
            lines += self._block()
            if random.random() < 0.45:
                lines.append(random.choice(("", "", "", "  ", "\t")))
        if random.random() < 0.1:
            lines = [f"{' ' * random.randint(1, 4)}{line}" for line in lines]
        front = random.choice(FRONT) if random.random() < 0.12 else ""
        text = front + "\n".join(lines) + random.choice(("", "\n", "\n\n"))
        return self._mutated(text) if random.random() < 0.25 else text

    def _block(self) -> list[str]:
        random = self._random
        kind = random.choices(
            (
                self._heading,
                self._items,
                self._table,
                self._code,
                self._html,
                self._quote,
                self._paragraph,
                self._line,
            ),
            (6, 9, 3, 2, 2, 2, 3, 3),
        )[0]
        return kind()

    def _heading(self) -> list[str]:
        random = self._random
        if random.random() < 0.25:
            return [
                self._words(),
                *([self._words()] if random.random() < 0.3 else []),
                random.choice(("===", "---", "-", "=")),
            ]
        end = random.choice(("", "", "", " #", " ##  ", "#", " {#aim}", " {#goal}", " {#aim} #"))
        mark = "#" * random.choice((1, 1, 2, 2, 3, 4, 6, 7))
        return [f"{self._indent()}{mark}{random.choice((' ', ' ', '  ', chr(9), ''))}{self._words()}{end}"]

    def _items(self) -> list[str]:
        random = self._random
        lines: list[str] = []
        depth = 0
        for _ in range(random.randint(1, 6)):
            depth = max(0, depth + random.choice((-1, 0, 0, 1)))
            pad = " " * (depth * random.choice((2, 2, 3, 4)))
            box = random.choice(BOXES) if random.random() < 0.4 else ""
            lines.append(f"{pad}{self._indent()}{random.choice(BULLETS)}{box}{self._words()}")
            more = random.random()
            if more < 0.15:
                lines.append(f"{pad}{random.choice(('  ', '', '    ', '      '))}{self._words()}")
            elif more < 0.25:
                lines += ["", f"{pad}{random.choice(('  ', '   ', '', '    '))}{self._words()}"]
            elif more < 0.35:
                inner = random.choice(
                    (self._table, self._code, self._heading, self._html, self._quote, self._line)
                )()
                lines += [f"{pad}{random.choice(('  ', '  ', ' ', ''))}{line}" for line in inner]
            elif more < 0.42:
                lines.append("")
        return lines

    def _table(self) -> list[str]:
        random = self._random
        lines = [
            random.choice(("| Id | Text |", "Id | Text", "|Id|", "| Id", "| a \\| b | c |", self._words()))
        ]
        lines.append(random.choice(DELIMITERS))
        for _ in range(random.randint(0, 3)):
            cells = [self._words(1) for _ in range(random.randint(1, 3))]
            edge = random.choice(("| ", "| ", ""))
            lines.append(f"{edge}{' | '.join(cells)}{random.choice((' |', ' |', ''))}")
        if random.random() < 0.3:
            lines.append(random.choice((*RULES, *HTML, *BULLETS, "# x", "text FR-9")))
        return lines

    def _code(self) -> list[str]:
        random = self._random
        if random.random() < 0.3:
            return [f"    {self._words()}", f"{random.choice(('    ', '  ', ''))}{self._words()}"]
        fence = random.choice(FENCES)
        end = (
            [random.choice((fence[:3], fence[:4].strip(), "`````", "~~~", "    ```", "``` x"))]
            if random.random() < 0.85
            else []
        )
        inside = ["# FR-100 not here", "- [ ] T900", "", self._words()]
        return [f"{self._indent()}{fence}", *random.sample(inside, random.randint(0, 3)), *end]

    def _html(self) -> list[str]:
        random = self._random
        return [
            random.choice(HTML),
            *random.sample(
                ["# FR-101", "- [ ] T901", "", "</div>", "-->", self._words()], random.randint(0, 3)
            ),
        ]

    def _quote(self) -> list[str]:
        lines = self._block() if self._random.random() < 0.7 else self._paragraph()
        marks = ("> ", "> ", ">", ">> ", "")
        return [f"{self._random.choice(marks) if index else '> '}{line}" for index, line in enumerate(lines)]

    def _paragraph(self) -> list[str]:
        return [
            f"{self._indent()}{self._words()}{self._random.choice(('', '', '  ', chr(92), ' '))}"
            for _ in range(self._random.randint(1, 3))
        ]

    def _line(self) -> list[str]:
        return [f"{self._indent()}{self._random.choice((*RULES, *DEFINITIONS, *DELIMITERS, *BULLETS))}"]

    def _indent(self) -> str:
        return self._random.choices(("", " ", "  ", "   ", "    ", "\t"), (30, 2, 2, 2, 1, 1))[0]

    def _words(self, least: int = 0) -> str:
        random = self._random
        words = [random.choice(NAMES)] if random.random() < 0.5 else []
        words += random.choices(WORDS, k=random.randint(least, 3))
        for index, word in enumerate(words):
            if random.random() < 0.25:
                words[index] = random.choice(INLINE)(word)
        text = random.choice((" ", " ", " ", "")).join(words)
        if random.random() < 0.12:
            text = random.choice(INLINE)(text)
        return text

    def _mutated(self, text: str) -> str:
        random = self._random
        for _ in range(random.randint(1, 4)):
            at = random.randint(0, len(text))
            cut = random.choice((0, 0, 1, 3))
            text = (
                text[:at]
                + random.choice(("", " ", "\n", "\t", "-", "|", "`", "*", "[", "]", "#", ">", "_", "<", "\\"))
                + text[at + cut :]
            )
        return text


def outlined(seed: int, count: int) -> Iterator[dict[str, object]]:
    """Texts, each with what the server finds in it."""
    for number in range(count):
        text = _Writer(Random(f"{seed}/{number}")).text()
        yield {"text": text, "entries": json.loads(encoded(text)), "wholeHash": whole_hash(text)}


if __name__ == "__main__":
    for case in outlined(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(case))
