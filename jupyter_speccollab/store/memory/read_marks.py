"""Read marks in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jupyter_speccollab.store.base import ReadState
from jupyter_speccollab.store.base.read_marks import UNREAD

from .state import MemoryState, StoredSpec


class MemoryReadMarks(MemoryState):
    """Implements `ReadMarkStore`."""

    async def mark_read(self, spec_id: str, user_id: str, version: int) -> int:
        spec = self._spec(spec_id)
        self._require_users({user_id})
        spec.read_marks[user_id] = max(spec.read_marks.get(user_id, 0), min(version, spec.record.version))
        return spec.read_marks[user_id]

    async def read_states(self, user_id: str, spec_ids: Collection[str]) -> Mapping[str, ReadState]:
        found = {spec_id: self._specs[spec_id] for spec_id in spec_ids if spec_id in self._specs}
        return {spec_id: read_state(spec, user_id) for spec_id, spec in found.items()}


def read_state(spec: StoredSpec, user_id: str) -> ReadState:
    """How far the user has read the spec."""
    mark = spec.read_marks.get(user_id)
    newest = spec.log[max(mark or 0, spec.record.version - UNREAD) :]
    return ReadState(mark, sum(operation.user_id != user_id for operation in newest))
