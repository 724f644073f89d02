"""All benchmarks, one after the other, as Markdown: ``python -m tests.bench [peers] [growth] [store] ...``.

``--write FILE`` also puts what is printed in its place in a document (see `tests.bench.document`); what follows
``--`` goes to each benchmark.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import document

BENCHES = {
    "peers": "Side by side",
    "growth": "How cost grows",
    "server": "Ten people on a server",
    "flood": "A flood beside them",
    "hostile": "A hostile user beside them",
    "store": "The store",
    "text": "The text",
    "attribution": "Who wrote each letter",
    "history": "History",
    "slider": "The slider of versions",
    "browser": "Typing in a page",
    "threads": "Comments and suggestions",
}
LONGEST = 7200.0
"""Seconds that one may take."""


def main() -> int:
    given = sys.argv[1:]
    place = given.index("--") if "--" in given else len(given)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(given[:place])
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    failed = 0
    for name in options.names or list(BENCHES):
        if name not in BENCHES:
            print(f"There is no benchmark {name!r}; there are: {', '.join(BENCHES)}.", file=sys.stderr)
            return 2
        print(f"\n## {BENCHES[name]}\n", flush=True)
        returncode, output = _run(name, given[place + 1 :])
        print(output if "| ---" in output else f"```\n{output}\n```")
        if options.write and not returncode:
            document.write(options.write, name, output)
        failed = failed or returncode
    return failed


def _run(name: str, arguments: Sequence[str]) -> tuple[int, str]:
    """Its return code, and what it printed; one that takes too long is told to end its servers, and itself."""
    command = [sys.executable, "-m", f"tests.bench.{name}_bench", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            output, _ = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.terminate()
            output, _ = process.communicate()
    return process.returncode, output.rstrip()


if __name__ == "__main__":
    sys.exit(main())
