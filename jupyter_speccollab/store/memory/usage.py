"""Usage in memory: counted at each call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import Usage
from jupyter_speccollab.store.stored_bytes import (
    attachment_bytes,
    deleted_thread_bytes,
    operation_bytes,
    snapshot_bytes,
    thread_bytes,
)

from .state import MemoryState, StoredSpec


class MemoryUsage(MemoryState):
    """Implements `UsageStore`."""

    async def usage(self, user_ids: Collection[str]) -> Mapping[str, Usage]:
        return {user_id: self._usage_of(user_id) for user_id in user_ids}

    async def total_usage(self) -> Usage:
        return self._sum(self._specs.values())

    async def largest_usage(self, limit: int) -> Sequence[tuple[User, Usage]]:
        by_user: defaultdict[str, list[StoredSpec]] = defaultdict(list)
        for spec in self._specs.values():
            by_user[spec.record.created_by].append(spec)
        found = [(self._users[user_id], self._sum(specs)) for user_id, specs in by_user.items()]
        found.sort(key=lambda pair: (-pair[1].bytes, pair[0].user_id))
        return found[:limit]

    async def recount_usage(self, spec_id: str) -> None:
        pass

    def _usage_of(self, user_id: str) -> Usage:
        return self._sum(spec for spec in self._specs.values() if spec.record.created_by == user_id)

    def _sum(self, specs: Iterable[StoredSpec]) -> Usage:
        sizes = [_bytes(spec) for spec in specs]
        return Usage(len(sizes), sum(sizes))


def _bytes(spec: StoredSpec) -> int:
    log = sum(operation_bytes(each, folded=each.version <= spec.folded) for each in spec.log)
    texts = sum(map(snapshot_bytes, spec.snapshots.values()))
    threads = sum(map(thread_bytes, spec.threads.values()))
    gone = sum(map(deleted_thread_bytes, spec.deleted_threads.values()))
    pictures = sum(attachment_bytes(each.record) for each in spec.attachments.values())
    return log + texts + threads + gone + pictures
