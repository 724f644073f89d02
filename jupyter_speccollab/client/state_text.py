"""The state of a client in words: those of the status bar in JupyterLab (``docs/states.md``)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

SAVED: Final = "Saved"
SAVING: Final = "Saving…"
VIEW_ONLY: Final = "View only"
NOT_CONNECTED: Final = "Not connected"
KEPT: Final = "edits kept here"


def state_text(
    *, lost_since: datetime | None, is_ended: bool, is_writable: bool, is_synchronised: bool
) -> str:
    """The words; ``lost_since`` is ``None`` while there is a connection.

    Law (``test_state_text.py``): each of them stands in the table of ``docs/states.md``.
    """
    kept = "" if is_synchronised else f" · {KEPT}"
    if is_ended:
        return NOT_CONNECTED + kept
    if lost_since is not None:
        return f"Offline since {lost_since:%H:%M}{kept}"
    if not is_synchronised:
        return SAVING
    return SAVED if is_writable else VIEW_ONLY
