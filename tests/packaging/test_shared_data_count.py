"""The last line of ``make test`` counts what it says it counts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.packaging.shared_data_count import Count, of_pytest, of_vitest

JUNIT = """<testsuites><testsuite>
  <testcase name="a"><properties><property name="shared_data" value="true"/></properties></testcase>
  <testcase name="b"><properties><property name="shared_data" value="true"/></properties><skipped/></testcase>
  <testcase name="c"><properties><property name="shared_data" value="true"/></properties><failure/></testcase>
  <testcase name="d"/>
</testsuite></testsuites>"""

VITEST = {
    "testResults": [
        {
            "assertionResults": [
                {"fullName": "traces (shared data) sveltecomponent", "status": "passed"},
                {"fullName": "traces (shared data) friendsforever", "status": "skipped"},
                {"fullName": "transform keeps both", "status": "passed"},
            ]
        }
    ]
}


def test_adds_up_both_reports(tmp_path: Path) -> None:
    (tmp_path / "pytest.xml").write_text(JUNIT, encoding="utf-8")
    (tmp_path / "vitest.json").write_text(json.dumps(VITEST), encoding="utf-8")
    total = of_pytest(tmp_path / "pytest.xml") + of_vitest(tmp_path / "vitest.json")
    assert str(total) == "shared data: 3 tests ran, 2 skipped"


def test_a_missing_report_counts_nothing(tmp_path: Path) -> None:
    assert of_pytest(tmp_path / "none.xml") + of_vitest(tmp_path / "none.json") == Count()
