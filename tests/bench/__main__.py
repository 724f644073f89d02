"""All benchmarks, one after the other, as Markdown: ``python -m tests.bench [text] [store] [server]``."""

from __future__ import annotations

import platform
import subprocess
import sys

BENCHES = {
    "peers": "Side by side",
    "growth": "How cost grows",
    "server": "Ten people on a server",
    "flood": "A flood beside them",
    "store": "The store",
    "text": "The text",
}
LONGEST = 1800.0
"""Seconds that one may take."""


def main() -> int:
    chosen = sys.argv[1:] or list(BENCHES)
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    failed = 0
    for name in chosen:
        if name not in BENCHES:
            print(f"There is no benchmark {name!r}; there are: {', '.join(BENCHES)}.", file=sys.stderr)
            return 2
        print(f"\n## {BENCHES[name]}\n", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}_bench"],
            stdout=subprocess.PIPE,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        output = done.stdout.rstrip()
        print(output if "| ---" in output else f"```\n{output}\n```")
        failed = failed or done.returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
