"""How many comments and suggestions there may be; how long each may be says `thread_text`."""

from __future__ import annotations

from typing import Final

OPEN_THREADS: Final = 500
"""How many threads of a spec may be open at the same time."""

MESSAGES: Final = 200
"""How many messages a thread may have, deleted ones included."""
