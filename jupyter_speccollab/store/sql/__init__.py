"""The store over a SQL database: which statements each method runs, and what their failure means.

The subclasses, `SqliteStore` and `PostgresStore`, say how a connection is made and how a transaction is run.
"""

from __future__ import annotations

from .access import SqlAccess
from .attachments import SqlAttachments
from .attribution import SqlAttribution
from .compaction import SqlCompaction
from .operations import SqlOperations
from .read_marks import SqlReadMarks
from .search import SqlSearch
from .sessions import SqlSessions
from .sittings import SqlSittings
from .snapshots import SqlSnapshots
from .specs import SqlSpecs
from .threads import SqlThreads
from .tokens import SqlTokens
from .transfer import SqlTransfer
from .trash import SqlTrash
from .usage import SqlUsage
from .users import SqlUsers

__all__ = ["SqlStore"]


class SqlStore(
    SqlUsers,
    SqlSpecs,
    SqlTrash,
    SqlAccess,
    SqlThreads,
    SqlOperations,
    SqlSnapshots,
    SqlSittings,
    SqlReadMarks,
    SqlAttachments,
    SqlAttribution,
    SqlCompaction,
    SqlSearch,
    SqlSessions,
    SqlTokens,
    SqlTransfer,
    SqlUsage,
):
    """All of `Store` except `open`, `close`, `exclusive` and `changed_elsewhere`."""
