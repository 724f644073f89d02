"""Front matter: what the YAML at the head of a spec says of it."""

from __future__ import annotations

import re
from typing import Final

BLOCK: Final = re.compile(r"---\n(.*?)\n(?:---|\.\.\.)(?:\n|$)", re.DOTALL)
FIELD: Final = re.compile(r"(title|status|type):[ \t]*(.*?)[ \t]*")
HEAD: Final = 4_000
"""How far into a text its front matter may reach, in code points."""


def fields(content: str) -> dict[str, str]:
    """``title``, ``status`` and ``type`` as plain top-level scalars; what is anything else is left out."""
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
    """The ``status`` of a spec's front matter in lower case, or ``None`` where it says none."""
    status = fields(content).get("status")
    return None if status is None else status.lower()[:40]
