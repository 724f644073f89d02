"""A thread that somebody asks to create."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jupyter_speccollab.document.passage import Passage
from jupyter_speccollab.document.thread_text import check_body, check_replacement
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.protocol.codec import fingerprint
from jupyter_speccollab.store.base import StoredMessage, StoredThread, ThreadKind, ThreadState
from jupyter_speccollab.text.anchor import Anchor


@dataclass(frozen=True, slots=True)
class NewThread:
    """A comment or suggestion on the range ``[start, end)`` of the text of ``version``."""

    thread_id: str
    kind: ThreadKind
    start: int
    end: int
    version: int
    body: str | None = None
    replacement: str | None = None

    def check(self) -> None:
        """Check what needs no text. Raises `InvalidMessage`, `InvalidContent`, `OperationTooLarge`."""
        is_comment = self.kind is ThreadKind.COMMENT
        if is_comment or self.body is not None:
            check_body(self.body)
        if is_comment and self.replacement is not None:
            raise InvalidMessage("A comment has no replacement; a suggestion has one.")
        if is_comment and self.start == self.end:
            raise InvalidMessage("A comment needs a passage: its start and end can't be the same.")
        if not is_comment and self.replacement is None:
            raise InvalidMessage("A suggestion needs a replacement; an empty one deletes the passage.")
        check_replacement(self.replacement or "")

    @property
    def fingerprint(self) -> str:
        """Tells a repeat from another thread with the same id."""
        place = [self.kind.value, self.start, self.end, self.version]
        return fingerprint([*place, self.body, self.replacement])

    def on(self, passage: Passage, by: User, now: datetime, mentions: tuple[str, ...]) -> StoredThread:
        """The thread on its passage. Raises `InvalidMessage` for a suggestion that changes nothing."""
        if self.replacement == passage.quote:
            raise InvalidMessage("This suggestion changes nothing: the same words stand there.")
        mark = self.fingerprint
        first = [] if self.body is None else [self._message(self.body, by, now, mark, mentions)]
        return StoredThread(
            thread_id=self.thread_id,
            kind=self.kind,
            state=ThreadState.OPEN,
            anchor=Anchor(passage.start, passage.end),
            anchor_version=self.version,
            quote=passage.quote,
            prefix=passage.prefix,
            suffix=passage.suffix,
            replacement=self.replacement,
            created_by=by.user_id,
            created_by_name=by.name,
            created_at=now,
            fingerprint=mark,
            changed=0,
            messages=tuple(first),
        )

    def _message(
        self, body: str, by: User, now: datetime, mark: str, mentions: tuple[str, ...]
    ) -> StoredMessage:
        return StoredMessage(self.thread_id, by.user_id, by.name, body, now, mark, mentions=mentions)
