"""Random values: any JSON, and valid values with a random change."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

SPEC = "the spec's own id"
"""A placeholder for the id of the spec, which `filled` replaces."""


many = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


words = st.sampled_from(
    ["", "x", "😀", "\n", "é\n", "# Head\n", "\r", "\0", "a" * 300, "ﷺ", "\u2028", "\\", '"']
)


numbers = st.integers(-2, 40) | st.sampled_from(
    [2**31, 2**53, 2**63, 2**64, 10**40, -(2**63), 1.5, 1e300, True]
)


scalars = st.none() | st.booleans() | numbers | words | st.text(max_size=5) | st.just(SPEC)


anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


ids = st.uuids(version=4).map(str)


@st.composite
def bent(draw: st.DrawFn, whole: st.SearchStrategy[Any]) -> Any:
    """A valid value in which one part, at any depth, is removed, changed or added."""
    value = draw(whole)
    part = value
    while True:
        keys = (
            list(part) if isinstance(part, dict) else list(range(len(part))) if isinstance(part, list) else []
        )
        if not keys:
            return value
        key = draw(st.sampled_from(keys))
        if isinstance(part[key], dict | list) and part[key] and draw(st.booleans()):
            part = part[key]
            continue
        match draw(st.sampled_from(["drop", "change", "add"])):
            case "drop":
                del part[key]
            case "change":
                part[key] = draw(anything)
            case "add" if isinstance(part, dict):
                part[draw(words)] = draw(anything)
            case "add":
                part.append(draw(anything))
        return value


@st.composite
def torn(draw: st.DrawFn, whole: st.SearchStrategy[Any]) -> str:
    """A valid frame as text, with some characters removed or inserted."""
    text = json.dumps(draw(whole))
    start = draw(st.integers(0, len(text)))
    piece = draw(
        st.sampled_from(
            ["", '"', "{", "[" * 2_000, "]", ",", "\\", "\\ud800", "9" * 5_000, "NaN", "1e999", "\x00"]
        )
    )
    return text[:start] + piece + text[start + draw(st.integers(0, 3)) :]


def filled(text: str, spec_id: str) -> str:
    return text.replace(SPEC, spec_id)
