"""The audit trail: who changed or used whose access. Edits of the text are recorded by the operation log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.errors import Forbidden, SpecCollabError, SpecNotFound, TokenExpired, Unauthenticated

AuditedAction = Literal[
    "spec-created",
    "spec-deleted",
    "spec-undeleted",
    "spec-restored",
    "spec-shared",
    "role-changed",
    "session-joined",
    "session-left",
    "thread-opened",
    "thread-closed",
    "thread-deleted",
    "suggestion-accepted",
    "suggestion-rejected",
    "people-mentioned",
    "token-minted",
]

REFUSALS: Final = (Unauthenticated, TokenExpired, Forbidden, SpecNotFound)
"""The refusals that concern access; others are not recorded."""


def discard(name: str, data: dict[str, Any]) -> None:
    """Record nothing."""


class Audit:
    """Emits events by the schemas in ``event_schemas/``. No event holds text of a spec or a token."""

    def __init__(self, emit: Callable[[str, dict[str, Any]], object] = discard) -> None:
        self._emit = emit

    def record(self, action: AuditedAction, caller: Caller, spec_id: str, **more: Any) -> None:
        """Record that ``caller`` did this to a spec."""
        self._emit(action, {**_who(caller), "specId": spec_id, **more})

    def expired(self, spec_id: str) -> None:
        """Record that the time of a spec in the trash was over, and the server has deleted it for good."""
        self._emit("spec-expired", {"specId": spec_id})

    def refused(
        self, error: SpecCollabError, caller: Caller | None, spec_id: str | None, **more: str
    ) -> None:
        """Record a refusal, if it concerns access. ``caller`` is ``None`` if the credentials are not valid."""
        if not isinstance(error, REFUSALS):
            return
        who = _who(caller) if caller else {}
        where = {"specId": spec_id} if spec_id else {}
        self._emit("access-refused", {**who, **where, "code": error.code, **more})


def _who(caller: Caller) -> dict[str, str]:
    return {"userId": caller.user.user_id, "login": caller.user.login}
