"""axe-core, which finds what keeps people with other senses or hands out of a page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

SCRIPT: Final = Path(__file__).parents[2] / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE: Final = ("serious", "critical")


def findings(page: Page, *selectors: str) -> list[str]:
    """What axe-core finds inside of these elements and calls serious or critical: the rule, and where."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    result = page.evaluate("include => axe.run({ include })", [[selector] for selector in selectors])
    return [
        f"{found['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for found in result["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]
