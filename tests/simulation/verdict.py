"""The verdict: which checks failed in a run."""

from __future__ import annotations

from .trace import Trace


class Verdict:
    """Collects what can't happen, and did. It raises nothing, so that nobody in the run can catch it."""

    def __init__(self, trace: Trace) -> None:
        self.failures: list[str] = []
        self._trace = trace

    def require(self, holds: bool, *why: object) -> None:
        """Note a failure unless ``holds``; ``why`` is joined to its text."""
        if not holds:
            self.failures.append(" ".join(map(str, why)))
            self._trace.note("CHECK", self.failures[-1])
