"""A document whose tables the bench writes, each between ``<!-- bench: NAME -->`` and ``<!-- /bench -->``."""

from __future__ import annotations

import re
from pathlib import Path


def write(file: Path, name: str, markdown: str) -> bool:
    """Replace what stands between the markers of ``name``; returns whether there are any."""
    begin, end = f"<!-- bench: {name} -->", "<!-- /bench -->"
    pattern = re.compile(f"({re.escape(begin)}\n).*?({re.escape(end)})", re.DOTALL)
    text, found = pattern.subn(
        lambda marks: f"{marks[1]}\n{markdown.strip()}\n\n{marks[2]}", file.read_text()
    )
    file.write_text(text)
    return bool(found)
