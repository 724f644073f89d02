"""The entry of an open spec: its title, description, type and status, as this server knows them."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_speccollab.store.base import SpecRecord


class Entry:
    """Holds the record that was read last. ``changed`` is called with each one whose entry is newer.

    Several reads may overtake each other, so an older record is ignored. Law: everybody in the spec is told of the
    entry that the database has, in the order of its changes, also if the bus loses the news
    (``tests/handlers/test_spec_changed.py``).
    """

    def __init__(self, record: SpecRecord, changed: Callable[[SpecRecord], None]) -> None:
        self._record = record
        self._changed = changed

    @property
    def version(self) -> int:
        """How many times the entry was changed."""
        return self._record.entry_version

    @property
    def created_by(self) -> str:
        """The userId of the spec's creator, whose quota it counts for."""
        return self._record.created_by

    def see(self, record: SpecRecord) -> None:
        """Take a record that was read from the store, or that this server has changed."""
        if record.epoch == self._record.epoch and record.entry_version > self._record.entry_version:
            self._record = record
            self._changed(record)
