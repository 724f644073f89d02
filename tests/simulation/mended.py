"""What the client still lacks. Whatever `test_answers.py` finds mended goes from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jupyter_speccollab.client.exchange import Exchange


class Mended(Exchange):
    """Passes over a conflict that answers an earlier sending of what is in flight, from another base."""

    def _take_conflict(self, data: Mapping[str, Any], now: float) -> None:
        outstanding = self.replica.pending.outstanding if self.replica is not None else None
        if (
            outstanding is not None
            and data["expectedVersion"] == json.loads(outstanding.frame)["data"]["version"]
        ):
            super()._take_conflict(data, now)
