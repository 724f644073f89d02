"""A pytest plugin that notes in the JUnit report which tests need the shared data, for ``shared_data_count``.

A test says so by the mark ``shared_data`` or by asking for the fixture of that name.
"""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("shared_data") or "shared_data" in fixtures:
            item.user_properties.append(("shared_data", "true"))
