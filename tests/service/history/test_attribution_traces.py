"""Attribution of recorded editing sessions: at 200 versions of each as replaying it letter by letter gives."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

from jupyter_speccollab.archive.importing import import_archive
from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.store.base import Store
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Attribution, Operation, parts_of, total
from jupyter_speccollab.text.attribution import NONE
from tests.archive.files import TO, export
from tests.archive.histories import ADA, BOB, add_history, edits_of_trace
from tests.archive.test_attributions import runs_at
from tests.store.values import SPEC, moment
from tests.text.letters import runs_of
from tests.text.traces import Sequencer, operation_of, read_trace, seen_of_others

pytestmark = [pytest.mark.shared_data, pytest.mark.timeout(1800)]

VERSIONS = 200
EVERY = 500
"""Versions from one snapshot to the next."""


def edits_of(directory: Path, name: str) -> list[tuple[Operation, User]]:
    """The edits in the order of a server, with who made each."""
    if name != "friendsforever":
        return edits_of_trace(directory, name)
    trace = read_trace(directory, name)
    sequencer = Sequencer(trace["numAgents"])
    edits = []
    for number, (transaction, seen) in enumerate(zip(trace["txns"], seen_of_others(trace), strict=True)):
        agent = transaction["agent"]
        edits.append((sequencer.commit(number, agent, seen, operation_of(transaction)), (ADA, BOB)[agent]))
    return edits


def noted_at(edits: Sequence[tuple[Operation, User]], versions: set[int]) -> Mapping[int, array[int]]:
    """The version of each letter at these versions, from a replay that notes it at each letter."""
    letters = array("I")
    found = {}
    for version, (operation, _) in enumerate(edits, 1):
        place = 0
        for component in operation.components:
            if isinstance(component, str):
                letters[place:place] = array("I", [version]) * len(component)
                place += len(component)
            elif component > 0:
                place += component
            else:
                del letters[place : place - component]
        if version in versions:
            found[version] = letters[:]
    return found


async def agrees(store: Store, expected: Mapping[int, array[int]]) -> None:
    for version, letters in expected.items():
        assert await runs_at(store, version) == runs_of(letters), version


@pytest.mark.parametrize("name", ["automerge-paper", "sveltecomponent", "friendsforever"])
def test_at_200_versions_as_letter_by_letter(shared_data: Path, name: str) -> None:
    """Each from the stored form of a version before it, which was made from the one before that."""
    edits = edits_of(shared_data, name)
    versions = {*Random(name).sample(range(1, len(edits) + 1), VERSIONS - 1), len(edits)}
    expected = noted_at(edits, versions)
    begun = NONE
    for start in range(0, len(edits), EVERY):
        steps = [
            parts_of(operation, version)
            for version, (operation, _) in enumerate(edits[start : start + EVERY], start + 1)
        ]
        for version in sorted(versions & set(range(start + 1, start + len(steps) + 1))):
            told = begun.after(total(steps[: version - start]))
            assert list(told) == runs_of(expected[version]), version
        begun = Attribution.from_bytes(begun.after(total(steps)).to_bytes())


@pytest.mark.parametrize("name", ["sveltecomponent", "friendsforever"])
async def test_in_a_store_also_after_compaction_export_and_import(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    edits = edits_of(shared_data, name)
    cut = len(edits) // 2
    sample = Random(name).sample
    early, late = set(sample(range(1, cut), 20)), set(sample(range(cut, len(edits) + 1), 40))
    expected = noted_at(edits, early | late)
    store = MemoryStore()
    await add_history(store, edits, every=EVERY)
    async for _ in Attributions(store).fill(SPEC):
        pass
    await agrees(store, expected)
    compaction = Compaction(store, moment(cut + 0.5))
    plan = await compaction.plan(SPEC)
    assert plan is not None
    assert await compaction.carry_out(plan)
    kept = {version: expected[version] for version in sorted(late)}
    await agrees(store, kept)
    await export(store, tmp_path / "spec.jsonl.gz")
    other = MemoryStore()
    await import_archive(other, tmp_path / "spec.jsonl.gz", TO)
    await agrees(other, kept)
