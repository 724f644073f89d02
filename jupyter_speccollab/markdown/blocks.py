"""Blocks: the lists, headings, tables and so on of a text, as CommonMark and GitHub's tables have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.token import Token

from jupyter_speccollab.markdown.front_matter import body_start

DEEPEST: Final = 100
"""How many lists, items and quotes may be inside each other; deeper ones are text."""

Rule = Callable[[StateBlock, int, int, bool], bool]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a text behind its front matter.

    The lines of ``tokens`` count from there. ``starts`` are the offsets in the whole text at which these lines
    begin, and one more, that of the end. ``references`` are the link definitions, for `visible_text`.
    """

    tokens: Sequence[Token]
    starts: Sequence[int]
    references: dict[str, Any]


def blocks_of(content: str) -> Blocks:
    """The blocks of a text with line feeds as line ends."""
    start = body_start(content)
    body = content[start:]
    starts = [start, *accumulate((len(line) + 1 for line in body.split("\n")), initial=start)][1:]
    starts[-1] = len(content)
    references: dict[str, Any] = {}
    return Blocks(_PARSER.parse(body, references), starts, references)


def _parser() -> MarkdownIt:
    """Leaves the text of blocks unread, which would take most of the time."""
    parser = MarkdownIt("commonmark", {"maxNesting": 2 * DEEPEST}).enable("table").disable("inline")
    parser.validateLink = _every_link  # type: ignore[method-assign]
    ruler = parser.block.ruler
    ends = ["paragraph", "reference", "blockquote"]
    ruler.at("list", _bounded(list_block), {"alt": ends})
    ruler.at("blockquote", _bounded(blockquote), {"alt": [*ends, "list"]})
    ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    return parser


def _every_link(url: str) -> bool:
    """A link that is not safe to follow is one all the same."""
    return True


def _bounded(rule: Rule) -> Rule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start, end, silent)

    return bounded


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """GitHub's tables: a line of nothing but ``---`` makes the line above it a heading."""
    if start + 1 >= end:
        return False
    begin, stop = state.bMarks[start + 1], state.eMarks[start + 1]
    is_rule = state.src.find("|", begin, stop) < 0 and state.src.find(":", begin, stop) < 0
    return not is_rule and table(state, start, end, silent)


_PARSER: Final = _parser()
