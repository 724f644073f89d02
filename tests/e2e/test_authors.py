"""Who wrote this: the text tinted by author or age, live, with everybody's share and names on hover."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

TOGGLE = "speccollab:who-wrote-this"


def tinted(person: Person, spec_id: str) -> dict[str, str]:
    """The letters of each look, joined, by its class."""
    found: dict[str, str] = (
        person.spec(spec_id)
        .locator(".cm-content")
        .evaluate(
            """content => {
          const found = {};
          for (const mark of content.querySelectorAll('.cm-specAuthor, .cm-specAge')) {
            const look = mark.classList[1];
            found[look] = (found[look] ?? '') + mark.textContent;
          }
          return found;
        }"""
        )
    )
    return found


def legend(person: Person) -> Locator:
    return person.page.get_by_role("region", name="Who wrote this")


def written(ada: Person, grace: Person) -> str:
    spec_id = ada.new_open_spec("Churn model", "# Churn\n\nAda wrote this.\n")
    grace.show(spec_id)
    grace.type_after(spec_id, "wrote this.", " Grace wrote that.")
    grace.until_status(spec_id, "synchronised")
    ada.until(lambda: "wrote that" in ada.text(spec_id), "what Grace typed")
    return spec_id


def test_the_text_is_tinted_while_people_type(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    assert tinted(ada, spec_id) == {}
    ada.run(TOGGLE, specId=spec_id)
    ada.until(lambda: len(tinted(ada, spec_id)) == 2, "two people's tints")
    looks = tinted(ada, spec_id)
    assert any("Grace wrote that." in text for text in looks.values())
    expect(legend(ada)).to_contain_text("Ada Lovelace")
    expect(legend(ada)).to_contain_text("Grace Hopper")
    expect(legend(ada)).to_contain_text("%")
    grace.type_after(spec_id, "wrote that.", " And more.")
    ada.until(lambda: any("And more." in text for text in tinted(ada, spec_id).values()), "her new words")
    ada.type_after(spec_id, "# Churn", " model")
    ada.until(lambda: any("model" in text for text in tinted(ada, spec_id).values()), "one's own words")


def test_hover_names_who_and_leads_to_the_sitting(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    ada.run(TOGGLE, specId=spec_id)
    ada.until(lambda: len(tinted(ada, spec_id)) == 2, "two people's tints")
    ada.spec(spec_id).locator(".cm-specAuthor", has_text="Grace wrote").hover()
    tooltip = ada.page.locator(".jp-SpecAuthors-tooltip")
    expect(tooltip).to_contain_text("Grace Hopper")
    expect(tooltip.get_by_role("button", name="Show in History")).to_be_visible()


def test_it_is_remembered_for_each_spec_and_tells_only_what_is_new(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    ada.run(TOGGLE, specId=spec_id)
    expect(legend(ada)).to_contain_text("Grace Hopper")
    legend(ada).get_by_label("Which letters").select_option("version")
    legend(ada).get_by_label("Version").fill("1")
    ada.until(lambda: len(tinted(ada, spec_id)) == 1, "Grace's words alone")
    assert all("Ada" not in text for text in tinted(ada, spec_id).values())
    ada.reload()
    ada.opened(spec_id)
    ada.until(lambda: len(tinted(ada, spec_id)) == 1, "the same tint as before")
    legend(ada).get_by_label("What the colours tell").select_option("age")
    ada.until(lambda: list(tinted(ada, spec_id)) == ["cm-specAge-0"], "what was written in the last hour")
    legend(ada).get_by_role("button", name="Hide who wrote this").click()
    ada.until(lambda: tinted(ada, spec_id) == {}, "no tint")


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_how_it_looks(theme: str, ada: Person, grace: Person, pictures: Path) -> None:
    spec_id = written(ada, grace)
    ada.choose_theme(theme)
    ada.run(TOGGLE, specId=spec_id)
    expect(legend(ada)).to_contain_text("Grace Hopper")
    assert findings(ada.page, ".jp-SpecAuthors", ".jp-SpecDocument .cm-content") == []
    short = theme.removeprefix("JupyterLab ").lower()
    for width in (1366, 800):
        ada.resize(width)
        ada.picture(pictures / "authors" / f"{short}-{width}.png")
    ada.resize(1280)
