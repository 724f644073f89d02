"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["pytest_jupyter.jupyter_server"]


@pytest.fixture
def shared_data() -> Path:
    """The directory of the data files that others published (``SPECCOLLAB_DATA``)."""
    directory = os.environ.get("SPECCOLLAB_DATA")
    if not directory:
        pytest.skip("SPECCOLLAB_DATA is not set")
    return Path(directory)
