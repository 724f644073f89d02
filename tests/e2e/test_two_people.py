"""What it is for: two people in one spec, each beside a notebook."""

from __future__ import annotations

import asyncio
import threading
from itertools import zip_longest
from pathlib import Path

import pytest
from playwright.sync_api import expect

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.demo.content import text as demo_text
from tests.e2e.conftest import People
from tests.e2e.person import PATIENCE, Person, agree, names_stay
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

ANCHOR = "# Churn model\n"


@pytest.fixture
def spec_id(ada: Person, grace: Person) -> str:
    """The demo spec, which both have open beside their notebooks."""
    spec_id = ada.new_spec("Churn model", demo_text())
    for person in (ada, grace):
        person.open_beside(spec_id)
    return spec_id


def first_line(text: str) -> str:
    """The demo spec's first paragraph, up to where nobody types."""
    line = next(line for line in text.split("\n") if line.startswith("Every Monday"))
    return line.split(" This spec says")[0]


def type_together(left: Person, left_text: str, right: Person, right_text: str, *, delay: float = 0) -> None:
    """Both type, a key each in turn, without waiting for each other; ``delay`` in milliseconds after each."""
    for one, other in zip_longest(left_text, right_text, fillvalue=""):
        left.type(one, delay=delay)
        right.type(other, delay=delay)


@pytest.mark.parametrize("whose", ["demo", pytest.param("customer", marks=pytest.mark.shared_data)])
def test_a_file_is_imported_written_by_both_and_there_after_a_reload(
    whose: str, ada: Person, grace: Person, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if whose == "demo":
        source = demo_text()
    else:
        folder: Path = request.getfixturevalue("shared_data")
        source = (folder.parent / "design" / "CUSTOMER_SPEC.md").read_text(encoding="utf-8")
    file = tmp_path / "imported.md"
    file.write_text(source, encoding="utf-8")

    ada.close_specs()
    spec_id = import_through_sidebar(ada, file)
    assert ada.text(spec_id) == source
    ada.open_beside(spec_id)
    grace.open_beside(spec_id)
    assert ada.is_beside_notebook(spec_id)
    assert grace.is_beside_notebook(spec_id)

    heading = next(line for line in source.split("\n") if line.startswith("## "))
    last = source.rstrip("\n").split("\n")[-1]
    ada.put_caret(spec_id, after=heading)
    grace.put_caret(spec_id, after=last)
    type_together(ada, " 🚀 (Ada was here)", grace, " 👩‍🔬 and Grace here")
    expected = source.replace(heading, f"{heading} 🚀 (Ada was here)", 1)
    at = expected.rindex(last) + len(last)
    expected = expected[:at] + " 👩‍🔬 and Grace here" + expected[at:]
    assert agree(spec_id, ada, grace) == expected

    ada.reload()
    ada.opened(spec_id)
    assert ada.is_beside_notebook(spec_id)
    assert agree(spec_id, ada, grace) == expected


def import_through_sidebar(person: Person, file: Path) -> str:
    """As a user does it; the spec's id."""
    page = person.page
    button = page.locator('.jp-SpecsPanel [data-command="speccollab:import"]')
    if not button.is_visible():
        page.get_by_role("tab", name="Specs").click()
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(file)
    widget = page.locator(".jp-SpecDocument")
    expect(widget).to_be_visible()
    spec_id = str(widget.get_attribute("id")).removeprefix("jupyter-speccollab:")
    person.opened(spec_id)
    return spec_id


def test_both_type_in_one_paragraph_and_see_each_other(ada: Person, grace: Person, spec_id: str) -> None:
    with names_stay(ada), names_stay(grace):
        ada.put_caret(spec_id, after="Every Monday ")
        grace.put_caret(spec_id, after="the calls were worth it.")
        ada.type("at")
        expect(grace.spec(spec_id).locator(".cm-specFlag")).to_have_text("Ada Lovelace")
        grace.type(" Not")
        expect(ada.spec(spec_id).locator(".cm-specFlag")).to_have_text("Grace Hopper")
    expect(ada.spec(spec_id).locator(".cm-specCaret")).to_have_count(1)
    expect(ada.spec(spec_id).locator(".jp-SpecPeople-face")).to_have_count(1)
    type_together(ada, " nine, before the first call, ", grace, " only this year.")
    assert (
        "\nEvery Monday at nine, before the first call, the support team can call two hundred subscribers. "
        "This spec says which two hundred, and how we will know that the calls were worth it. "
        "Not only this year.\n"
    ) in agree(spec_id, ada, grace)


def test_typing_in_the_very_same_place_loses_nothing(ada: Person, grace: Person, spec_id: str) -> None:
    for person in (ada, grace):
        person.put_caret(spec_id, after=ANCHOR)
    type_together(ada, "ABCDEFGHIJ😀", grace, "0123456789🎉")
    text = agree(spec_id, ada, grace)
    typed = text[text.index(ANCHOR) + len(ANCHOR) : text.index("\nEvery Monday")]
    assert sorted(typed) == sorted("ABCDEFGHIJ😀0123456789🎉")
    assert [char for char in typed if char in "ABCDEFGHIJ😀"] == list("ABCDEFGHIJ😀")
    assert [char for char in typed if char in "0123456789🎉"] == list("0123456789🎉")


def test_undo_takes_back_only_ones_own(ada: Person, grace: Person, spec_id: str) -> None:
    before = ada.text(spec_id)
    ada.put_caret(spec_id, after="Every Monday")
    ada.write(" MINE")
    grace.put_caret(spec_id, after="the support team")
    grace.write(" HERS")
    both = agree(spec_id, ada, grace)
    ada.press("ControlOrMeta+Z")
    ada.until(lambda: "MINE" not in ada.text(spec_id), "undo")
    assert agree(spec_id, ada, grace) == both.replace(" MINE", "")
    ada.press("ControlOrMeta+Z")
    assert agree(spec_id, ada, grace) == both.replace(" MINE", "")
    ada.press("ControlOrMeta+Shift+Z")
    ada.until(lambda: "MINE" in ada.text(spec_id), "redo")
    assert agree(spec_id, ada, grace) == both
    for person in (grace, ada):
        person.press("ControlOrMeta+Z")
    assert agree(spec_id, ada, grace) == before


def test_a_long_paste_arrives_whole_while_somebody_types(ada: Person, grace: Person, spec_id: str) -> None:
    lines = [f"{number}. eine Zeile mit Umlauten äöü und 👩‍🔬 {number * 7919}\n" for number in range(1_200)]
    pasted = "".join(lines)
    assert len(pasted) > 55_000
    ada.put_caret(spec_id, after=ANCHOR)
    ada.paste(pasted)
    grace.put_caret(spec_id, after="Every Monday")
    grace.type(" (or Tuesday)")
    text = agree(spec_id, ada, grace, patience=2 * PATIENCE)
    assert pasted in text
    assert first_line(text) == "Every Monday (or Tuesday) the support team can call two hundred subscribers."


def test_a_program_writes_along(ada: Person, grace: Person, lab: JupyterServer, spec_id: str) -> None:
    def program() -> None:
        async def write() -> None:
            headers = lab.headers("robin", "Robin (a script)")
            async with SpecClient(lab.url, headers=headers, spec=spec_id) as spec:
                for number in range(5):
                    await spec.append(f"| run {number} | 0.{80 + number} |\n")
                    await asyncio.sleep(0.1)

        asyncio.run(write())

    thread = threading.Thread(target=program)
    thread.start()
    ada.put_caret(spec_id, after="Every Monday")
    grace.put_caret(spec_id, after="the support team")
    type_together(ada, ", rain or shine,", grace, " (all four)")
    thread.join()
    text = agree(spec_id, ada, grace)
    assert text.endswith("".join(f"| run {number} | 0.{80 + number} |\n" for number in range(5)))
    assert first_line(text) == (
        "Every Monday, rain or shine, the support team (all four) can call two hundred subscribers."
    )


def test_the_server_is_killed_while_they_type(
    ada: Person, grace: Person, lab: JupyterServer, spec_id: str
) -> None:
    ada.put_caret(spec_id, after="Every Monday")
    grace.put_caret(spec_id, after="the support team")
    threading.Timer(0.3, lab.kill).start()
    type_together(
        ada, " (typed while the server dies)", grace, " (on the other screen, at the same time)", delay=20
    )
    ada.until(lambda: lab.process is None, "the server to be dead")
    for person in (ada, grace):
        person.until_status(spec_id, "offline")
    ada.put_caret(spec_id, after="Every Monday (")
    ada.type("and this while it is away; ")
    shown = between(ada.text(spec_id)), between(grace.text(spec_id))

    lab.start()
    for person in (ada, grace):
        person.until_status(spec_id, "synchronised")
    assert between(agree(spec_id, ada, grace)) == (shown[0][0], shown[1][1])
    assert shown[0][0].startswith(" (and this while it is away; ")
    ada.put_caret(spec_id, after="the support team")
    ada.type(" is back,")
    assert between(agree(spec_id, ada, grace)) == (shown[0][0], " is back," + shown[1][1])


def between(text: str) -> tuple[str, str]:
    """What stands in the first paragraph behind its first words, and behind the words "support team"."""
    line = first_line(text)
    assert line.startswith("Every Monday")
    first, second = line.removeprefix("Every Monday").split(" the support team")
    return first, second.removesuffix(" can call two hundred subscribers.")


def test_some_seconds_without_a_network(ada: Person, grace: Person, spec_id: str) -> None:
    ada.put_caret(spec_id, after="Every Monday")
    grace.put_caret(spec_id, after="the support team")
    with ada.offline(spec_id):
        type_together(ada, " written in a tunnel", grace, " written outside of it")
    assert between(agree(spec_id, ada, grace)) == (" written in a tunnel", " written outside of it")


def test_a_script_in_title_name_or_text_runs_nowhere(
    ada: Person, grace: Person, people: People, lab: JupyterServer
) -> None:
    trap = "<img src=x onerror='window.trapped=1'><script>window.trapped=1</script>"
    content = (
        f"---\ntitle: {trap}\nstatus: {trap}\n---\n# {trap}\n\n{trap}\n\n[x](javascript:window.trapped=1)\n"
    )
    spec_id = ada.new_spec(f"Trap {trap}", content)
    mallory = people("mallory", f"Mallory {trap}")
    mallory.visit(f"lab/workspaces/mallory?spec={spec_id}")
    mallory.opened(spec_id)
    ada.open_beside(spec_id)
    ada.page.get_by_role("tab", name="Specs").click()
    mallory.put_caret(spec_id, after="title: ")
    mallory.type(trap, delay=5)
    face = ada.spec(spec_id).locator(".jp-SpecPeople-face")
    face.hover()
    face.click()
    ada.until(lambda: ada.text(spec_id).count("onerror") == content.count("onerror") + 1, "the text")
    assert agree(spec_id, ada, mallory).count(trap) == content.count(trap) + 1
    for person in (ada, mallory):
        assert person.page.evaluate("() => window.trapped") is None
    mallory.close_specs()
