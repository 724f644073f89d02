"""A spec as one HTML file that needs nothing, and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.person import Person
from tests.e2e.previews import TEXT, keep_offline

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


def test_one_page_that_needs_nothing(writer: Person, spec_id: str, tmp_path: Path, pictures: Path) -> None:
    with writer.page.expect_download() as download:
        writer.run("speccollab:export-html")
    assert download.value.suggested_filename == "Churn model.html"
    target = tmp_path / "churn.html"
    download.value.save_as(target)
    page = writer.new_page()
    asked: list[str] = []
    keep_offline(page, asked)
    page.goto(target.as_uri())
    assert page.title() == "Churn model"
    expect(page.get_by_role("heading", name="The data")).to_be_visible()
    assert page.locator("mjx-container").count() == 2
    assert page.evaluate("async () => { await document.fonts.ready; return document.fonts.size; }") > 0
    assert page.locator("img").evaluate("image => image.naturalWidth") > 0
    assert page.get_by_text("status: draft").count() == 0
    colours = page.locator("pre code span").evaluate_all(
        "spans => spans.map(each => getComputedStyle(each).color)"
    )
    assert len(set(colours)) > 1
    page.get_by_role("link", name="the data").click()
    assert page.url.endswith("#the-data")
    assert asked == []
    pictures.joinpath("preview").mkdir(parents=True, exist_ok=True)
    page.screenshot(path=pictures / "preview" / "exported.png", full_page=True)
    page.close()

    writer.page.evaluate(
        """() => {
          window.printed = [];
          const added = node => node.matches?.('iframe.jp-SpecPrint') && window.printed.push(node.srcdoc);
          new MutationObserver(changes => changes.forEach(({ addedNodes }) => addedNodes.forEach(added)))
            .observe(document.body, { childList: true });
        }"""
    )
    writer.run("apputils:print")
    writer.until(lambda: writer.page.evaluate("() => window.printed.length"), "the printed page")
    assert '<h2 id="the-data">' in writer.page.evaluate("() => window.printed[0]")
    expect(writer.page.locator("iframe.jp-SpecPrint")).to_have_count(0)
