"""Prints how many tests on the shared data files ran, over pytest and vitest together.

``make test`` ends with this line, so that a run without the data can't be taken for a run with it.

- In pytest such a test is one that ``shared_data_plugin`` notes in the JUnit report.
- In vitest its full name holds the words "shared data".
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Count:
    ran: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.ran + other.ran, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"shared data: {self.ran} tests ran, {self.skipped} skipped"


def of_pytest(report: Path) -> Count:
    """The marked tests in a JUnit report of pytest's; none where there is no report."""
    if not report.exists():
        return Count()
    total = Count()
    for case in ElementTree.parse(report).iter("testcase"):
        if any(entry.get("name") == "shared_data" for entry in case.iter("property")):
            total += Count(skipped=1) if case.find("skipped") is not None else Count(ran=1)
    return total


def of_vitest(report: Path) -> Count:
    """The named tests in a JSON report of vitest's; none where there is no report."""
    if not report.exists():
        return Count()
    total = Count()
    for file in json.loads(report.read_text(encoding="utf-8"))["testResults"]:
        for case in file["assertionResults"]:
            if "shared data" in case["fullName"].lower():
                total += Count(ran=1) if case["status"] in ("passed", "failed") else Count(skipped=1)
    return total


if __name__ == "__main__":
    results = Path(sys.argv[1])
    print(of_pytest(results / "pytest.xml") + of_vitest(results / "vitest.json"))
