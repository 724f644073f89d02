"""All benchmarks, one after the other, as Markdown: ``python -m tests.bench [peers] [growth] [store] ...``.

``--write FILE`` also puts what is printed in its place in a document (see `tests.bench.document`); what follows
``--`` goes to each benchmark.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from pathlib import Path

from tests.bench import document

BENCHES = {
    "peers": "Side by side",
    "growth": "How cost grows",
    "server": "Ten people on a server",
    "flood": "A flood beside them",
    "store": "The store",
    "text": "The text",
}
LONGEST = 3600.0
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
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}_bench", *given[place + 1 :]],
            stdout=subprocess.PIPE,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        output = done.stdout.rstrip()
        print(output if "| ---" in output else f"```\n{output}\n```")
        if options.write and not done.returncode:
            document.write(options.write, name, output)
        failed = failed or done.returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
