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
    is_wanted = has_fts5(writer)
    if not is_wanted:
        logger.warning("This SQLite has no FTS5: searches look at every text of a spec, and take longer.")

    def prepare(connection: Connection) -> None:
        if rows.has_index(connection) is not is_wanted:  # another process may have prepared it meanwhile
            for statement in rows.MADE_BY if is_wanted else rows.UNMADE_BY:
                connection.exec_driver_sql(statement)

    if rows.has_index(writer) is is_wanted:
        return
    try:
        transact(writer, prepare)
    except DBAPIError as error:
        if not is_out_of_reach(error):
            raise
        logger.warning("The full text search could not be prepared: %s", error.orig)


def has_fts5(connection: Connection) -> bool:
    """Whether this SQLite has FTS5."""
    modules = connection.exec_driver_sql("PRAGMA module_list").scalars()
    return "fts5" in modules.all()
