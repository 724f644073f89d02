"""Changes by subject: how many letters came and went in each heading and requirement, by whom and when.

All of this runs in a worker process, also the encoding, so that the event loop only hands on bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.markdown.outline import Entry, outline
from jupyter_speccollab.markdown.subjects import by_subject, segments_of, subjects_of, touched
from jupyter_speccollab.service.history.long_stretch import LongStretch
from jupyter_speccollab.service.history.stretch import Stretch
from jupyter_speccollab.service.history.written import SOME, Written
from jupyter_speccollab.text.parts import Range


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """A heading or requirement; ``deleted`` where the later text does not have it."""

    kind: str
    id: str
    title: str
    deleted: bool = False


class Person(msgspec.Struct, frozen=True, rename="camel"):
    """A user."""

    user_id: str
    user_name: str


class Change(msgspec.Struct, frozen=True, rename="camel"):
    """What came and went in one subject, in code points; ``None`` is what stands before the first heading."""

    subject: Subject | None
    added: int
    removed: int
    people: list[Person]
    first_version: int
    last_version: int
    last_modified: str


@dataclass(slots=True)
class _Tally:
    """What is counted of a subject."""

    added: int = 0
    removed: int = 0
    versions: set[int] = field(default_factory=set)


def changes(old: str, new: str, written: Written) -> list[Change]:
    """What was changed from ``old`` to ``new``, by subject.

    Those of the later text come first, in its order, and then those that only the earlier text has. Letters that
    came and went again in between count nowhere.

    Law (``tests/service/history/test_subject_changes.py``): following each code point through all operations counts
    the same.
    """
    later = outline(new) if written.come or written.gone else []
    earlier = outline(old) if written.gone else []
    tallies: dict[str | None, _Tally] = {}
    for subject, length, version in by_subject(written.come, segments_of(later, len(new))):
        tally = tallies.setdefault(subject, _Tally())
        tally.added += length
        tally.versions.add(version)
    for subject, length, version in by_subject(written.gone, segments_of(earlier, len(old))):
        tally = tallies.setdefault(subject, _Tally())
        tally.removed += length
        tally.versions.add(version)
    return [
        _change(subject, tallies[key], written)
        for key, subject in _in_order(later, earlier)
        if key in tallies
    ]


def encoded(old: str, new: str, stretch: Stretch) -> bytes:
    """`changes` of a stretch as JSON."""
    return msgspec.json.encode(changes(old, new, Written.by(stretch)))


def encoded_long(stretch: LongStretch) -> bytes:
    """`changes` of a long stretch as JSON."""
    return msgspec.json.encode(changes(stretch.old.text, stretch.new.text, stretch.written()))


def subjects_between(old: str, new: str, come: Sequence[Range], gone: Sequence[Range]) -> list[str]:
    """The ids of the headings and requirements in whose extent letters of ``new`` came, or of ``old`` went."""
    found = touched(outline(new), len(new), come) if come else set()
    if gone:
        found |= touched(outline(old), len(old), gone)
    return sorted(found)


def _in_order(
    later: Iterable[Entry], earlier: Iterable[Entry]
) -> Iterable[tuple[str | None, Subject | None]]:
    """The subjects of both texts with their ids; ``None`` before the first one."""
    yield None, None
    present = subjects_of(later)
    for entry in present.values():
        yield entry.id, Subject(entry.kind, entry.id, entry.title)
    for entry in subjects_of(earlier).values():
        if entry.id not in present:
            yield entry.id, Subject(entry.kind, entry.id, entry.title, deleted=True)


def _change(subject: Subject | None, tally: _Tally, written: Written) -> Change:
    """The entry of a subject; its people are in the order in which they changed it first.

    Where it can't be told which version removed something, it may have been any of them, and anybody.
    """
    versions, names = tally.versions, written.names
    if SOME in versions:
        first, last, people = written.after + 1, written.until, list(names)
    else:
        first, last = min(versions), max(versions)
        people = list(dict.fromkeys(written.made(version)[0] for version in sorted(versions)))
    return Change(
        subject=subject,
        added=tally.added,
        removed=tally.removed,
        people=[Person(user_id, names.get(user_id, "")) for user_id in people],
        first_version=first,
        last_version=last,
        last_modified=iso(written.made(last)[1]),
    )
