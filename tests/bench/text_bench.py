"""What the text costs on the server. Prints figures and asserts nothing.

Run::

    python -m tests.bench.text_bench [--data DIR]

``--data`` (default: the environment variable ``SPECCOLLAB_DATA``) is the directory of the recorded traces;
without it they are left out.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_speccollab.text import (
    Operation,
    Text,
    apply,
    compose,
    diff,
    from_wire,
    normalise,
    to_wire,
    transform,
)
from tests.text.traces import read_trace, replay_concurrent

LINE = "A line of a spec, as people write them, with an é in it.\n"


def report(what: str, call: Callable[[], Any]) -> None:
    """Print the least time of one call."""
    timer = timeit.Timer(call)
    calls, _ = timer.autorange()
    each = min(timer.repeat(5, calls)) / calls
    print(f"{what:52} {each * 1e6:12.2f} µs {1 / each:14,.0f} /s")


def text_of(length: int) -> Text:
    """A text of that many code points."""
    return Text.of((LINE * (length // len(LINE) + 1))[:length])


def report_operations() -> None:
    letter, other = Operation.of(10_000, "x"), Operation.of(500, "abc", -3)
    wire = to_wire(letter)
    report("from_wire, one insert", lambda: from_wire(wire, 20_000))
    report("to_wire, one insert", lambda: to_wire(letter))
    report("normalise, one insert", lambda: normalise(letter))
    report("transform, insert against replacement", lambda: transform(letter, other, "left"))
    report("compose, insert and replacement", lambda: compose(letter, other))
    replacements = Operation.of(*([198, "ab", -2] * 5000))
    million, many = text_of(1_000_000), to_wire(replacements)
    report("5,000 replacements in 1,000,000", lambda: million.apply(replacements))
    report("from_wire, 10,000 components", lambda: from_wire(many, 1_000_000))


def report_text(length: int) -> None:
    text, places = text_of(length), itertools.cycle(range(0, length, 7919))
    content, letter = str(text), Operation.of(length // 2, "x")

    def type_letter() -> Text:
        place = next(places)
        return text.replace(place, place, "x")

    report(f"one letter into {length:,} code points", type_letter)
    report("... as an operation", lambda: text.apply(letter))
    report("... into a string", lambda: apply(letter, content))
    report("... line and column", lambda: text.line_column_of(next(places)))
    report("... Text.of", lambda: Text.of(content))


def report_diff() -> None:
    content = str(text_of(2_000_000))
    changed = content.replace("spec", "text")
    report("diff, each of 35,000 lines changed", lambda: diff(content, changed))


def report_traces(directory: Path) -> None:
    trace = read_trace(directory, "automerge-paper")
    patches = [patch for transaction in trace["txns"] for patch in transaction["patches"]]
    start = time.perf_counter()
    text = Text.of(trace["startContent"])
    for position, deleted, inserted in patches:
        text = text.apply(Operation.of(position, inserted, -deleted))
    report_trace("automerge-paper", len(patches), start, str(text) == trace["endContent"])
    concurrent = read_trace(directory, "friendsforever")
    start = time.perf_counter()
    text, _ = replay_concurrent(concurrent)
    report_trace("friendsforever", len(concurrent["txns"]), start, str(text) == concurrent["endContent"])


def report_trace(name: str, edits: int, start: float, right: bool) -> None:
    seconds = time.perf_counter() - start
    ends = "as recorded" if right else "NOT as recorded"
    print(f"{name}: {edits} edits in {seconds:.2f} s, {edits / seconds:,.0f} /s, ends {ends}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("SPECCOLLAB_DATA"))
    arguments = parser.parse_args()
    report_operations()
    report_text(20_000)
    report_text(2_000_000)
    report_diff()
    if arguments.data:
        report_traces(Path(arguments.data))


if __name__ == "__main__":
    main()
