"""Statements on ``search_passages``: SQLite looks into it by FTS5, PostgreSQL by its own full text search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from jupyter_speccollab.document.words import START, Passage, Term, words_of
from jupyter_speccollab.store.tables import document_versions, search_passages, specifications
from jupyter_speccollab.store.types import HexDigest, UuidText

INDEX: Final = "search_index"
"""The FTS5 table of SQLite; its content is that of ``search_passages``."""

MADE_BY: Final = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5("
    "words, content='search_passages', content_rowid='id', tokenize='ascii', detail='none')",
    "CREATE TRIGGER search_passages_added AFTER INSERT ON search_passages BEGIN "
    "INSERT INTO search_index (rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_passages_removed AFTER DELETE ON search_passages BEGIN "
    "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.id, old.words); END",
    "INSERT INTO search_index (search_index) VALUES ('rebuild')",
)
"""How the FTS5 table is made. The words are in lower case already, so the tokenizer only divides them at blanks."""

UNMADE_BY: Final = (
    "DROP TRIGGER IF EXISTS search_passages_added",
    "DROP TRIGGER IF EXISTS search_passages_removed",
)
"""What lets a SQLite without FTS5 write. The next one with FTS5 makes the table anew."""

_passage, _spec, _snapshot = search_passages.c, specifications.c, document_versions.c
_KNOWN = select(_passage.id, _passage.start, _passage.digest).where(_passage.spec_id == bindparam("spec"))
_ADD: Final = {
    dialect: text(statement).bindparams(
        bindparam("spec", type_=UuidText), bindparam("digest", type_=HexDigest)
    )
    for dialect, statement in {
        "postgresql": "INSERT INTO search_passages (spec_id, start, digest, text, words) "
        "VALUES (:spec, :start, :digest, :text, array_to_tsvector(string_to_array(:words, ' ')))",
        "sqlite": "INSERT INTO search_passages (spec_id, start, digest, text, words) "
        "VALUES (:spec, :start, :digest, :text, :words)",
    }.items()
}
_MOVE = update(search_passages).where(_passage.id == bindparam("key")).values(start=bindparam("at"))
_REMOVE = delete(search_passages).where(_passage.id.in_(bindparam("keys", expanding=True)))
_DONE = (
    update(specifications)
    .where(_spec.id == bindparam("spec"), _spec.searched_version < bindparam("at"))
    .values(searched_version=bindparam("at"))
)
_NEWEST = select(func.max(_snapshot.version)).where(_snapshot.spec_id == _spec.id).correlate(specifications)
_UNINDEXED = (
    select(_spec.id).where(_spec.searched_version < _NEWEST.scalar_subquery()).limit(bindparam("most"))
)
_PASSAGE = select(_passage.spec_id, _passage.start, _passage.text).where(
    _passage.id.in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Known:
    """A passage that is indexed."""

    key: int
    start: int
    digest: str


def digest_of(passage: Passage) -> str:
    """The digest of a passage's text."""
    return blake2b(passage.text.encode(), digest_size=16).hexdigest()


def rows_of(spec_id: str, passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """The rows of passages. It takes a moment to make them, so they are made outside of the transaction."""
    return [
        {
            "spec": spec_id,
            "start": each.start,
            "digest": digest_of(each),
            "text": each.text,
            "words": " ".join(words_of(each.text)),
        }
        for each in passages
    ]


def known(connection: Connection, spec_id: str) -> list[Known]:
    """Return what is indexed of the spec."""
    return [Known(*row) for row in connection.execute(_KNOWN, {"spec": spec_id})]


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows of passages."""
    if rows:
        connection.execute(_ADD[connection.dialect.name], rows)


def move(connection: Connection, starts: Mapping[int, int]) -> None:
    """Set where passages begin, by their keys."""
    if starts:
        connection.execute(_MOVE, [{"key": key, "at": start} for key, start in starts.items()])


def remove(connection: Connection, keys: Collection[int]) -> None:
    """Delete passages."""
    if keys:
        connection.execute(_REMOVE, {"keys": list(keys)})


def done(connection: Connection, spec_id: str, version: int) -> None:
    """Note that the text of ``version`` is indexed."""
    connection.execute(_DONE, {"spec": spec_id, "at": version})


def unindexed(connection: Connection, limit: int) -> list[str]:
    """Return specs that have a snapshot of a later version than was indexed."""
    return list(connection.execute(_UNINDEXED, {"most": limit}).scalars())


def holding(connection: Connection, term: Term) -> Select[tuple[str]]:
    """The ids of the specs in whose texts the term is."""
    return select(_passage.spec_id).where(_has(connection, term))


def first_passages(
    connection: Connection, spec_ids: Collection[str], terms: Sequence[Term]
) -> dict[str, Passage]:
    """Return for each spec the first passage that has all of the terms, or else one of them."""
    has = [_has(connection, term) for term in terms]
    found: dict[str, int] = {}
    for condition in (or_(false(), *has), and_(*has)) if has else ():
        first = (
            select(_passage.spec_id, _passage.id, func.min(_passage.start))
            .where(_passage.spec_id.in_(spec_ids), condition)
            .group_by(_passage.spec_id, _passage.id)
            .order_by(func.min(_passage.start).desc())
        )
        found |= {spec_id: key for spec_id, key, _ in connection.execute(first)}
    rows = connection.execute(_PASSAGE, {"keys": list(found.values())}).all() if found else ()
    return {spec_id: Passage(start, content) for spec_id, start, content in rows}


def has_index(connection: Connection) -> bool:
    """Whether SQLite has the FTS5 table, and keeps it up to date."""
    made = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'search_passages_removed'"
    return connection.exec_driver_sql(made).first() is not None


def _has(connection: Connection, term: Term) -> ColumnElement[bool]:
    """Whether a passage has the term. A term without words is looked for in titles only."""
    if not term.words:
        return false()
    is_postgres = connection.dialect.name == "postgresql"
    is_plain = not is_postgres and not has_index(connection)
    conditions: list[ColumnElement[bool]] = []
    for word in term.words:
        if is_postgres:
            conditions.append(_passage.words.op("@@")(cast(cast(literal(f"'{word}':*"), Text), TSQUERY)))
        elif is_plain:
            conditions.append(func.strpos(" " + _passage.words, literal(f" {word}")) > 0)
        else:
            index = table(INDEX, column("rowid"))
            hits = select(index.c.rowid).where(literal_column(INDEX).op("MATCH")(literal(f'"{word}"*')))
            conditions.append(_passage.id.in_(hits))
    if not term.is_word:
        conditions.append(func.strpos(func.lower(_passage.text), literal(term.key.replace(START, ""))) > 0)
    return and_(*conditions)
