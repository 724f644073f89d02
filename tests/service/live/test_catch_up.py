"""The state for clients that have missed versions: a long text is encoded once for all of them, and is current."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from jupyter_speccollab.document.document import Document, Stage
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.live.catch_up import LONG, CatchUp
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Operation, Text


def edited(document: Document) -> None:
    submission = Submission(
        operation_id=f"edit {document.version}",
        user=User("ada", "ada", "Ada"),
        base_version=document.version,
        operations=Operation.of(3, "é"),
        fingerprint="",
    )
    stage = Stage(document, 10 * LONG)
    staged = stage.take(stage.transform(submission), datetime(2026, 1, 1, tzinfo=UTC))
    document.advance(staged.committed, staged.text)


def test_a_long_text_is_encoded_once_until_it_changes() -> None:
    document = Document("spec", "epoch", 0, Text('"ünicode"\n' * (LONG // 5)))
    missed = CatchUp(document, MemoryStore())
    first = missed.state(None, ())["content"]
    assert missed.state(None, ())["content"] is first
    assert msgspec.json.decode(first) == str(document.text)
    edited(document)
    second = missed.state(None, ())["content"]
    assert msgspec.json.decode(second) == str(document.text) != msgspec.json.decode(first)
    missed.text_changed()
    assert msgspec.json.decode(missed.state(None, ())["content"]) == str(document.text)


def test_a_short_text_is_not_encoded() -> None:
    document = Document("spec", "epoch", 0, Text("short"))
    assert CatchUp(document, MemoryStore()).state(None, ()) == {"content": "short"}
