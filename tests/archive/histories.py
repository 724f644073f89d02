"""Specs with a history, stored as a server stores them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.store.base import RevisionKind, Store
from jupyter_speccollab.text import EMPTY, Operation, Text, normalise, to_stored
from tests.store.values import SPEC, a_snapshot, a_spec, an_operation, moment
from tests.text.traces import operation_of, read_trace

ISSUER = "jupyter"
ADA = User(
    user_id_of(ISSUER, "ada"), "ada", "Ada Lovelace", "AL", "#a00", "https://example.org/a.png", ISSUER
)
BOB = User(user_id_of(ISSUER, "bob"), "bob", "Bob 🎈", issuer=ISSUER)
CAT = User(user_id_of(ISSUER, "cat"), "cat", "Cát", issuer=ISSUER)

SOME_TEXT = "# Chürn 🎈\n\nWho leaves?\n"
EDITS = [
    (Operation.of(SOME_TEXT), ADA),
    (Operation.of(2, "👩‍👩‍👧 ", -5), BOB),
    (EMPTY, BOB),
    (Operation.of(-1, 4, "\u2028", -2, 3, '"q" \\u0000 \t'), ADA),
    (Operation.of("last\n"), CAT),
]


async def add_history(
    store: Store,
    edits: Iterable[tuple[Operation, User]] = tuple(EDITS),
    *,
    every: int = 2,
    spec_id: str = SPEC,
) -> Text:
    """Create an empty spec of Ada, and commit these edits; returns the last text.

    There is an automatic revision at every multiple of ``every``, and a labelled one at version 1. Bob is a
    contributor, and the group ``team`` is a viewer.
    """
    for user in (ADA, BOB, CAT):
        await store.save_user(user)
    await store.create_spec(
        a_spec(spec_id, title="Churn 🎈", description="who\nand why", by=ADA.user_id),
        None,
        a_snapshot(by=ADA),
    )
    seen = await store.access(spec_id)
    seen = await store.change_access(seen, BOB.user_id, Role.CONTRIBUTOR, ADA.user_id, moment(3))
    seen = await store.change_access(seen, "group:team", Role.VIEWER, BOB.user_id, moment(4))
    text = Text.of("")
    group: list[CommittedOperation] = []
    for version, (edit, user) in enumerate(edits, 1):
        operation = normalise(edit)
        session = None if version == 1 else version % 3
        made = an_operation(version, by=user, operation=operation, session=session)
        group.append(structs.replace(made, components=to_stored(operation, text)))
        text = text.apply(operation)
        if version == 1 or version % every == 0:
            await store.commit(spec_id, group[0].version - 1, seen.version, group)
            group = []
            kind, label = (RevisionKind.LABELLED, "first 🏁") if version == 1 else (RevisionKind.AUTO, None)
            snapshot = a_snapshot(version, str(text), kind, label, by=user, summary=f"+{version}")
            await store.save_snapshot(spec_id, snapshot)
    if group:
        await store.commit(spec_id, group[0].version - 1, seen.version, group)
    return text


def edits_of_trace(directory: Path, name: str) -> list[tuple[Operation, User]]:
    """A recorded editing history, divided between Ada and Bob in groups of a hundred edits."""
    transactions = read_trace(directory, name)["txns"]
    return [
        (operation_of(transaction), (ADA, BOB)[number // 100 % 2])
        for number, transaction in enumerate(transactions)
    ]
