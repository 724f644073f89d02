"""The messages of clients, as types."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from jupyter_speccollab.document.cursor import Cursor, Position
from jupyter_speccollab.errors import SpecCollabError

Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""A version, line or column: an integer from 0 that JavaScript can represent exactly."""


class WirePosition(Struct, frozen=True):
    line: Count
    column: Count

    def position(self) -> Position:
        return Position(self.line, self.column)


class WireSelection(Struct, frozen=True):
    start: WirePosition
    end: WirePosition


class WireCursor(Struct, frozen=True):
    line: Count
    column: Count
    selection: WireSelection | None = None

    def cursor(self) -> Cursor:
        selection = self.selection
        return Cursor(
            Position(self.line, self.column),
            None if selection is None else (selection.start.position(), selection.end.position()),
        )


class JoinSession(Struct, frozen=True, rename="camel"):
    """``join_session``. ``last_known_version``, ``epoch`` and ``session_id`` resume a lost session.

    ``program`` is the name of the program that joins for its user. ``features`` are the parts of the protocol whose
    events the client takes; those that this server does not know are ignored.
    """

    spec_id: str
    batch: bool = False
    cursor_event: Literal["remote_cursor", "cursor_broadcast"] | None = None
    last_known_version: Count | None = None
    epoch: str | None = None
    session_id: str | None = None
    program: str | None = None
    features: list[str] | UnsetType = UNSET


DRAFTS: Final = "drafts"
"""The feature of clients that are sent the drafts of others."""

SUMMON: Final = "summon"
"""The feature of clients that are told when somebody asks everybody to come to their cursor."""

ATTACHMENTS: Final = "attachments"
"""The feature of clients that store pictures: they are told how large one may be."""

THREADS: Final = "threads"
"""The feature of clients that are told of changed comments and suggestions."""

FEATURES: Final = frozenset({DRAFTS, SUMMON, ATTACHMENTS, THREADS})
"""The features that this server has."""


class WireOperation(Struct, frozen=True, rename="camel"):
    """The data of ``operation`` as sent. The content of ``operations`` is checked later, against the text."""

    operation_id: str
    version: Count
    operations: Any = None
    cursor: WireCursor | None = None


class CursorUpdate(Struct, frozen=True):
    """``draft`` is JSON that nobody has looked at yet: most drafts are replaced before they are sent on.

    ``summon``: the user asks everybody to come to this cursor.
    """

    cursor: WireCursor | None
    version: Count | None = None
    draft: Raw = Raw(b"null")
    summon: Any = False


class WireInFlight(Struct, frozen=True, rename="camel"):
    operation_id: str
    operations: list[dict[str, Any]]


class WireDraft(Struct, frozen=True, rename="camel"):
    version: Count
    operations: list[dict[str, Any]]
    in_flight: WireInFlight | None = None
    cursor: Any = None


class RequestSync(Struct, frozen=True, rename="camel"):
    last_known_version: Count
    content: bool | None = None


class Authenticate(Struct, frozen=True):
    token: str


class LeaveSession(Struct, frozen=True, rename="camel"):
    spec_id: str | None = None


class Ping(Struct, frozen=True):
    pass


class SendOperation(Struct, frozen=True):
    """An ``operation`` with a valid id; if it is refused, the refusal carries that id.

    ``operation_id`` is in lower case, ``named`` is the id as the client wrote it. ``size`` is the length of the
    data as compact JSON, in UTF-16 units. ``fault`` is set if the data is invalid; ``version`` is then unused.
    """

    operation_id: str
    named: str
    version: int
    operations: object
    fingerprint: str
    size: int
    cursor: Cursor | None = None
    fault: SpecCollabError | None = None


ClientMessage = JoinSession | SendOperation | CursorUpdate | RequestSync | Authenticate | LeaveSession | Ping
