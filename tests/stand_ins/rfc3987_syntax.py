"""Stands in for the package of this name, which takes seconds to import, in the processes that tests start.

``jupyter_events`` imports it by way of ``jsonschema`` in every Jupyter process, to check the format ``iri``, which
no schema here has.
"""

from __future__ import annotations


def is_valid_syntax(_term: str, _text: str) -> bool:
    """Take every text for a valid one."""
    return True
