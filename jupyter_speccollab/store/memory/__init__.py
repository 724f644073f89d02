"""A complete store in memory, for simulations and tests: only the data does not outlive the process."""

from __future__ import annotations

from .access import MemoryAccess
from .attachments import MemoryAttachments
from .attribution import MemoryAttribution
from .compaction import MemoryCompaction
from .lifecycle import MemoryLifecycle
from .operations import MemoryOperations
from .other_servers import MemoryOtherServers
from .read_marks import MemoryReadMarks
from .search import MemorySearch
from .sessions import MemorySessions
from .sittings import MemorySittings
from .snapshots import MemorySnapshots
from .specs import MemorySpecs
from .threads import MemoryThreads
from .tokens import MemoryTokens
from .transfer import MemoryTransfer
from .trash import MemoryTrash
from .usage import MemoryUsage
from .users import MemoryUsers

__all__ = ["MemoryStore"]


class MemoryStore(
    MemoryLifecycle,
    MemoryUsers,
    MemoryTrash,
    MemorySpecs,
    MemoryAccess,
    MemoryThreads,
    MemoryOperations,
    MemorySnapshots,
    MemorySittings,
    MemoryReadMarks,
    MemoryAttachments,
    MemoryAttribution,
    MemoryCompaction,
    MemorySearch,
    MemorySessions,
    MemoryTokens,
    MemoryTransfer,
    MemoryUsage,
    MemoryOtherServers,
):
    """A store whose methods never wait: each is one step of the event loop, so calls never interleave."""
