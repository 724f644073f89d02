"""The content hash: tells whether two texts are the same, and whether a stored one is undamaged."""

from __future__ import annotations

import hashlib


def content_hash(content: str) -> str:
    """Lower-case hex SHA-256 of the text's UTF-8."""
    return hashlib.sha256(content.encode()).hexdigest()
