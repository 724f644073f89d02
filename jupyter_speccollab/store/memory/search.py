"""Search in memory: each search looks at every passage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.document.words import START, Passage, Term, matches, words_of

from .state import MemoryState, StoredPassage


class MemorySearch(MemoryState):
    """Implements `SearchStore`."""

    async def index_text(self, spec_id: str, version: int, passages: Sequence[Passage]) -> None:
        spec = self._specs.get(spec_id)
        if spec is not None:
            spec.passages = [StoredPassage(each, words_of(each.text)) for each in passages]
            spec.searched_version = max(spec.searched_version, version)

    async def unindexed(self, limit: int) -> Sequence[str]:
        late = [key for key, spec in self._specs.items() if spec.searched_version < max(spec.snapshots)]
        return late[:limit]

    async def passages(self, spec_ids: Collection[str], terms: Sequence[Term]) -> Mapping[str, Passage]:
        found = {}
        for spec_id in spec_ids:
            spec = self._specs.get(spec_id)
            held = [] if spec is None else spec.passages
            some = [each for each in held if any(has(each, term) for term in terms)]
            most = [each for each in some if all(has(each, term) for term in terms)]
            for passage in (most or some)[:1]:
                found[spec_id] = passage.passage
        return found


def has(stored: StoredPassage, term: Term) -> bool:
    """Whether a passage has the term. A term without words is looked for in titles only."""
    if not term.words or not matches(term, stored.words):
        return False
    return term.is_word or term.key.replace(START, "") in search_key(stored.passage.text)
