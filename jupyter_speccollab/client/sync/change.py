"""A change of a client's text that the client did not make itself."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_speccollab.text import Operation


@dataclass(frozen=True, slots=True)
class Change:
    """Another user's edit, as it changed this client's text.

    ``operation`` applies to the text before the change; ``version`` is the server's version after it.
    ``user_id`` and ``user_name`` are ``None`` when texts were merged after a long absence, because the merge may
    hold edits of several users.
    """

    version: int
    operation: Operation
    user_id: str | None = None
    user_name: str | None = None
