"""Attribution letter by letter, as a plain reading of its definition."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from jupyter_speccollab.text import Operation, Run


def noted(versions: list[int], operation: Operation, version: int) -> list[int]:
    """The version of each letter after ``operation``, letter by letter."""
    result: list[int] = []
    position = 0
    for component in operation.components:
        if isinstance(component, str):
            result += [version] * len(component)
        else:
            if component > 0:
                result += versions[position : position + component]
            position += abs(component)
    return result + versions[position:]


def runs_of(versions: Iterable[int]) -> list[Run]:
    return [(len(list(run)), version) for version, run in groupby(versions)]
