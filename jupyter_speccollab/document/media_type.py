"""Media types of pictures: which one bytes are, whatever somebody says they are."""

from __future__ import annotations

import re
from typing import Final

EXTENSIONS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
"""The media types that a spec takes, each with the end of its file names."""

HEAD: Final = 65_536
"""The number of bytes in which the root element of an SVG has to begin."""

_SVG: Final = re.compile(
    r"\s*(?:<\?xml[^>]*+>\s*|<!--(?:(?!-->).)*+-->\s*|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?[^>]*+>\s*)*+"
    r"<(?:[A-Za-z_][\w.-]*+:)?svg[\s>/]",
    re.DOTALL,
)


def media_type_of(content: bytes | bytearray) -> str | None:
    """Return the media type of a picture; ``None`` for anything else. Only the beginning is looked at."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if _is_svg(content[:HEAD]) else None


def _is_svg(head: bytes | bytearray) -> bool:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, "replace")
    return _SVG.match(text) is not None
