"""Front matter: the YAML block at the beginning of a spec."""

from __future__ import annotations

import re
from typing import Final

BLOCK: Final = re.compile(r"---\n(.*?)\n(?:---|\.\.\.)(?:\n|$)", re.DOTALL)
FIELD: Final = re.compile(r"(title|status|type):[ \t]*(.*?)[ \t]*")
HEAD: Final = 4_000
"""The length of the part of a text, in code points, that is searched for front matter."""


def fields(content: str) -> dict[str, str]:
    """The fields ``title``, ``status`` and ``type``, as far as they are plain top-level scalars."""
    block = BLOCK.match(content[:HEAD])
    if block is None:
        return {}
    found = {}
    for line in block[1].split("\n"):
        match = FIELD.fullmatch(line)
        if match is None:
            continue
        value = match[2]
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        if value and value[0] not in "[{|>&*!":
            found[match[1]] = value[:200]
    return found


def status_of(content: str) -> str | None:
    """The ``status`` in a spec's front matter, in lower case, or ``None`` if it has none."""
    status = fields(content).get("status")
    return None if status is None else status.lower()[:40]
