"""A server without limits of rate, and with short documents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.auth.test_tokens import SECRET


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {
        "operations_per_minute": 1_000_000,
        "writes_per_minute": 1_000_000,
        "document_length": 5_000,
        "token_secret": SECRET,
    }
