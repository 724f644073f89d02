"""The schemas of the audit trail's events, for Jupyter's event system. ``docs/sharing.md`` lists the events."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

from jupyter_events import EventLogger

SCHEMA: Final = "https://schema.jupyter.org/jupyter_speccollab/{}/v1"
"""The id of an event's schema."""


def emitter(logger: EventLogger) -> Callable[[str, dict[str, Any]], object]:
    """Register the schemas with ``logger``. Returns a function that emits an event by its name."""
    for file in files(__package__).iterdir():
        if file.name.endswith(".yaml"):
            logger.register_event_schema(file.read_text(encoding="utf-8"))
    return lambda name, data: logger.emit(schema_id=SCHEMA.format(name), data=data)
