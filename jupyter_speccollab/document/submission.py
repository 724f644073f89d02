"""A submission: an operation that a client sent to be committed."""

from __future__ import annotations

from msgspec import Struct

from jupyter_speccollab.document.cursor import Cursor, Offsets
from jupyter_speccollab.document.user import User


class Suggested(Struct, frozen=True):
    """The thread of an accepted suggestion, and who has suggested it."""

    thread_id: str
    author_id: str
    author_name: str


class Submission(Struct, frozen=True):
    """An operation on the text of ``base_version``.

    ``operations`` is a wire list as it came in, or an `Operation`. ``fingerprint`` tells a repeat from a reuse of
    the id. ``session_id`` is ``None`` if no session sent it. ``cursor`` holds after the operation; it is
    `Offsets` once the text at ``base_version`` was at hand to count them in. ``exact``: refuse the operation,
    rather than transform it, if ``base_version`` is no longer the current version. ``suggested``: the operation is
    that of a suggestion, which ``user`` has accepted.
    """

    operation_id: str
    user: User
    base_version: int
    operations: object
    fingerprint: str
    session_id: str | None = None
    cursor: Cursor | Offsets | None = None
    exact: bool = False
    suggested: Suggested | None = None
