"""All versions of a spec on a slider: by keys, by labels, as a film, and while somebody types on."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import findings
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

SHOW = "speccollab:show-versions"


def pane(person: Person) -> Locator:
    return person.page.locator(".jp-SpecVersions:visible")


def shown(person: Person) -> str:
    """The text of the version that is shown."""
    lines = pane(person).locator(".cm-line").all_text_contents()
    return "\n".join(lines)


def open_versions(person: Person, spec_id: str) -> Locator:
    """The slider, on which the focus is."""
    person.run(SHOW, specId=spec_id)
    slider = pane(person).get_by_role("slider")
    expect(slider).to_be_focused()
    return slider


def written(ada: Person, grace: Person) -> str:
    """A spec that two people wrote, with a label in between."""
    spec_id = ada.new_open_spec("Churn model", "# Churn\n")
    ada.type_after(spec_id, "# Churn", " model")
    ada.until_status(spec_id, "synchronised")
    ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "First words"})
    grace.show(spec_id)
    grace.type_after(spec_id, "model", " of March")
    grace.until_status(spec_id, "synchronised")
    ada.until(lambda: "of March" in ada.text(spec_id), "what Grace typed")
    return spec_id


def test_any_version_is_a_key_away(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    slider = open_versions(ada, spec_id)
    ada.until(lambda: "# Churn model of March" in shown(ada), "the last version")
    last = int(slider.get_attribute("max") or 0)
    assert slider.input_value() == str(last)
    told = slider.get_attribute("aria-valuetext") or ""
    assert told.startswith(f"Version {last} of {last}, Grace Hopper")
    ada.press("ArrowLeft")
    ada.until(lambda: slider.input_value() == str(last - 1), "the version before")
    ada.press("Home")
    ada.until(lambda: "Churn" not in shown(ada), "the empty text at the beginning")
    ada.press("ArrowRight")
    ada.until(lambda: shown(ada).strip() == "# Churn", "the first version")
    came = pane(ada).locator(".jp-SpecVersionText-came").first
    expect(came).to_be_visible()
    ada.press("End")
    ada.until(lambda: "of March" in shown(ada), "the last version again")
    expect(pane(ada).locator(".jp-SpecVersions-who")).to_contain_text("Grace Hopper")


def test_labels_and_sittings(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    slider = open_versions(ada, spec_id)
    flag = pane(ada).get_by_role("button", name="First words")
    flag.click()
    ada.until(lambda: shown(ada).strip() == "# Churn model", "the labelled version")
    labelled = slider.input_value()
    slider.focus()
    ada.press("End")
    ada.until(lambda: "of March" in shown(ada), "the last version")
    ada.press("PageDown")
    ada.until(
        lambda: slider.input_value() == labelled, "the end of the sitting before, which the label ended"
    )


def test_it_plays_like_a_film(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    slider = open_versions(ada, spec_id)
    last = slider.get_attribute("max")
    ada.until(lambda: "of March" in shown(ada), "the last version")
    ada.press("Home")
    ada.until(lambda: slider.input_value() == "0", "the beginning")
    ada.press("Space")
    ada.until(lambda: slider.input_value() == last, "the end of the film")
    ada.until(lambda: "# Churn model of March" in shown(ada), "the last version")
    expect(pane(ada).get_by_role("button", name="Play (Space)")).to_be_visible()


def test_it_grows_while_somebody_types(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    slider = open_versions(ada, spec_id)
    ada.until(lambda: "of March" in shown(ada), "the last version")
    before = int(slider.get_attribute("max") or 0)
    grace.type_after(spec_id, "March", " and April")
    ada.until(lambda: int(slider.get_attribute("max") or 0) > before, "a longer history")

    def is_at_the_end() -> bool:
        ada.press("End")
        return "April" in shown(ada)

    ada.until(is_at_the_end, "what Grace typed meanwhile")


def test_a_version_comes_back(ada: Person, grace: Person) -> None:
    spec_id = written(ada, grace)
    open_versions(ada, spec_id)
    pane(ada).get_by_role("button", name="First words").click()
    ada.until(lambda: shown(ada).strip() == "# Churn model", "the labelled version")
    pane(ada).get_by_role("button", name="Restore This Version…").click()
    ada.page.get_by_role("button", name="Restore", exact=True).click()
    grace.until(lambda: grace.text(spec_id).strip() == "# Churn model", "the old text, as everybody's")


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_how_it_looks(theme: str, ada: Person, grace: Person, pictures: Path) -> None:
    spec_id = written(ada, grace)
    ada.choose_theme(theme)
    open_versions(ada, spec_id)
    ada.until(lambda: "of March" in shown(ada), "the last version")
    assert findings(ada.page, ".jp-SpecVersions-content") == []
    short = theme.removeprefix("JupyterLab ").lower()
    for width in (1366, 800):
        ada.resize(width)
        ada.picture(pictures / "slider" / f"{short}-{width}.png")
    ada.resize(1280)
