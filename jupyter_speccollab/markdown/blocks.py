"""Blocks: the lists, headings, tables and so on of a text, as CommonMark and GitHub's tables have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import (
    StateBlock,
    blockquote,
    fence,
    heading,
    hr,
    html_block,
    list_block,
    reference,
    table,
)
from markdown_it.token import Token

from jupyter_speccollab.markdown.front_matter import body_start

DEEPEST: Final = 100
"""How many lists, items and quotes may be inside each other; deeper ones are text."""

CODE: Final = 4
"""Text that is indented by so many columns is code, or goes on with a paragraph."""

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
    parser = MarkdownIt("commonmark", {"maxNesting": 2 * DEEPEST}).disable("inline")
    parser.validateLink = _every_link  # type: ignore[method-assign]
    ruler = parser.block.ruler
    ends = ["paragraph", "reference", "blockquote"]
    for name, rule, beginnings, also in (
        ("fence", fence, "`~", [*ends, "list"]),
        ("blockquote", _container(blockquote), ">", [*ends, "list"]),
        ("hr", hr, "*-_", [*ends, "list"]),
        ("list", _container(list_block), "*-+0123456789", ends),
        ("reference", _definition, "[", []),
        ("html_block", html_block, "<", ends),
        ("heading", heading, "#", ends),
    ):
        ruler.at(name, _beginning(beginnings, rule), {"alt": also})
    ruler.before("lheading", "github_table", _table, {"alt": ends[:2]})
    return parser


def _every_link(url: str) -> bool:
    """A link that is not safe to follow is one all the same."""
    return True


_INDENTS: Final = "indents"
"""In the data of a parse: the columns at which the items begin that a block is in, as far as the next quote."""

_AROUND_QUOTE: Final = "around_quote"
"""The same of the items around that quote."""


def _container(rule: Rule) -> Rule:
    """A rule for lists or quotes, which may hold other blocks."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if state.level >= DEEPEST and state.sCount[start] >= state.blkIndent:
            return False
        if silent:
            return rule(state, start, end, silent)
        before = {key: state.env.get(key, ()) for key in (_INDENTS, _AROUND_QUOTE)}
        indents = [*before[_INDENTS], state.blkIndent]
        inside = {_INDENTS: (), _AROUND_QUOTE: indents} if rule is blockquote else {_INDENTS: indents}
        state.env.update(inside)
        found = rule(state, start, end, silent)
        state.env.update(before)
        return found

    return bounded


def _beginning(beginnings: str, rule: Rule) -> Rule:
    """A rule for blocks that begin with one of these characters.

    A line that stands in an outer container only ends a paragraph where it is indented by less than four columns
    there; the library counts from the inner one.
    """

    def begins(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        place = state.bMarks[start] + state.tShift[start]
        if place >= state.eMarks[start] or state.src[place] not in beginnings:
            return False
        if silent and state.parentType == "blockquote":
            return _ends_quote(rule, state, start, end)
        if silent and _is_text(state, start):
            return False
        if silent and state.parentType == "reference":
            return _ends_definition(rule, state, start, end)
        return rule(state, start, end, silent)

    return begins


def _ends_definition(rule: Rule, state: StateBlock, start: int, end: int) -> bool:
    """Whether a line begins this block below a definition, which is a paragraph to the rule for lists."""
    state.parentType = "paragraph"
    found = rule(state, start, end, True)
    state.parentType = "reference"
    return found


def _ends_quote(rule: Rule, state: StateBlock, start: int, end: int) -> bool:
    """Whether a line that is not in the quote begins this block; the library counts from the text's edge."""
    column, inside = state.sCount[start], state.blkIndent
    if column < 0:  # a quote around it has looked already
        return False
    base = max((indent for indent in state.env.get(_AROUND_QUOTE, ()) if indent <= column), default=0)
    state.blkIndent = base
    found = column - base < CODE and rule(state, start, end, True)
    state.blkIndent = inside
    return found


def _is_text(state: StateBlock, line: int) -> bool:
    """Whether the line goes on with a paragraph that is in more containers than the line."""
    column = state.sCount[line]
    if not 0 <= column < state.blkIndent:
        return False
    outer = [indent for indent in state.env.get(_INDENTS, ()) if indent <= column]
    return column - max(outer, default=0) >= CODE


_UNDERLINE: Final = re.compile(r"(?:=+|-+)[ \t]*\Z")
_NEAR: Final = 20
"""So many lines of a definition are looked at for an underline."""


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A definition does not go on behind a line that makes what is above it a heading."""
    whole = state.lineMax
    for line in range(start + 1, min(start + _NEAR, whole)):
        if state.isEmpty(line):
            break
        column = state.sCount[line] - state.blkIndent
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if 0 <= column < CODE and _UNDERLINE.match(text):
            state.lineMax = line
            break
    found = reference(state, start, end, silent)
    state.lineMax = whole
    return found


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """GitHub's tables: a line of nothing but ``---`` makes the line above it a heading."""
    if start + 1 >= end:
        return False
    begin, stop = state.bMarks[start + 1] + state.tShift[start + 1], state.eMarks[start + 1]
    if state.sCount[start] < state.blkIndent or begin >= stop or state.src[begin] not in "|-:":
        return False
    is_rule = state.src.find("|", begin, stop) < 0 and state.src.find(":", begin, stop) < 0
    return not is_rule and table(state, start, end, silent)


_PARSER: Final = _parser()
