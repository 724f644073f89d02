"""What is wrong with an archive, or with a history that is to become one."""

from __future__ import annotations


class Flaw(Exception):
    """Says what is wrong, without where: a clause without a full stop."""


class BadArchive(Exception):
    """The file can't be imported, or the history not exported: a sentence for a person, with where."""
