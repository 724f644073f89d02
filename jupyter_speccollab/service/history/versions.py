"""Versions: the text of any version of a spec."""

from __future__ import annotations

from contextlib import suppress

from jupyter_speccollab.document.document import Document
from jupyter_speccollab.errors import RevisionNotFound
from jupyter_speccollab.service.history.log import log
from jupyter_speccollab.store.base import OperationsFolded, Store
from jupyter_speccollab.text import Text


async def text_at(store: Store, document: Document, version: int) -> Text:
    """The text of a version: from memory, else from the nearest snapshot before it and the log.

    Raises `RevisionNotFound` if the version does not exist, or if operations that are needed to rebuild it were
    folded; ``details.nearest`` is then the nearest version that can be read.
    """
    if not 0 <= version <= document.version:
        raise no_version(document, version)
    kept = document.window.text_at(version)
    if kept is not None:
        return kept
    for _ in range(2):  # again if a compaction ran between reading the snapshot and the log
        with suppress(OperationsFolded):
            return await rebuilt(store, document.spec_id, version)
    raise await folded_away(store, document.spec_id, version)


async def rebuilt(store: Store, spec_id: str, version: int) -> Text:
    """The text of a version, from the nearest snapshot before it and the log. Raises `OperationsFolded`."""
    snapshot = await store.snapshot(spec_id, at=version)
    text = Text.of((snapshot and snapshot.content) or "")
    start = snapshot.version if snapshot else 0
    if start < version:
        async for committed in log(store, spec_id, start, version):
            text = text.apply(committed.operation)
    return text


def no_version(document: Document, version: int) -> RevisionNotFound:
    """The error for a version that the document never had."""
    return RevisionNotFound(f"There is no version {version}; the document has 0 to {document.version}.")


async def folded_away(store: Store, spec_id: str, version: int) -> RevisionNotFound:
    """The error for a version that can't be rebuilt, because operations were folded."""
    nearest = await store.nearest_snapshot(spec_id, version)
    return RevisionNotFound(
        f"The text of version {version} was folded away to save space. The nearest that can be read is version "
        f"{nearest}.",
        nearest=nearest,
    )
