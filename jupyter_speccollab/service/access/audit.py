"""The audit trail: who did what to whose access. The operation log is the trail of the text itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.errors import Forbidden, SpecCollabError, SpecNotFound, TokenExpired, Unauthenticated

Happening = Literal[
    "spec-created",
    "spec-deleted",
    "spec-restored",
    "spec-shared",
    "role-changed",
    "session-joined",
    "session-left",
    "token-minted",
]

REFUSALS: Final = (Unauthenticated, TokenExpired, Forbidden, SpecNotFound)
"""The refusals that are about access; others are not recorded."""


def nowhere(name: str, data: dict[str, Any]) -> None:
    """Where nobody listens."""


class Audit:
    """Records what happened, each by the schema of its name in ``event_schemas/``; never any text or token."""

    def __init__(self, emit: Callable[[str, dict[str, Any]], object] = nowhere) -> None:
        self._emit = emit

    def record(self, name: Happening, caller: Caller, spec_id: str, **more: Any) -> None:
        """``caller`` did this to a spec."""
        self._emit(name, {**_who(caller), "specId": spec_id, **more})

    def refused(
        self, error: SpecCollabError, caller: Caller | None, spec_id: str | None, **more: str
    ) -> None:
        """Somebody was refused, if it is a refusal of access; ``caller`` is missing where nobody is known."""
        if not isinstance(error, REFUSALS):
            return
        who = _who(caller) if caller else {}
        where = {"specId": spec_id} if spec_id else {}
        self._emit("access-refused", {**who, **where, "code": error.code, **more})


def _who(caller: Caller) -> dict[str, str]:
    return {"userId": caller.user.user_id, "login": caller.user.login}
