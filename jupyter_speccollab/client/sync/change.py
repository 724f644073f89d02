"""A change: something that a client's text went through without its doing."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_speccollab.text import Operation


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody else's edit, as it changed this client's text.

    ``operation`` is over the text as it was before; ``version`` is the server's after it. ``user_id`` and
    ``user_name`` are ``None`` where texts were merged after a long absence, so that nobody can say who it was.
    """

    version: int
    operation: Operation
    user_id: str | None = None
    user_name: str | None = None
