"""Sections and tables: found, written, and changed by edits that touch nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.markdown.edits import appended_rows, appended_under, replaced_section, section_text
from jupyter_speccollab.markdown.sections import sections_of
from jupyter_speccollab.markdown.tables import table
from jupyter_speccollab.text import Operation, apply

SPEC = """\
---
title: Churn
# not: a heading
---
# Churn

Intro.

## Results

First *run* was good.

### Details

- one
- two

## **Next** steps

```
## Results
```

None.
"""


def changed(content: str, operation: Operation) -> str:
    return apply(operation, content)


def test_sections_are_found_as_a_reader_sees_them() -> None:
    assert [(section.level, section.title, section.id, section.line) for section in sections_of(SPEC)] == [
        (1, "Churn", "churn", 5),
        (2, "Results", "results", 9),
        (3, "Details", "details", 13),
        (2, "Next steps", "next-steps", 18),
    ]
    assert section_text(SPEC, "results") == "First *run* was good.\n\n### Details\n\n- one\n- two"
    assert section_text(SPEC, "## next steps") == section_text(SPEC, "#next-steps")
    assert section_text("Old\n===\ntext\nNew\n---\nmore", "Old") == "text\nNew\n---\nmore"


def test_a_heading_that_is_not_there_or_there_twice_is_named() -> None:
    with pytest.raises(LookupError, match=r"no heading 'Result'.*'Churn', 'Results'"):
        section_text(SPEC, "Result")
    with pytest.raises(LookupError, match=r"no headings"):
        section_text("", "Any")
    twice = "# A\n## Same\none\n# B\n## Same\ntwo\n"
    with pytest.raises(LookupError, match=r"#same \(line 2\), #same-1 \(line 5\)"):
        section_text(twice, "Same")
    assert section_text(twice, "#same-1") == "two"
    assert section_text("# One {#first}\n1\n", "#first") == "1"
    with pytest.raises(LookupError):
        section_text(SPEC, "### Results")


@pytest.mark.parametrize(
    ("content", "heading", "text", "expected"),
    [
        ("# A\n\none\n\n# B\n", "A", "two", "# A\n\none\n\ntwo\n\n# B\n"),
        ("# A\none\n# B\n", "A", "two", "# A\none\n\ntwo\n\n# B\n"),
        ("# A\n", "A", "two\n", "# A\n\ntwo\n"),
        ("# A", "A", "two", "# A\n\ntwo\n"),
        ("# A\n\n\n# B", "A", "two", "# A\n\ntwo\n\n\n# B"),
        ("# A\n# B", "A", "two", "# A\n\ntwo\n\n# B"),
        ("# A\n\none", "A", "two", "# A\n\none\n\ntwo\n"),
        ("# A\n\n- one\n\n# B\n", "A", "- two", "# A\n\n- one\n- two\n\n# B\n"),
        ("# A\none\n\n## C\nx\n", "A", "two", "# A\none\n\ntwo\n\n## C\nx\n"),
        ("# A\none\n\n## C\nx\n", "A", "## D\n\ny", "# A\none\n\n## C\nx\n\n## D\n\ny\n"),
        ("", None, "one", "one\n"),
        ("one\n", None, "two", "one\n\ntwo\n"),
        ("A\n===\n", "A", "two", "A\n===\n\ntwo\n"),
        ("# A\n\none   \n\n# B\n", "A", "two", "# A\n\none   \n\ntwo\n\n# B\n"),
    ],
)
def test_a_text_is_put_under_its_heading(content: str, heading: str | None, text: str, expected: str) -> None:
    assert changed(content, appended_under(content, heading, text)) == expected


def test_a_missing_heading_is_added_if_asked_for() -> None:
    assert changed("# A\n", appended_under("# A\n", "Runs", "one", create=True)) == "# A\n\n## Runs\n\none\n"
    assert changed("", appended_under("", "# Runs", "one", create=True)) == "# Runs\n\none\n"
    with pytest.raises(LookupError):
        appended_under("# A\n", "Runs", "one")
    assert appended_under("# A\n", "Runs", "  \n", create=True).is_empty


def test_a_section_is_replaced_by_the_smallest_edit() -> None:
    edit = replaced_section(SPEC, "Results", "First *run* was bad.\n\n### Details\n\n- one\n- two\n")
    assert sum(len(part) for part in edit.components if isinstance(part, str)) <= 4
    assert changed(SPEC, edit) == SPEC.replace("good", "bad")
    assert changed("# A\nx\n# B\n", replaced_section("# A\nx\n# B\n", "A", "y")) == "# A\n\ny\n\n# B\n"
    assert changed("# A", replaced_section("# A", "A", "y")) == "# A\n\ny\n"
    assert changed("# A\nx", replaced_section("# A\nx", "A", "")) == "# A\n\n"


def test_a_table_is_aligned_and_escaped() -> None:
    assert table(["name", "AUC"], [["a|b", "0.87"], ["two\nlines", "0.9"], ["日本", ""]], [False, True]) == (
        "| name         |  AUC |\n"
        "| ------------ | ---: |\n"
        "| a\\|b         | 0.87 |\n"
        "| two<br>lines |  0.9 |\n"
        "| 日本         |      |\n"
    )
    assert "| \\&#124; |" in table(["x"], [["\\|"]], [False])


TABLE = "# A\n\n| run | AUC  |\n| --- | ---: |\n| 1   | 0.87 |\n\nText.\n\n## B\n"


def test_rows_go_into_the_table_in_its_order_and_widths() -> None:
    edit = appended_rows(TABLE, "A", ["AUC", "run"], [["0.9", "2"], ["0.91", "long name"]], [True, True])
    added = "| 2   |  0.9 |\n| long name | 0.91 |\n"
    assert changed(TABLE, edit) == TABLE.replace("0.87 |\n", f"0.87 |\n{added}")
    assert edit == Operation.of(TABLE.index("\n\nText") + 1, added)
    with pytest.raises(ValueError, match=r"no column 'F1'. Its columns are 'run', 'AUC'"):
        appended_rows(TABLE, "A", ["F1"], [["1"]], [True])
    new = changed(TABLE, appended_rows(TABLE, "B", ["x"], [["1"]], [True]))
    assert new == TABLE + "\n|   x |\n| --: |\n|   1 |\n"
    short = "|a|b|\n|-|-|\n|1|2|"
    assert changed(short, appended_rows(short, None, ["b"], [["3"]], [True])) == f"{short}\n|     | 3   |\n"


@given(st.text("ab\n #-|*`>=é🦊", max_size=80), st.text("ab\n #-|", max_size=20))
def test_only_the_place_is_touched(content: str, text: str) -> None:
    for section in sections_of(content):
        operation = appended_under(content, f"#{section.id}", text)
        assert all(isinstance(part, str) or part > 0 for part in operation.components)
        assert operation.base_length <= section.end
        before = operation.components[0] if operation.components else section.start
        assert isinstance(before, str) or before >= section.start
        replaced = changed(content, replaced_section(content, f"#{section.id}", text))
        assert replaced.startswith(content[: section.start])
        assert replaced.endswith(content[section.end :])
