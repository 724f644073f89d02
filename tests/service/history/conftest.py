"""Compactions in small batches, so that tests can interrupt them between batches."""

from __future__ import annotations

import pytest

from jupyter_speccollab.service.history import compaction as compaction_module


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction_module, "BATCH", 4)
    monkeypatch.setattr(compaction_module, "PAUSE", 0)
