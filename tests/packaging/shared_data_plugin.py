"""A pytest plugin that notes the mark ``shared_data`` in the JUnit report, for ``shared_data_count``."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.user_properties.append(("shared_data", "true"))
