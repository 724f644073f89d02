"""Templates: those of the package, and those of a folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jupyter_speccollab.markdown.front_matter import fields
from jupyter_speccollab.service.specs.templates import LONGEST, Template, templates_of

OWN = templates_of("")


def test_ours_are_there_in_their_order() -> None:
    names = [each.name for each in OWN]
    assert names == [
        "blank",
        "feature",
        "decision",
        "data-contract",
        "test-plan",
        "experiment",
        "spec-kit",
        "openspec",
    ]
    assert all(each.label and each.description for each in OWN)


@pytest.mark.parametrize("template", OWN, ids=lambda each: each.name)
def test_each_has_a_place_to_begin_and_a_sentence_under_each_heading(template: Template) -> None:
    content = template.content
    assert content.count("{{here}}") == 1
    assert set(re.findall(r"\{\{(\w+)\}\}", content)) <= {"title", "owner", "notebook", "date", "here"}
    if template.name not in ("blank", "spec-kit", "openspec"):
        assert template.type == fields(content)["type"] == template.name
        sections = re.split(r"^## .*\n", content, flags=re.MULTILINE)[1:]
        assert len(sections) >= 4
        assert all(section.lstrip().startswith("<!-- ") for section in sections)


def test_those_of_spec_kit_and_openspec_have_the_headings_that_their_tools_read() -> None:
    spec_kit, openspec = OWN[-2:]
    for heading in (
        "# Feature Specification: {{title}}",
        "## User Scenarios & Testing *(mandatory)*",
        "### User Story 1 - [Brief Title] (Priority: P1)",
        "### Edge Cases",
        "## Requirements *(mandatory)*",
        "### Functional Requirements",
        "## Success Criteria *(mandatory)*",
    ):
        assert f"{heading}\n" in spec_kit.content
    for piece in ("- **FR-001**: ", "- **SC-001**: ", "1. **Given** ", "**Acceptance Scenarios**:"):
        assert piece in spec_kit.content
    for line in (
        "## ADDED Requirements",
        "### Requirement: ",
        "#### Scenario: ",
        "- **WHEN** ",
        "- **THEN** ",
    ):
        assert f"\n{line}" in openspec.content
    assert "SHALL" in openspec.content


def test_a_folder_adds_replaces_and_leaves_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "05-incident.md").write_text(
        "<!-- template: Incident | What happened | incident -->\r\n# {{title}}\r\n", newline=""
    )
    (tmp_path / "10-feature.md").write_text("---\ntype: story\n---\n# Ours\n")
    (tmp_path / "60-spec-kit.md").write_text("\n")
    (tmp_path / "70-openspec.md").write_bytes(b"\xff")
    (tmp_path / "80-long.md").write_text("x" * (LONGEST + 1))
    (tmp_path / "90-nul.md").write_text("a\0b")
    (tmp_path / "notes.txt").write_text("no template")
    found = {each.name: each for each in templates_of(str(tmp_path))}
    assert found["incident"] == Template("incident", "Incident", "What happened", "incident", "# {{title}}\n")
    assert (found["feature"].label, found["feature"].type) == ("feature", "story")
    assert list(found) == ["blank", "incident", "feature", *[each.name for each in OWN[2:6]]]
    for name in ("70-openspec", "80-long", "90-nul"):
        assert name in caplog.text
    assert len(templates_of(str(tmp_path / "none"))) == len(OWN)
