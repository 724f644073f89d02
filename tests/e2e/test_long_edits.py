"""A long paste, thousands of replacements at once, undo of both, under the default limits: in parts, and whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person, agree

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

START = "# Plan\n\nAda writes here.\n"
LINE = 200
"""Characters of a line that is pasted; each has one place for a replacement."""

MEGABYTE = pytest.param(5000, marks=pytest.mark.soak)
"""Lines of a paste that takes more than a minute at a hundred operations a minute."""

PATIENCE = 300.0

REPLACE_ALL = f"""
([id, old, young]) => {{
  const view = ({VIEW})(id);
  const text = view.state.doc.toString();
  const changes = [];
  for (let at = text.indexOf(old); at >= 0; at = text.indexOf(old, at + old.length)) {{
    changes.push({{ from: at, to: at + old.length, insert: young }});
  }}
  view.dispatch({{ changes, userEvent: 'input.replace.all' }});
  return changes.length;
}}
"""

LISTEN = """
() => {
  const item = document.querySelector('.jp-SpecStatus-text');
  window.told = [];
  window.listening = new MutationObserver(() => told.push(item.textContent));
  listening.observe(item, { childList: true, characterData: true, subtree: true });
}
"""


@pytest.fixture(scope="module")
def pair(people: People) -> tuple[Person, Person]:
    return people("ada", "Ada Lovelace"), people("grace", "Grace Hopper")


@pytest.fixture
def spec_id(pair: tuple[Person, Person]) -> str:
    """A spec that both have open."""
    spec_id = pair[0].new_spec("Plan", START)
    for person in pair:
        person.show(spec_id)
    return spec_id


def long_text(lines: int) -> str:
    return "".join(
        f"{number:06d} the needle in {'hay ' * 44}".ljust(LINE - 1) + "\n" for number in range(lines)
    )


@contextmanager
def progress(person: Person, parts: int) -> Iterator[None]:
    """What happens meanwhile is told by the status bar, in about so many parts, ever fewer of them to go."""
    person.page.evaluate(LISTEN)
    yield
    told = person.page.evaluate("() => { listening.disconnect(); return told; }")
    found = [re.fullmatch(r"Saving a long edit, (\d+) parts to go", text) for text in told]
    left = [int(match[1]) for match in found if match]
    # What others type meanwhile may make one part more of the rest.
    assert all(later <= earlier + 1 for earlier, later in pairwise(left)), left
    assert len(set(left)) > 3
    assert left[0] > parts / 2, told


@pytest.mark.parametrize("lines", [1000, MEGABYTE])
def test_a_long_paste_many_replacements_and_undo_of_both(
    pair: tuple[Person, Person], spec_id: str, lines: int
) -> None:
    ada, grace = pair
    pasted = long_text(lines)
    ada.put_caret(spec_id, after="Ada writes here.")
    with progress(ada, parts=lines * LINE // 10_000):
        ada.paste(pasted)
        whole = START.replace("Ada writes here.", "Ada writes here." + pasted)
        assert agree(spec_id, *pair, patience=PATIENCE) == whole

    with progress(ada, parts=lines // 100):
        assert ada.page.evaluate(REPLACE_ALL, [spec_id, "needle", "pin"]) == lines
        grace.type_after(spec_id, "# Plan", " (Grace is here)")
        whole = whole.replace("# Plan", "# Plan (Grace is here)")
        assert agree(spec_id, *pair, patience=PATIENCE) == whole.replace("needle", "pin")

    ada.put_caret(spec_id, after="Ada writes here.")
    with progress(ada, parts=lines // 100):
        ada.press("ControlOrMeta+Z")
        assert agree(spec_id, *pair, patience=PATIENCE) == whole
    ada.press("ControlOrMeta+Z")
    assert agree(spec_id, *pair, patience=PATIENCE) == START.replace("# Plan", "# Plan (Grace is here)")


@pytest.mark.parametrize("lines", [2000, MEGABYTE])
def test_a_reload_in_the_middle_of_a_long_paste(
    pair: tuple[Person, Person], spec_id: str, lines: int
) -> None:
    ada, grace = pair
    pasted = long_text(lines)
    whole = START.replace("Ada writes here.", "Ada writes here." + pasted)
    ada.put_caret(spec_id, after="Ada writes here.")
    ada.paste(pasted)
    ada.until(lambda: len(grace.text(spec_id)) > len(START), "the first part")
    ada.leave()
    assert len(ada.stored(spec_id)["content"]) < len(whole)
    ada.visit_anew(spec_id)
    ada.until(lambda: ada.text(spec_id) == whole, "what was pasted")
    assert len(ada.stored(spec_id)["content"]) < len(whole)
    assert agree(spec_id, *pair, patience=PATIENCE) == whole
