"""The one line that says how much was simulated."""

from __future__ import annotations

from collections import Counter


def summary(runs: int, counts: Counter[str], seconds: float) -> str:
    """Counts of a number of runs, which took so many seconds of the real clock."""
    said = {
        "operations": counts["commit"],
        "cuts": counts["cut"],
        "restarts": counts["kill"] + counts["stop"],
        "lost races": counts["lost race"],
        "unknown outcomes": counts["unknown outcome"],
    }
    numbers = ", ".join(f"{count:,} {what}" for what, count in said.items())
    return f"simulated {runs:,} runs in {seconds:.0f} s: {numbers}"
