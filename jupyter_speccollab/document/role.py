"""Roles: what a user may do with a spec."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """Each role includes the ones before it; ``NONE`` does not even allow seeing the spec.

    A ``COMMENTER`` comments and suggests, but changes no text. Roles are stored and sent by name (`label`), never
    by number, so that another role can come between them.
    """

    NONE = 0
    VIEWER = 1
    COMMENTER = 2
    CONTRIBUTOR = 3
    ADMIN = 4
    OWNER = 5

    @classmethod
    def named(cls, name: str) -> Role:
        """The role of this lower-case name. Raises `KeyError`."""
        return cls[name.upper()]

    @property
    def label(self) -> str:
        """The name as the protocol writes it."""
        return self.name.lower()
