"""Letters as they are typed: a colleague sees them before they are stored, and they turn into text in place."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person, agree, names_stay
from tests.e2e.previews import show_preview, until_rendered

pytestmark = pytest.mark.e2e

START = "# Calls\n\nEvery Monday we call.\n\nThe last line.\n"

SHOWN = f"""
id => {{
  const view = ({VIEW})(id);
  const letters = [...view.contentDOM.querySelectorAll('.cm-specDraft-letters')];
  return {{ text: view.state.doc.toString(), letters: letters.map(each => each.dataset.letters).join('') }};
}}
"""

WATCH = f"""
id => {{
  const look = {SHOWN};
  window.seenByFrame = [];
  const frame = () => {{
    const {{ text, letters }} = look(id);
    window.seenByFrame.push([...text + letters].filter(each => '①②③④⑤⑥⑦⑧⑨⑩'.includes(each)).join(''));
    window.watching = requestAnimationFrame(frame);
  }};
  frame();
}}
"""

WATCH_PREVIEW = """
() => {
  window.seenByFrame = [];
  const frame = () => {
    for (const draft of document.querySelectorAll('.jp-SpecPreview p > .jp-SpecPreview-draft')) {
      const { firstChild, lastChild } = draft.parentElement;
      const selection = window.getSelection();
      selection.selectAllChildren(draft.parentElement);
      window.seenByFrame.push([firstChild.data, draft.dataset.letters, lastChild.data, selection.toString()]);
    }
    window.watching = requestAnimationFrame(frame);
  };
  frame();
}
"""


@pytest.fixture(scope="module")
def lab_options() -> dict[str, object]:
    """Few operations a minute, so that what is typed waits for seconds."""
    return {"SpecCollabApp.operations_per_minute": 12}


@pytest.fixture
def spec_id(ada: Person, grace: Person) -> str:
    spec_id = ada.new_spec("Calls", START)
    for person in (ada, grace):
        person.show(spec_id)
    ada.until(lambda: len(ada.connection(spec_id)["users"]) == 2, "Grace")
    return spec_id


def shown(person: Person, spec_id: str) -> dict[str, Any]:
    """The text that somebody's editor has, and the letters of drafts that it shows."""
    return dict(person.page.evaluate(SHOWN, spec_id))


def test_letters_are_on_a_colleagues_screen_before_they_are_stored(
    ada: Person, grace: Person, spec_id: str, pictures: Path
) -> None:
    ada.put_caret(spec_id, after="Every Monday")
    with names_stay(grace):
        ada.type(" at nine", delay=120)
        grace.until(lambda: shown(grace, spec_id)["letters"].endswith("nine"), "the letters")
        now = shown(grace, spec_id)
        assert "nine" not in now["text"]
        expect(grace.spec(spec_id).locator(".cm-specFlag")).to_have_text("Ada Lovelace")
        grace.picture(pictures / "draft.png")
    content = grace.spec(spec_id).locator(".cm-content")
    assert "nine" not in str(content.inner_text())
    grace.put_caret(spec_id, after="The last")
    grace.press("ControlOrMeta+A")
    grace.press("ControlOrMeta+C")
    assert "nine" not in grace.page.evaluate("() => navigator.clipboard.readText()")
    letters = grace.spec(spec_id).locator(".cm-specDraft-letters").last.bounding_box()
    caret = grace.spec(spec_id).locator(".cm-specCaret").bounding_box()
    assert letters is not None
    assert caret is not None
    assert abs(letters["x"] + letters["width"] - caret["x"]) < 3
    assert "Every Monday at nine we call." in agree(spec_id, ada, grace)
    end = grace.page.evaluate(
        f"""id => {{
          const view = ({VIEW})(id);
          return view.coordsAtPos(view.state.doc.toString().indexOf(' we call')).left;
        }}""",
        spec_id,
    )
    assert abs(letters["x"] + letters["width"] - end) < 1.5
    expect(grace.spec(spec_id).locator(".cm-specDraft")).to_have_count(0)


def test_the_preview_shows_them_where_they_will_be(ada: Person, grace: Person, spec_id: str) -> None:
    preview = show_preview(grace, spec_id)
    until_rendered(grace, spec_id)
    grace.page.evaluate(WATCH_PREVIEW)
    ada.put_caret(spec_id, after="Every Monday")
    ada.type(" at nine", delay=120)
    ada.press("Backspace")
    agree(spec_id, ada, grace)
    frames = grace.page.evaluate("() => { cancelAnimationFrame(watching); return seenByFrame; }")
    texts = {f"Every Monday{' at nine'[:count]} we call." for count in range(1, 9)}
    assert frames
    for before, letters, after, selected in frames:
        assert letters
        assert before + letters + after in texts
        assert selected.strip() == before + after
    expect(preview.locator("p", has_text="Every Monday at nin we call.")).to_be_visible()
    expect(preview.locator(".jp-SpecPreview-draft")).to_have_count(0)
    grace.run("speccollab:show-preview", mode="off")


def test_no_frame_shows_a_letter_twice_or_without_one_that_was_there(
    ada: Person, grace: Person, spec_id: str
) -> None:
    grace.page.evaluate(WATCH, spec_id)
    ada.put_caret(spec_id, after="we call")
    ada.type("①②③④⑤⑥⑦⑧⑨⑩", delay=150)
    agree(spec_id, ada, grace)
    frames = list(grace.page.evaluate("() => { cancelAnimationFrame(watching); return seenByFrame; }"))
    assert frames[-1] == "①②③④⑤⑥⑦⑧⑨⑩"
    for before, after in pairwise(frames):
        assert len(set(after)) == len(after), frames
        assert set(before) <= set(after), frames


def test_several_lines_take_the_place_that_they_will_have(ada: Person, grace: Person, spec_id: str) -> None:
    bottom = f"id => {{ const view = ({VIEW})(id); return view.coordsAtPos(view.state.doc.length - 2).top; }}"
    before = grace.page.evaluate(bottom, spec_id)
    ada.put_caret(spec_id, after="we call.")
    ada.type("x")
    ada.type("\nsecond\nthird", delay=60)
    grace.until(lambda: shown(grace, spec_id)["letters"].endswith("third"), "the lines")
    during = grace.page.evaluate(bottom, spec_id)
    assert "third" in agree(spec_id, ada, grace)
    after = grace.page.evaluate(bottom, spec_id)
    assert before < during
    assert abs(during - after) < 1.5


def test_it_is_gone_when_its_author_is(people: People, grace: Person) -> None:
    spec_id = grace.new_spec("Calls", START)
    grace.show(spec_id)
    mary = people("mary", "Mary Jackson")
    grace.call("PUT", f"api/specs/{spec_id}/collaborators/user:mary", {"role": "contributor"})
    mary.show(spec_id)
    mary.put_caret(spec_id, after="Every Monday")
    mary.type(" or never", delay=60)
    grace.until(lambda: shown(grace, spec_id)["letters"], "the letters")
    with mary.offline(spec_id):
        grace.until(lambda: not shown(grace, spec_id)["letters"], "their end")
        assert "or never" not in grace.text(spec_id)
    assert "Every Monday or never we call." in agree(spec_id, mary, grace)
