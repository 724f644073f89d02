"""Visible text: what is read of a heading or an item, without marks of emphasis, links and code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, link

LONGEST: Final = 10_000
"""Of a longer text nothing is read behind this number of code points."""

WHITE: Final = " \t\n"

_INDENT: Final = re.compile(r"\n[ \t]+")
_BREAK: Final = re.compile(r" *\n")
_MARKUP: Final = re.compile(r"[\\`*_\[\]<&]")


@dataclass(frozen=True, slots=True)
class VisibleText:
    """A text as it is read, and the extents in it of code spans."""

    text: str
    code: tuple[tuple[int, int], ...] = ()


def visible_text(source: str, references: Mapping[str, Any]) -> VisibleText:
    """Read the text of a block, which may have several lines. ``references`` are those of `Blocks`."""
    text = _INDENT.sub("\n", source[:LONGEST]).strip(WHITE)
    if not _MARKUP.search(text):
        return VisibleText(_BREAK.sub(" ", text))
    read = ""
    code: list[tuple[int, int]] = []
    before = ""
    for token in _PARSER.parseInline(text, dict(references))[0].children or []:
        match token.type:
            case "image" | "html_inline":
                continue
            case "softbreak" | "hardbreak":
                # The parser takes a space with the backslash before it, and does not see it at the end of a line.
                if before == "text" and read.endswith("\\ "):
                    read = read[:-1]
                read += " "
                before = ""
                continue
            case "code_inline":
                code.append((len(read), len(read) + len(token.content)))
        read += token.content
        before = token.type
    stripped = read.lstrip(WHITE)
    gone = len(read) - len(stripped)
    return VisibleText(stripped.rstrip(WHITE), tuple((start - gone, end - gone) for start, end in code))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    parser.inline.ruler.at("link", _link)
    return parser


def _link(state: StateInline, silent: bool) -> bool:
    """The library's rule, which reads on to the end at each bracket, only where there can be a link."""
    has_address = state.src.find("](", state.pos) >= 0
    has_label = bool(state.env.get("references")) and state.src.find("]", state.pos) >= 0
    return (has_address or has_label) and link(state, silent)


_PARSER: Final = _parser()
