"""``.ci/run`` fails when any part of it does, and ends with what the tests say."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = (".ci/run", "tests/packaging/beside.sh")

MAKE = """#!/bin/sh
for target; do
    case $target in -*|2) continue ;; esac
    echo "making $target"
    [ "$target" = "$BROKEN" ] && exit 2
done
[ "$target" = test ] || exit 0
until grep -q making .make/checks.log 2>/dev/null; do sleep 0.01; done
sleep 0.2
echo "7 passed"
"""
"""Makes nothing; fails for the target ``BROKEN``. The tests take longer than what runs beside them."""


def ci_run(directory: Path, broken: str) -> subprocess.CompletedProcess[str]:
    for name in FILES:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, directory / name)
    programs = directory / "programs"
    programs.mkdir()
    (programs / "make").write_text(MAKE)
    (programs / "make").chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "BROKEN": broken}
    return subprocess.run(
        [directory / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_it_passes_and_ends_with_what_the_tests_say(tmp_path: Path) -> None:
    result = ci_run(tmp_path, broken="")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1] == "7 passed"
    assert "== lint and wheel-check: passed" in result.stdout


@pytest.mark.parametrize("broken", ["install", "browser", "proxy", "lint", "wheel-check", "test"])
def test_it_fails_when_a_part_fails(tmp_path: Path, broken: str) -> None:
    result = ci_run(tmp_path, broken)
    assert result.returncode != 0
    assert f"making {broken}" in result.stdout


def test_what_failed_beside_the_tests_is_shown_whole(tmp_path: Path) -> None:
    result = ci_run(tmp_path, broken="wheel-check")
    assert "== lint and wheel-check: FAILED\nmaking lint\nmaking wheel-check\n" in result.stdout
