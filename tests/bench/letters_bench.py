"""How long a colleague's letter takes to another screen, under the default limit of operations.

Run::

    python -m tests.bench.letters_bench [--letters 240] [--size 20000]

Two pages of one browser have one spec. In one of them eight letters a second are typed by real key events; in the
other each frame tells how many of them are drawn, as text or as a draft. Both pages have one clock. Prints
Markdown,
asserts no figure. Latencies depend on what else runs on the machine; the row ends with the load average.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.bench import cores
from tests.bench.figures import table
from tests.bench.spec_text import spec_of
from tests.e2e.browser import chromium
from tests.e2e.person import VIEW, Person, agree
from tests.serving import JupyterServer

LETTERS_A_SECOND: Final = 8
LETTERS: Final = "the limit of each call is told to all who ask for it "
HEADINGS: Final = ["what", "shown as", "p50 ms", "p95 ms", "p99 ms", "slowest", "load"]

KEYS: Final = """
() => {
  window.keys = [];
  const noted = event => window.keys.push(performance.timeOrigin + event.timeStamp);
  document.addEventListener('keydown', noted, true);
}
"""

FRAMES: Final = f"""
id => {{
  const view = ({VIEW})(id);
  const count = withDrafts => {{
    const letters = [...view.contentDOM.querySelectorAll('.cm-specDraft-letters')];
    const drafts = withDrafts ? letters.reduce((sum, each) => sum + each.dataset.letters.length, 0) : 0;
    return view.state.doc.length + drafts;
  }};
  const base = count(false);
  window.seen = {{ draft: [], text: [] }};
  const note = (list, until) => {{
    while (list.length < until - base) {{ list.push(performance.timeOrigin + performance.now()); }}
  }};
  const frame = () => {{
    const [drafts, text] = [count(true), count(false)];
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {{ note(seen.draft, drafts); note(seen.text, text); }};
    channel.port2.postMessage(null);
    requestAnimationFrame(frame);
  }};
  requestAnimationFrame(frame);
}}
"""


def measure(server: JupyterServer, options: argparse.Namespace) -> list[list[str]]:
    """A row for letters as they are shown first, and one for when they are in the document."""
    with chromium() as browser:
        ada = Person(browser, server, "ada", "Ada Lovelace")
        grace = Person(browser, server, "grace", "Grace Hopper")
        spec_id = ada.new_spec("Letters", spec_of(options.size))
        for person in (ada, grace):
            person.show(spec_id)
        ada.put_caret(spec_id, after="\n")
        ada.type("x")
        agree(spec_id, ada, grace)
        grace.put_caret(spec_id, after="\n")
        grace.page.evaluate(FRAMES, spec_id)
        ada.page.evaluate(KEYS)
        began = time.perf_counter()
        for number in range(options.letters):
            ada.page.wait_for_timeout(
                max(0.0, 1000 * (began + number / LETTERS_A_SECOND - time.perf_counter()))
            )
            ada.type(LETTERS[number % len(LETTERS)])
        agree(spec_id, ada, grace)
        typed = list(ada.page.evaluate("() => keys"))
        seen = dict(grace.page.evaluate("() => seen"))
    names = {"draft": "a draft or text", "text": "text"}
    return [row(names[kind], typed, seen[kind]) for kind in names]


def row(shown: str, typed: list[float], seen: list[float]) -> list[str]:
    waits = sorted(there - key for key, there in zip(typed, seen, strict=True))
    quantiles = [f"{waits[min(len(waits) - 1, int(len(waits) * each))]:.0f}" for each in (0.5, 0.95, 0.99)]
    load = f"{os.getloadavg()[0]:.1f}"
    return ["a colleague's letter on my screen", shown, *quantiles, f"{waits[-1]:.0f}", load]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--letters", type=int, default=240)
    parser.add_argument("--size", type=int, default=20_000)
    options = parser.parse_args()
    cores.end_in_order()
    with tempfile.TemporaryDirectory(prefix="letters-bench-") as directory:
        server = JupyterServer(Path(directory), lab=True, patience=120)
        with server:
            rows = measure(server, options)
    print(f"{options.letters} letters, eight a second, 100 operations a minute, {os.cpu_count()} cores.\n")
    print(table(HEADINGS, rows))


if __name__ == "__main__":
    main()
