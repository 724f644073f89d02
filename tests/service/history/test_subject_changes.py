"""Changes by subject, held to a plain and slow way: each code point is followed through all operations."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.markdown.outline import outline
from jupyter_speccollab.markdown.subjects import segments_of, subjects_of
from jupyter_speccollab.service.history.stretch import Stretch
from jupyter_speccollab.service.history.subject_changes import changes, encoded, subjects_between
from jupyter_speccollab.service.history.written import Written
from jupyter_speccollab.text import Operation, apply
from tests.store.values import ADA, BOB, START, an_operation
from tests.text.strategies import law

OLD = "Words.\n\n# Login\n\n- FR-001: Log in\n- FR-002: Log out\n\n# Old\n\nGone.\n"


def a_stretch(after: int, text: str, operations: list[Operation]) -> tuple[str, Stretch]:
    """The text after ``operations``, which Ada and Bob make by turns, and their stretch."""
    stretch = Stretch(after)
    for version, operation in enumerate(operations, start=after + 1):
        by = (ADA, BOB)[version % 2]
        stretch.add(an_operation(version, by=by, operation=operation, base=text))
        text = apply(operation, text)
    return text, stretch


def subjects(old: str, new: str, stretch: Stretch) -> list[str]:
    written = Written.by(stretch)
    return subjects_between(old, new, written.come, written.gone)


def told(old: str, operations: list[Operation], after: int = 10) -> list[tuple[object, ...]]:
    new, stretch = a_stretch(after, old, operations)
    return [
        (
            each.subject and (each.subject.id, each.subject.deleted),
            each.added,
            each.removed,
            [person.user_name for person in each.people],
            each.first_version,
            each.last_version,
        )
        for each in changes(old, new, Written.by(stretch))
    ]


def test_letters_count_where_they_stand() -> None:
    log_in, out = OLD.index("Log in"), OLD.index("Log out")
    assert told(OLD, [Operation.of(log_in, "Always ")]) == [(("FR-001", False), 7, 0, ["Bob 🎈"], 11, 11)]
    assert told(OLD, [Operation.of(out, -3, "log "), Operation.of("So: ")]) == [
        (None, 4, 0, ["Ada Lovelace"], 12, 12),
        (("FR-002", False), 4, 3, ["Bob 🎈"], 11, 11),
    ]
    assert told(OLD, []) == []
    assert told(OLD, [Operation.of("x"), Operation.of(-1)]) == []  # what came and went again


def test_what_is_gone_counts_where_it_stood() -> None:
    old = OLD.index("# Old")
    gone = len(OLD) - old
    assert told(OLD, [Operation.of(old, -gone)]) == [(("old", True), 0, gone, ["Bob 🎈"], 11, 11)]
    renamed = told(OLD, [Operation.of(old + 2, -3, "New")])
    assert renamed == [(("new", False), 3, 0, ["Bob 🎈"], 11, 11), (("old", True), 0, 3, ["Bob 🎈"], 11, 11)]


def test_it_is_told_as_json() -> None:
    new, stretch = a_stretch(1, OLD, [Operation.of(OLD.index("Log in"), "Always ")])
    assert msgspec.json.decode(encoded(OLD, new, stretch)) == [
        {
            "subject": {"kind": "requirement", "id": "FR-001", "title": "Always Log in"},
            "added": 7,
            "removed": 0,
            "people": [{"userId": ADA.user_id, "userName": ADA.name}],
            "firstVersion": 2,
            "lastVersion": 2,
            "lastModified": iso(START + timedelta(seconds=2)),
        }
    ]


def test_headings_are_touched_by_what_is_below_them() -> None:
    text = "# A\n\n## B\n\nx\n\n# C\n"
    new, stretch = a_stretch(1, text, [Operation.of(text.index("x"), "yyy", -1)])
    assert subjects(text, new, stretch) == ["a", "b"]
    new, stretch = a_stretch(1, text, [Operation.of(text.index("# C"), -4)])
    assert subjects(text, new, stretch) == ["c"]
    assert subjects(text, text, Stretch(1)) == []


lines = st.sampled_from(["# A\n", "## B\n", "- FR-1: x\n", "- FR-2: y\n", "words\n", "\n", "# A"])
texts = st.lists(lines, max_size=6).map("".join)


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Operation]]:
    old = text = draw(texts)
    operations = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text)))
        gone = draw(st.integers(0, min(8, len(text) - start)))
        operations.append(Operation.of(start, draw(st.one_of(lines, st.just(""), st.just("z"))), -gone))
        text = apply(operations[-1], text)
    return old, operations


def counted(old: str, new: str, operations: list[Operation]) -> dict[str | None, tuple[int, int]]:
    """What came and went in each subject, by following each code point."""
    letters: list[tuple[int, bool]] = [(offset, True) for offset in range(len(old))]
    for operation in operations:
        result, rest = [], iter(letters)
        for component in operation.components:
            if isinstance(component, str):
                result += [(-1, False)] * len(component)
            else:
                taken = [next(rest) for _ in range(abs(component))]
                result += taken if component > 0 else []
        letters = [*result, *rest]
    stay = {offset for offset, is_old in letters if is_old}
    counts: dict[str | None, list[int]] = {}
    for text, place, offsets in (
        (new, 0, [offset for offset, (_, is_old) in enumerate(letters) if not is_old]),
        (old, 1, [offset for offset in range(len(old)) if offset not in stay]),
    ):
        belongs = [
            each.id for each in segments_of(outline(text), len(text)) for _ in range(each.start, each.end)
        ]
        for offset in offsets:
            counts.setdefault(belongs[offset], [0, 0])[place] += 1
    return {key: (count[0], count[1]) for key, count in counts.items()}


@law
@given(histories())
def test_it_counts_what_following_each_letter_counts(history: tuple[str, list[Operation]]) -> None:
    old, operations = history
    new, stretch = a_stretch(3, old, operations)
    found = changes(old, new, Written.by(stretch))
    assert {each.subject and each.subject.id: (each.added, each.removed) for each in found} == counted(
        old, new, operations
    )
    present = subjects_of(outline(new))
    for each in found:
        assert 3 < each.first_version <= each.last_version <= 3 + len(operations)
        assert each.people
        if each.subject is not None:
            assert each.subject.deleted is (each.subject.id not in present)
    touched = {each.subject.id for each in found if each.subject is not None}
    assert touched <= set(subjects(old, new, stretch))
