"""To which heading or requirement each code point of a text belongs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.markdown.outline import Entry, outline
from jupyter_speccollab.markdown.subjects import by_subject, segments_of, subjects_of, touched
from tests.text.strategies import law

TEXT = """\
Before.

# Login

- FR-001: Log in
  - FR-002: With a password
- [ ] A task

More.

## Tokens

| | |
|-|-|
| FR-003 | a row |

# End #
"""

LINES = st.sampled_from(
    [
        "# A",
        "## B",
        "### C",
        "# A",
        "- FR-1 x",
        "  - FR-2 y",
        "- FR-1 again",
        "- [ ] T001 z",
        "",
        "words",
        "| FR-3 |",
    ]
)
texts = st.lists(LINES, max_size=12).map("\n".join)


def pieces(content: str) -> list[tuple[str | None, str]]:
    return [(each.id, content[each.start : each.end]) for each in segments_of(outline(content), len(content))]


def test_each_line_belongs_to_a_subject() -> None:
    assert pieces(TEXT) == [
        (None, "Before.\n\n"),
        ("login", "# Login\n\n"),
        ("FR-001", "- FR-001: Log in\n"),
        ("FR-002", "  - FR-002: With a password"),
        ("login", "\n- [ ] A task\n\nMore.\n\n"),
        ("tokens", "## Tokens\n\n| | |\n|-|-|\n"),
        ("FR-003", "| FR-003 | a row |"),
        ("tokens", "\n\n"),
        ("end", "# End #\n"),
    ]
    assert pieces("") == []
    assert pieces("words") == [(None, "words")]


def holds(entry: Entry, entries: list[Entry], length: int, offset: int) -> bool:
    """Whether the section of an entry holds an offset, by the words of ``docs/protocol.md``."""
    end = entry.end
    if entry.level:
        end = min(
            (other.start for other in entries if other.level and other.start > entry.start), default=length
        )
    return entry.start <= offset < end


@law
@given(texts)
def test_each_letter_belongs_to_the_deepest(content: str) -> None:
    entries = [entry for entry in outline(content) if entry.kind != "task"]
    belongs = [None] * len(content)
    for offset in range(len(content)):
        for entry in entries:
            if holds(entry, entries, len(content), offset):
                belongs[offset] = entry.id  # type: ignore[call-overload]
    found = [each.id for each in segments_of(entries, len(content)) for _ in range(each.start, each.end)]
    assert found == belongs


@law
@given(texts, st.lists(st.integers(0, 60), max_size=6))
def test_ranges_are_cut_at_subjects(content: str, cuts: list[int]) -> None:
    marks = sorted({min(cut, len(content)) for cut in cuts})
    ranges = [(start, end, start) for start, end in zip(marks[::2], marks[1::2], strict=False)]
    entries = outline(content)
    segments = segments_of(entries, len(content))
    belongs = [each.id for each in segments for _ in range(each.start, each.end)]
    expected = [(belongs[offset], number) for start, end, number in ranges for offset in range(start, end)]
    found = [(of, number) for of, size, number in by_subject(ranges, segments) for _ in range(size)]
    assert found == expected
    inside = touched(entries, len(content), ranges)
    assert {of for of, _ in expected if of is not None} <= inside
    for entry in entries:
        if entry.kind != "task" and any(start < entry.end and entry.start < end for start, end, _ in ranges):
            assert entry.id in inside


def test_a_heading_is_touched_by_what_its_subheadings_hold() -> None:
    entries = outline(TEXT)
    row = TEXT.index("a row")
    assert touched(entries, len(TEXT), [(row, row + 1, 0)]) == {"login", "tokens", "FR-003"}
    assert touched(entries, len(TEXT), [(0, 3, 0)]) == set()
    end = TEXT.index("# End")
    assert touched(entries, len(TEXT), [(end - 1, end, 0)]) == {"login", "tokens"}
    assert touched(entries, len(TEXT), [(end, end + 1, 0)]) == {"end"}


def test_of_equal_ids_the_first_is_meant() -> None:
    found = subjects_of(outline("- FR-1 first\n- FR-1 second\n- [ ] a task\n"))
    assert [(key, entry.title) for key, entry in found.items()] == [("FR-1", "first")]
