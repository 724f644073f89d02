"""The full text search of a SQLite file: made when the file is opened, if this SQLite has FTS5."""

from __future__ import annotations

import logging

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .sqlite_file import is_out_of_reach, transact
from .statements import search as rows

logger = logging.getLogger(__name__)


def prepare_search(writer: Connection) -> None:
    """Make the FTS5 table if it is missing. A SQLite without FTS5 searches by comparing, which is said in the log.

    Law (``tests/store/test_sqlite_search.py``): whichever SQLite has written last, searches find the same. A file
    that takes no writes is left as it is.
    """
    has_index = rows.has_index(writer)
    if not has_fts5(writer):
        logger.warning("This SQLite has no FTS5: searches look at every text of a spec, and take longer.")
    if has_index is has_fts5(writer):
        return
    statements = rows.UNMADE_BY if has_index else rows.MADE_BY
    try:
        transact(writer, lambda connection: [connection.exec_driver_sql(each) for each in statements])
    except DBAPIError as error:
        if not is_out_of_reach(error):
            raise
        logger.warning("The full text search could not be prepared: %s", error.orig)


def has_fts5(connection: Connection) -> bool:
    """Whether this SQLite has FTS5."""
    modules = connection.exec_driver_sql("PRAGMA module_list").scalars()
    return "fts5" in modules.all()
