"""Errors of an archive, and of a history that can't be exported."""

from __future__ import annotations


class Flaw(Exception):
    """Says what is wrong, but not where: a clause without a full stop."""


class BadArchive(Exception):
    """The file can't be imported, or the history can't be exported: a full sentence that says where."""
