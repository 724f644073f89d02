"""Search: the texts of specs as searches look into them, in passages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from jupyter_speccollab.document.words import Passage, Term


class SearchStore(Protocol):
    """The table ``search_passages``, and the column ``searched_version`` of ``specifications``.

    `SpecStore.specs` looks into what was indexed here last. Commits do not touch it: it is brought up to date when
    a snapshot is taken.
    """

    async def index_text(self, spec_id: str, version: int, passages: Sequence[Passage]) -> None:
        """Make these passages, those of the text of ``version``, the ones in which searches look.

        Only what differs is written, and in several transactions, each of a few passages: others wait for no more.
        Meanwhile a search may find some of the old text and some of the new. Does nothing if there is no such spec.
        """

    async def unindexed(self, limit: int) -> Sequence[str]:
        """Return at most ``limit`` specs that have a snapshot of a later version than was indexed."""

    async def passages(self, spec_ids: Collection[str], terms: Sequence[Term]) -> Mapping[str, Passage]:
        """Return for each of these specs the first passage that has all of the terms, or else one of them."""
