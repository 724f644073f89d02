"""A spec as it reads: rendered beside its source or instead of it, ticked, scrolled along."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person, agree
from tests.e2e.previews import TEXT, is_rendered, preview_of, put_text, show_preview, until_rendered
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    writer = people("ada", "Ada Lovelace", width=1366)
    writer.visit_anew()
    return writer


@pytest.fixture
def spec_id(writer: Person) -> str:
    spec_id = writer.new_spec("Churn model", TEXT)
    writer.show(spec_id)
    return spec_id


def test_source_both_or_preview(writer: Person, spec_id: str) -> None:
    """By keys, toolbar and menu; kept for the spec; and never two where there is no room for two."""
    spec = writer.spec(spec_id)
    content, preview = spec.locator(".cm-content"), preview_of(writer, spec_id)
    expect(preview).to_have_count(0)
    content.click()
    writer.press("ControlOrMeta+Shift+E")
    expect(preview.get_by_role("heading", name="Churn model")).to_be_visible()
    expect(content).to_be_visible()
    divider = spec.get_by_role("separator")
    before = content.bounding_box()
    divider.focus()
    writer.press("ArrowRight")
    after = content.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"]
    writer.reload()
    writer.opened(spec_id)
    expect(preview.get_by_role("heading", name="Churn model")).to_be_visible()
    expect(content).to_be_visible()
    assert divider.get_attribute("aria-valuenow") == "55"
    spec.get_by_role("radio", name="Preview", exact=True).click()
    expect(content).to_be_hidden()
    expect(preview).to_be_visible()
    preview.focus()
    writer.press("ControlOrMeta+Shift+E")
    expect(preview).to_have_count(0)
    expect(content).to_be_focused()
    writer.run("speccollab:show-preview", mode="beside")
    expect(preview).to_be_visible()
    writer.resize(620)
    expect(content).to_be_hidden()
    expect(preview).to_be_visible()
    expect(spec.get_by_role("radio")).to_have_count(2)
    writer.resize(1366)
    expect(content).to_be_visible()
    other = writer.new_spec("Another", "# Another\n")
    writer.show(other)
    expect(preview_of(writer, other)).to_have_count(0)


def test_it_is_rendered_as_in_a_notebook(writer: Person, spec_id: str) -> None:
    show_preview(writer, spec_id)
    preview = until_rendered(writer, spec_id)
    expect(preview.get_by_text("status: draft")).to_have_count(0)
    expect(preview.locator("mjx-container")).to_have_count(2)
    expect(preview.locator("pre code span").first).to_be_visible()
    expect(preview.locator(".jp-RenderedMermaid img")).to_be_visible()
    expect(preview.get_by_role("cell", name="19.3 %")).to_be_visible()
    preview.get_by_text("More", exact=True).click()
    expect(preview.locator("details em")).to_be_visible()
    plan = preview.get_by_role("link", name="the plan")
    assert plan.get_attribute("href") == "https://example.org/plan"
    assert "noopener" in (plan.get_attribute("rel") or "")
    preview.locator("sup").get_by_role("link", name="1").click()
    expect(preview.locator(".jp-SpecPreview-note")).to_contain_text("As of April.")


def test_only_what_changed_is_rendered_again(writer: Person, spec_id: str) -> None:
    show_preview(writer, spec_id)
    preview = until_rendered(writer, spec_id)
    preview.evaluate(
        "node => node.querySelectorAll('.jp-SpecPreview-block > *').forEach(each => { each.wasHere = true; })"
    )
    writer.type_after(spec_id, "nobody calls", " ever")
    expect(preview.get_by_text("nobody calls ever is worth")).to_be_visible()
    fresh = preview.evaluate(
        """node => [...node.querySelectorAll('.jp-SpecPreview-block > *')]
            .filter(each => !each.wasHere).map(each => each.localName)"""
    )
    assert fresh == ["blockquote"]
    writer.put_caret(spec_id, after="# Churn model\n")
    writer.write("\nA *new* paragraph.\n")
    expect(preview.get_by_text("A new paragraph.")).to_be_visible()
    kept = preview.evaluate("node => node.querySelector('.jp-RenderedMermaid').wasHere === true")
    assert kept


def test_boxes_tick_the_source(writer: Person, grace: Person, spec_id: str) -> None:
    show_preview(writer, spec_id)
    preview = until_rendered(writer, spec_id)
    preview.get_by_role("checkbox", name="FR-001 Collect the calls").check()
    done = TEXT.replace("- [ ] FR-001", "- [x] FR-001")
    assert agree(spec_id, writer) == done
    box = preview.get_by_role("checkbox", name="a smaller one")
    box.focus()
    writer.press("Space")
    writer.until(lambda: "  - [x] a smaller one" in writer.text(spec_id), "the tick")
    expect(box).to_be_checked()
    writer.until(lambda: is_rendered(preview), "the block with the tick")
    expect(box).to_be_focused()
    writer.run("speccollab:undo")
    expect(box).not_to_be_checked()
    assert agree(spec_id, writer) == done
    # Also when both are done before the preview has read the text again, so that it has nothing to render.
    box.evaluate("box => { box.click(); void jupyterapp.commands.execute('speccollab:undo'); }")
    expect(box).not_to_be_checked()
    assert agree(spec_id, writer) == done
    grace.show(spec_id)
    show_preview(grace, spec_id, "instead").get_by_role("checkbox", name="a smaller one").check()
    expect(box).to_be_checked()


def test_a_viewer_reads(writer: Person, people: People, spec_id: str) -> None:
    """The preview comes first, and its boxes are no buttons; the source is a click away."""
    writer.call("PUT", f"api/specs/{spec_id}/collaborators/user:vera", {"role": "viewer"})
    vera = people("vera", "Vera Rubin")
    vera.visit_anew(spec_id)
    vera.opened(spec_id)
    preview = until_rendered(vera, spec_id)
    expect(vera.spec(spec_id).locator(".cm-content")).to_be_hidden()
    expect(preview.get_by_role("checkbox", name="a smaller one")).to_be_disabled()
    vera.spec(spec_id).get_by_role("radio", name="Source", exact=True).click()
    expect(vera.spec(spec_id).locator(".cm-content")).to_be_visible()
    vera.reload()
    vera.opened(spec_id)
    expect(vera.spec(spec_id).locator(".cm-content")).to_be_visible()


def test_links_lead_where_they_should(writer: Person, spec_id: str, lab: JupyterServer) -> None:
    other = writer.new_spec("Another", "# Another\n")
    text = TEXT + f"\nSee [another](?spec={other}) and [away](https://example.org/).\n"
    put_text(writer, spec_id, text)
    preview = show_preview(writer, spec_id, "instead")
    until_rendered(writer, spec_id)
    heading = preview.get_by_role("heading", name="The data")
    heading.hover()
    link = writer.copied_by(heading.get_by_role("link"))
    assert link.endswith(f"?spec={spec_id}#the-data"), link
    preview.get_by_role("link", name="the data", exact=True).click()
    writer.until(
        lambda: (heading.bounding_box() or {"y": 9999})["y"] < 250 or at_end(preview), "the heading on top"
    )
    with writer.context.expect_page() as opened:
        preview.get_by_role("link", name="away").click()
    assert opened.value.evaluate("() => window.opener") is None
    opened.value.close()
    preview.get_by_role("link", name="the notebook").click()
    expect(writer.page.locator(".jp-NotebookPanel:visible")).to_have_count(1)
    writer.run("speccollab:open", specId=spec_id)
    preview.get_by_role("link", name="another").click()
    writer.opened(other)
    writer.visit_anew()


def at_end(preview: Locator) -> bool:
    return bool(preview.evaluate("node => node.scrollTop + node.clientHeight >= node.scrollHeight - 2"))


PARAGRAPH: Final = "Every Monday we call those who are likely to leave, and write down what they say. " * 4


def long_text(sections: int) -> str:
    return "".join(f"## Section {number}\n\n{PARAGRAPH}\n\n- one\n- two\n\n" for number in range(sections))


def section_on_top(person: Person, preview: Locator) -> int:
    """The number of the section in the middle of the preview."""
    return int(
        preview.evaluate(
            """node => {
              const middle = node.getBoundingClientRect().top + node.clientHeight / 2;
              const above = [...node.querySelectorAll('h2')]
                .filter(each => each.getBoundingClientRect().top <= middle);
              return Number(above.at(-1)?.textContent.match(/\\d+/)[0] ?? 0);
            }"""
        )
    )


def section_in_source(person: Person, spec_id: str) -> int:
    """The number of the section in the middle of the editor."""
    return int(
        person.page.evaluate(
            f"""id => {{
              const view = ({VIEW})(id);
              const {{ scrollTop, clientHeight }} = view.scrollDOM;
              const {{ from }} = view.lineBlockAtHeight(scrollTop + clientHeight / 2);
              const before = view.state.doc.sliceString(0, from).match(/^## Section \\d+/gm) ?? ['0'];
              return Number(before.at(-1).match(/\\d+/)[0]);
            }}""",
            spec_id,
        )
    )


def wheel(person: Person, over: Locator, pixels: int) -> None:
    box = over.bounding_box()
    assert box
    person.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    person.page.mouse.wheel(0, pixels)


def test_both_sides_scroll_together(writer: Person, grace: Person) -> None:
    spec_id = writer.new_spec("Long", long_text(60))
    writer.show(spec_id)
    preview = show_preview(writer, spec_id)
    scroller = writer.spec(spec_id).locator(".cm-scroller")

    def are_together(least: int) -> bool:
        source, rendered = section_in_source(writer, spec_id), section_on_top(writer, preview)
        return min(source, rendered) >= least and abs(source - rendered) <= 1

    wheel(writer, scroller, 4000)
    writer.until(lambda: are_together(5), "the preview where the source is")
    wheel(writer, preview, 3000)
    writer.until(lambda: are_together(12), "the source where the preview is")
    wheel(writer, preview, 90_000)
    writer.until(lambda: at_end(preview) and are_together(56), "both ends")
    # What somebody else writes moves neither side.
    wheel(writer, preview, -4000)
    writer.until(lambda: not at_end(preview) and are_together(30), "both somewhere")
    shown = section_on_top(writer, preview)
    grace.show(spec_id)
    grace.put_caret(spec_id, after="## Section 0")
    for _ in range(12):
        grace.press("Enter")
        grace.type("Grace writes above.")
    writer.until(lambda: writer.text(spec_id).count("Grace writes above.") == 12, "what Grace writes")
    until_rendered(writer, spec_id)
    assert abs(section_on_top(writer, preview) - shown) <= 1
    assert are_together(shown - 1)
    writer.run("speccollab:scroll-together")
    before = section_in_source(writer, spec_id)
    wheel(writer, preview, -90_000)
    writer.until(lambda: section_on_top(writer, preview) == 0, "the beginning of the preview")
    assert section_in_source(writer, spec_id) == before
    writer.run("speccollab:scroll-together")


def test_others_are_beside_the_block_that_they_are_in(writer: Person, grace: Person, spec_id: str) -> None:
    show_preview(writer, spec_id)
    preview = until_rendered(writer, spec_id)
    grace.show(spec_id)
    grace.put_caret(spec_id, after="nobody calls")
    block = preview.locator(".jp-SpecPreview-block").filter(has_text="nobody calls")
    expect(block.get_by_role("img", name="Grace Hopper")).to_be_visible()
    expect(preview.get_by_role("img", name="Grace Hopper")).to_have_count(1)


def caret(person: Person, spec_id: str) -> int:
    return int(person.page.evaluate(f"id => ({VIEW})(id).state.selection.main.head", spec_id))


def test_a_double_click_goes_to_the_source(writer: Person, spec_id: str) -> None:
    writer.put_caret(spec_id, after="# Churn")
    before = caret(writer, spec_id)
    show_preview(writer, spec_id)
    until_rendered(writer, spec_id)
    word = preview_of(writer, spec_id).get_by_text("Collect the calls")
    word.click()
    assert caret(writer, spec_id) == before
    word.dblclick()
    writer.until(lambda: caret(writer, spec_id) != before, "the caret elsewhere")
    at = caret(writer, spec_id)
    line = writer.text(spec_id)[:at].count("\n")
    assert TEXT.split("\n")[line] == "- [ ] FR-001 Collect the calls"
    expect(writer.spec(spec_id).locator(".cm-content")).to_be_focused()


def test_a_long_text_is_rendered_where_one_looks(writer: Person) -> None:
    """A megabyte: what is far from the view is not in the page, and an edit shows soon."""
    text = long_text(2600)
    assert len(text) > 900_000
    spec_id = writer.new_spec("Very long", text)
    writer.show(spec_id)
    preview = show_preview(writer, spec_id, "instead")
    expect(preview.get_by_role("heading", name="Section 0 ")).to_be_visible()
    blocks = preview.locator(".jp-SpecPreview-block")
    assert blocks.count() < 300
    preview.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(preview.get_by_role("heading", name="Section 2599 ")).to_be_visible()
    preview.evaluate("node => { node.scrollTop = node.scrollHeight / 2; }")
    writer.until(lambda: 1000 < section_on_top(writer, preview) < 1400, "the middle")
    until_rendered(writer, spec_id)
    assert blocks.count() < 300
    number = section_on_top(writer, preview)
    writer.page.evaluate(
        f"""([id, heading]) => {{
          const view = ({VIEW})(id);
          const at = view.state.doc.toString().indexOf(heading) + heading.length;
          view.dispatch({{ changes: {{ from: at, insert: ' as it is now' }} }});
        }}""",
        [spec_id, f"## Section {number}"],
    )
    expect(preview.get_by_role("heading", name=f"Section {number} as it is now")).to_be_visible()
    assert section_on_top(writer, preview) == number


THEMES: Final = ("JupyterLab Dark High Contrast", "JupyterLab Dark", "JupyterLab Light")


@pytest.mark.parametrize("theme", THEMES)
def test_it_looks_well_and_everybody_can_use_it(
    theme: str, writer: Person, grace: Person, spec_id: str, pictures: Path
) -> None:
    writer.choose_theme(theme)
    grace.show(spec_id)
    grace.put_caret(spec_id, after="nobody calls")
    short = theme.removeprefix("JupyterLab ").lower().replace(" ", "-")
    for width in (1366, 800):
        writer.resize(width)
        for mode in ("beside", "instead"):
            show_preview(writer, spec_id, mode)
            preview = until_rendered(writer, spec_id)
            expect(preview.get_by_role("img", name="Grace Hopper")).to_be_visible()
            writer.picture(pictures / "preview" / f"{short}-{width}-{mode}.png")
    writer.resize(1366)
    assert findings(writer.page, ".jp-SpecPreview", ".jp-SpecModes", ".jp-SpecDivider") == []
