"""The tree that stores the content of a :class:`~jupyter_speccollab.text.rope.Text`.

The leaves are short strings. All leaves have the same depth::

                   Branch: 2,000,000 code points, 31,000 newlines
                   /          |                 \\
               Branch       Branch     ...     Branch
              /  |  \\      /  |  \\             /  |  \\
          Leaf Leaf Leaf Leaf ...                  ... Leaf

Nodes are immutable. An edit creates a few new leaves and the branches above them, and shares all other nodes with
the previous tree. Two neighbours of which one is small are merged if they fit into one node.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

LEAF_LENGTH: Final = 1024
"""The largest number of code points in a leaf."""
BRANCH_WIDTH: Final = 24
"""The largest number of children of a branch."""


class Leaf:
    """A piece of text."""

    __slots__ = ("length", "newlines", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.length = len(text)
        self.newlines = text.count("\n")


class Branch:
    """A node whose children have the same height."""

    __slots__ = ("children", "length", "newlines")

    def __init__(self, children: tuple[Node, ...], length: int, newlines: int) -> None:
        self.children = children
        self.length = length
        self.newlines = newlines


Node = Leaf | Branch
_EMPTY: Final = Leaf("")


def build(text: str) -> Node:
    """The tree of *text*."""
    return root_above(_leaves(text))


def root_above(nodes: Sequence[Node]) -> Node:
    """The root of a tree above *nodes*, which have the same height."""
    while len(nodes) > 1:
        nodes = _branches(nodes)
    root = nodes[0] if nodes else _EMPTY
    while isinstance(root, Branch) and len(root.children) == 1:
        root = root.children[0]
    return root


def replace(node: Node, start: int, end: int, insert: str) -> Sequence[Node]:
    """Replace the text of *node* from *start* to *end* by *insert*; return the nodes that replace *node*.

    Shapes: ``0 <= start <= end <= node.length``. The result has the height of *node*; it is empty if no text is
    left.
    """
    if isinstance(node, Leaf):
        return _leaves(node.text[:start] + insert + node.text[end:])
    children = node.children
    first, offset = _child_at(children, start)
    child = children[first]
    start -= offset
    end -= offset
    if end <= child.length:
        last = first
        replaced = replace(child, start, end, insert)
        if len(replaced) == 1 and not _is_small(replaced[0]):
            return (_with_child(node, first, replaced[0]),)
    else:
        beyond, offset = _child_at(children[first:], end)
        last = first + beyond
        left = replace(child, start, child.length, insert)
        replaced = [*left, *replace(children[last], 0, end - offset, "")]
    before = max(0, first - 1)
    near = _merged([*children[before:first], *replaced, *children[last + 1 : last + 2]])
    return _branches([*children[:before], *near, *children[last + 2 :]])


def leaves_below(node: Node) -> Iterator[Leaf]:
    """The leaves from left to right."""
    if isinstance(node, Leaf):
        yield node
    else:
        for child in node.children:
            yield from leaves_below(child)


def collect(node: Node, start: int, end: int, pieces: list[str]) -> None:
    """Append the text of *node* from *start* to *end* (``0 <= start < end <= node.length``) to *pieces*."""
    if isinstance(node, Leaf):
        pieces.append(node.text[start:end])
        return
    for child in node.children:
        if end <= 0:
            return
        if start < child.length:
            collect(child, max(0, start), min(end, child.length), pieces)
        start -= child.length
        end -= child.length


def newlines_before(node: Node, offset: int) -> int:
    """The number of newlines in the first *offset* code points."""
    count = 0
    while isinstance(node, Branch):
        index, begin = _child_at(node.children, offset)
        count += sum([child.newlines for child in node.children[:index]])
        node = node.children[index]
        offset -= begin
    return count + node.text.count("\n", 0, offset)


def behind_newline(node: Node, number: int) -> int:
    """The offset after newline *number*, counted from 1. That newline must exist."""
    offset = 0
    while isinstance(node, Branch):
        for child in node.children:
            if number <= child.newlines:
                break
            number -= child.newlines
            offset += child.length
        node = child
    place = -1
    for _ in range(number):
        place = node.text.index("\n", place + 1)
    return offset + place + 1


def _leaves(text: str) -> Sequence[Leaf]:
    length = len(text)
    if length <= LEAF_LENGTH:
        return (Leaf(text),) if text else ()
    count = -(-length * 4 // (LEAF_LENGTH * 3))
    cuts = [length * index // count for index in range(count + 1)]
    return [Leaf(text[start:end]) for start, end in pairwise(cuts)]


def _branches(children: Sequence[Node]) -> Sequence[Branch]:
    width = len(children)
    if width <= BRANCH_WIDTH:
        return (_branch(tuple(children)),) if children else ()
    count = -(-width * 4 // (BRANCH_WIDTH * 3))
    cuts = [width * index // count for index in range(count + 1)]
    return [_branch(tuple(children[start:end])) for start, end in pairwise(cuts)]


def _branch(children: tuple[Node, ...]) -> Branch:
    return Branch(
        children, sum([node.length for node in children]), sum([node.newlines for node in children])
    )


def _with_child(branch: Branch, index: int, child: Node) -> Branch:
    children = branch.children
    old = children[index]
    return Branch(
        (*children[:index], child, *children[index + 1 :]),
        branch.length + child.length - old.length,
        branch.newlines + child.newlines - old.newlines,
    )


def _child_at(children: Sequence[Node], position: int) -> tuple[int, int]:
    """The child that holds *position*, and the offset of its start. Between two children it is the left one."""
    begin = 0
    for index, child in enumerate(children):
        behind = begin + child.length
        if position <= behind:
            return index, begin
        begin = behind
    raise IndexError(f"{position} lies behind the last child's end, {begin}.")


def _is_small(node: Node) -> bool:
    if isinstance(node, Leaf):
        return node.length < LEAF_LENGTH // 4
    return len(node.children) < BRANCH_WIDTH // 4


def _merged(nodes: Sequence[Node]) -> list[Node]:
    merged: list[Node] = []
    for node in nodes:
        joined = _joined(merged[-1], node) if merged else None
        if joined is not None:
            merged[-1] = joined
        else:
            merged.append(node)
    return merged


def _joined(left: Node, right: Node) -> Node | None:
    """Both nodes merged into one, if one of them is small and they fit into one node."""
    if not (_is_small(left) or _is_small(right)):
        return None
    if isinstance(left, Leaf) and isinstance(right, Leaf):
        return Leaf(left.text + right.text) if left.length + right.length <= LEAF_LENGTH else None
    if isinstance(left, Branch) and isinstance(right, Branch):
        children = left.children + right.children
        return _branch(children) if len(children) <= BRANCH_WIDTH else None
    raise TypeError("Only nodes of one height stand side by side.")
