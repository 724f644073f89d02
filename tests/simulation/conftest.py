"""Records how much was simulated, for the end of the tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .campaign import Tally


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[Tally], None]:
    """Takes what is to be said in the summary (``tests/conftest.py``)."""
    return lambda tally: record_property("summary", f"simulation: {tally}")
