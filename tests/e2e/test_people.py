"""The people in a spec: where they are, going there, following them, and bringing everybody together."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import findings
from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person

pytestmark = pytest.mark.e2e

TEXT = "".join(f"## Section {number}\n\n" + "A line of it.\n" * 12 + "\n" for number in range(1, 31))

TOP = f"id => ({VIEW})(id).scrollDOM.scrollTop"


@pytest.fixture
def spec_id(ada: Person, grace: Person) -> str:
    spec_id = ada.new_spec("Long", TEXT)
    for person in (ada, grace):
        person.show(spec_id)
    ada.until(lambda: len(ada.connection(spec_id)["users"]) == 2, "Grace")
    return spec_id


def is_in_view(person: Person, spec_id: str, text: str) -> bool:
    return bool(
        person.page.evaluate(
            f"""([id, text]) => {{
              const view = ({VIEW})(id);
              const box = view.coordsAtPos(view.state.doc.toString().indexOf(text));
              const {{ top, bottom }} = view.scrollDOM.getBoundingClientRect();
              return box !== null && box.top >= top && box.bottom <= bottom;
            }}""",
            [spec_id, text],
        )
    )


def test_a_click_goes_there_another_follows_and_escape_stops(
    ada: Person, grace: Person, spec_id: str, pictures: Path
) -> None:
    grace.put_caret(spec_id, after="## Section 20")
    face = ada.spec(spec_id).locator(".jp-SpecPeople-face")
    expect(ada.spec(spec_id).locator(".jp-SpecEdges .jp-mod-below button")).to_contain_text("Grace Hopper")
    face.hover()
    expect(face.locator("[role=img]")).to_have_attribute(
        "aria-label", "Go to where Grace Hopper is\nowner, in “Section 20”"
    )
    face.click()
    ada.until(lambda: is_in_view(ada, spec_id, "## Section 20"), "Grace's place")
    expect(ada.spec(spec_id).locator(".jp-SpecEdges button")).to_have_count(0)
    grace.put_caret(spec_id, after="## Section 5\n")
    expect(ada.spec(spec_id).locator(".jp-SpecEdges .jp-mod-above button")).to_contain_text("Grace Hopper")
    assert is_in_view(ada, spec_id, "## Section 20")
    face.click()
    ada.until(lambda: is_in_view(ada, spec_id, "## Section 5\n"), "Grace's place")
    line = ada.spec(spec_id).locator(".jp-SpecFollow-line")
    expect(line).to_contain_text("Following Grace Hopper")
    grace.put_caret(spec_id, after="## Section 28")
    ada.until(lambda: is_in_view(ada, spec_id, "## Section 28"), "Grace's next place")
    ada.picture(pictures / "following.png")
    assert findings(ada.page, ".jp-SpecPeople", ".jp-SpecFollow") == []
    ada.press("Escape")
    expect(line).to_have_count(0)
    grace.put_caret(spec_id, after="## Section 2\n")
    expect(ada.spec(spec_id).locator(".jp-SpecEdges .jp-mod-above button")).to_have_count(1)
    assert is_in_view(ada, spec_id, "## Section 28")


@pytest.mark.parametrize("act", ["type", "scroll", "click"])
def test_doing_something_else_ends_it(ada: Person, grace: Person, spec_id: str, act: str) -> None:
    grace.put_caret(spec_id, after="## Section 9")
    face = ada.spec(spec_id).locator(".jp-SpecPeople-face")
    ada.put_caret(spec_id, after="## Section 1")
    face.click()
    face.click()
    line = ada.spec(spec_id).locator(".jp-SpecFollow-line")
    expect(line).to_have_count(1)
    if act == "type":
        ada.put_caret(spec_id, after="## Section 1")
        ada.type("!")
    elif act == "scroll":
        ada.spec(spec_id).locator(".cm-content").hover()
        ada.page.mouse.wheel(0, 100)
    else:
        ada.spec(spec_id).locator(".cm-line:visible").nth(3).click()
    expect(line).to_have_count(0)


def test_the_keyboard_alone_opens_the_menu_and_follows(
    ada: Person, grace: Person, spec_id: str, pictures: Path
) -> None:
    grace.put_caret(spec_id, after="## Section 12")
    ada.spec(spec_id).locator(".jp-SpecPeople-more").focus()
    ada.press("Enter")
    menu = ada.page.get_by_role("menu", name="People in this spec")
    grace_item = menu.get_by_role("menuitemradio", name="Grace Hopper")
    expect(grace_item).to_be_focused()
    expect(grace_item).to_contain_text("in “Section 12”")
    ada.picture(pictures / "people.png")
    assert findings(ada.page, ".jp-SpecPeopleMenu") == []
    ada.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="Bring everybody to me")).to_be_focused()
    ada.press("ArrowDown")
    expect(grace_item).to_be_focused()
    ada.press("Escape")
    expect(menu).to_have_count(0)
    expect(ada.spec(spec_id).locator(".jp-SpecPeople-more")).to_be_focused()
    for _ in range(2):
        ada.press("Enter")
        expect(grace_item).to_be_focused()
        ada.press("Enter")
        expect(menu).to_have_count(0)
        ada.spec(spec_id).locator(".jp-SpecPeople-more").focus()
    ada.until(lambda: is_in_view(ada, spec_id, "## Section 12"), "Grace's place")
    expect(ada.spec(spec_id).locator(".jp-SpecFollow-line")).to_contain_text("Following Grace Hopper")


def test_everybody_is_brought_to_one_place(ada: Person, grace: Person, spec_id: str) -> None:
    ada.put_caret(spec_id, after="## Section 17")
    ada.spec(spec_id).locator(".jp-SpecPeople-more").click()
    ada.page.get_by_role("menuitem", name="Bring everybody to me").click()
    grace.until(lambda: is_in_view(grace, spec_id, "## Section 17"), "Ada's place")
    line = grace.spec(spec_id).locator(".jp-SpecFollow-line")
    expect(line).to_contain_text("Following Ada Lovelace")
    line.get_by_role("button", name="Stop").click()
    expect(line).to_have_count(0)


def test_a_name_at_the_edge_is_a_way_there(ada: Person, grace: Person, spec_id: str) -> None:
    grace.put_caret(spec_id, after="## Section 25")
    edge = ada.spec(spec_id).locator(".jp-SpecEdges button")
    expect(edge).to_have_text("↓ Grace Hopper")
    assert findings(ada.page, ".jp-SpecEdges") == []
    edge.click()
    ada.until(lambda: is_in_view(ada, spec_id, "## Section 25"), "Grace's place")
    expect(edge).to_have_count(0)


def test_whom_jupyter_calls_anonymous_chooses_a_name(ada: Person, spec_id: str, people: People) -> None:
    stranger = people("8f3c", "Anonymous Io")
    ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:8f3c", {"role": "contributor"})
    stranger.show(spec_id)
    faces = ada.spec(spec_id).locator('.jp-Spec-avatar[aria-label*="Anonymous Io"]')
    expect(faces).to_have_count(1)
    item = stranger.page.get_by_role("menuitem", name="Choose your name")

    def is_offered() -> bool:
        if item.count() == 0:
            stranger.press("Escape")
            stranger.spec(spec_id).locator(".jp-SpecPeople-more").click()
        return item.count() > 0

    stranger.until(is_offered, "the offer")
    item.click()
    stranger.page.get_by_role("dialog").get_by_role("textbox").fill("Marie Curie")
    stranger.page.get_by_role("button", name="Use this name").click()
    expect(ada.spec(spec_id).locator('.jp-Spec-avatar[aria-label*="Marie Curie"]')).to_have_count(1)
    expect(faces).to_have_count(0)
    stranger.reload()
    assert stranger.call("GET", f"api/specs/{spec_id}")["specId"] == spec_id
