"""How cost grows on our servers: with servers, people, documents, size, history, idle connections. Prints Markdown.

Run::

    python -m tests.bench.growth_bench [--parts servers people documents size history idle] [--seconds 5]
                                       [--results FILE] [--directory DIR]

Asserts no figure. Each line is measured on servers that were started for it. ``--results`` keeps the tables in a
file of JSON, and takes those that are not made now from there; ``--parts`` without any shows them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench import cores
from tests.bench.figures import table
from tests.bench.growth import CROWDED, HISTORY, IDLE, Case, Row, crowded, with_history, with_idle
from tests.bench.ours import Ours

LONGEST: Final = 280.0
"""Seconds that one line may take."""


@dataclass(frozen=True)
class Line:
    """One line: what to measure, on which servers."""

    measure: Callable[[Ours, float], Awaitable[Row]]
    servers: int = 1
    team: bool = False
    in_a_row: int = 1


@dataclass(frozen=True)
class Part:
    """A table."""

    title: str
    headings: Sequence[str]
    lines: Sequence[Line]


def _crowds(*cases: Case) -> Sequence[Line]:
    return [
        Line(
            lambda ours, seconds, case=case: crowded(ours, case, seconds),  # type: ignore[misc]
            case.servers,
            case.team,
            case.people if case.together else 1,
        )
        for case in cases
    ]


def _on_servers(name: str, documents: int, people: int) -> Sequence[Line]:
    cases = [Case(f"{name}: 1, SQLite", documents=documents, people=people, rate=1000)]
    cases += [
        Case(f"{name}: {count}, PostgreSQL + Redis", count, True, documents, people, rate=1000)
        for count in (1, 2, 4)
    ]
    return _crowds(*cases)


PARTS: Final[Mapping[str, Part]] = {
    "servers": Part(
        "Servers",
        CROWDED,
        [
            *_on_servers("10 people in one document", 1, 10),
            *_on_servers("50 documents of 4 people", 50, 4),
            *_crowds(
                *(
                    Case(f"the same, all 4 on one server: {n}", n, True, 50, 4, rate=1000, together=True)
                    for n in (2, 4)
                )
            ),
        ],
    ),
    "people": Part(
        "People in one document", CROWDED, _crowds(*(Case(f"{n} people", people=n) for n in (10, 50)))
    ),
    "documents": Part(
        "Documents of 4 people",
        CROWDED,
        _crowds(
            *(Case(f"{n}, SQLite", documents=n, people=4, rate=1000) for n in (50, 500)),
            *(
                Case(f"{n}, two servers on PostgreSQL + Redis", 2, True, n, people=4, rate=1000)
                for n in (50, 500)
            ),
        ),
    ),
    "size": Part(
        "Size of the document",
        CROWDED,
        _crowds(*(Case(f"{n:,} code points", length=n) for n in (20_000, 2_000_000))),
    ),
    "history": Part(
        "Length of the history",
        HISTORY,
        [Line(lambda ours, s, n=n: with_history(ours, n, s)) for n in (1_000, 1_000_000)],  # type: ignore[misc]
    ),
    "idle": Part(
        "Idle connections",
        IDLE,
        [Line(lambda ours, s, n=n: with_idle(ours, n, s)) for n in (0, 1_000, 5_000)],  # type: ignore[misc]
    ),
}


def run(line: Line, directory: Path, seconds: float) -> Row:
    """Start the servers, measure, end them."""
    ours = Ours(directory, line.servers, line.team, line.in_a_row)
    try:
        ours.start()
        with asyncio.Runner() as runner, cores.on(cores.LOAD):
            return runner.run(asyncio.wait_for(line.measure(ours, seconds), LONGEST))
    finally:
        ours.close()


def shown(rows: Mapping[str, Sequence[Row]]) -> str:
    """All tables that there are rows for."""
    return "\n\n".join(
        f"### {part.title}\n\n{table(part.headings, rows[name])}"
        for name, part in PARTS.items()
        if name in rows
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    cores.open_many()
    rows: dict[str, list[Row]] = {}
    if options.results and options.results.exists():
        rows = json.loads(options.results.read_text())
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        for name in options.parts:
            rows[name] = []
            for place, line in enumerate(PARTS[name].lines):
                rows[name].append(run(line, Path(directory) / f"{name}{place}", options.seconds))
                if options.results:
                    options.results.write_text(json.dumps(rows, indent=1))
    print(f"{cores.told()}\n\n{shown(rows)}")


if __name__ == "__main__":
    cores.end_in_order()
    main()
