"""Operations on texts: pure functions of values, without input or output, clock or randomness.

An :class:`Operation` describes one edit; a :class:`Text` is a long text that edits apply to. All lengths and
positions count Unicode code points.
"""

from .attribution import Attribution, BadAttribution, Run, runs_in
from .changes import Change, operation_of, pack, unpack
from .chunks import Component
from .compose import compose
from .content import check_content, normalise_newlines
from .diff import compared_length, diff, differing_length, sendable_diff, word_changes
from .invert import invert
from .long_transform import transform_chunks
from .merge import merge
from .operation import EMPTY, Builder, Operation, apply, normalise
from .parts import Part, RunningTotal, added, parts_of, parts_of_changes, removed, total
from .positions import Side, transform_position, transform_range
from .rope import Text
from .transform import Priority, transform
from .wire import from_wire, to_sent, to_stored, to_wire

__all__ = [
    "EMPTY",
    "Attribution",
    "BadAttribution",
    "Builder",
    "Change",
    "Component",
    "Operation",
    "Part",
    "Priority",
    "Run",
    "RunningTotal",
    "Side",
    "Text",
    "added",
    "apply",
    "check_content",
    "compared_length",
    "compose",
    "diff",
    "differing_length",
    "from_wire",
    "invert",
    "merge",
    "normalise",
    "normalise_newlines",
    "operation_of",
    "pack",
    "parts_of",
    "parts_of_changes",
    "removed",
    "runs_in",
    "sendable_diff",
    "to_sent",
    "to_stored",
    "to_wire",
    "total",
    "transform",
    "transform_chunks",
    "transform_position",
    "transform_range",
    "unpack",
    "word_changes",
]
