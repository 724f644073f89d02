"""Statements on ``users``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.tables import users

_OTHERS = [column.name for column in users.c if column.name != "id"]
_ADD = insert(users)
_CHANGE = (
    update(users).where(users.c.id == bindparam("key")).values({name: bindparam(name) for name in _OTHERS})
)
_FIND = select(users).where(users.c.id.in_(bindparam("ids", expanding=True)))
_CALLED = select(users).where(
    users.c.issuer == bindparam("issuer"),
    func.lower(users.c.login).in_(bindparam("spellings", expanding=True)),
)


def save(connection: Connection, user: User) -> None:
    """Insert or update.

    Raises `sqlalchemy.exc.IntegrityError` if another server inserts the user at the same time.
    """
    values: dict[str, Any] = {field.name: getattr(user, field.name) for field in fields(User)}
    key = values.pop("user_id")
    if not connection.execute(_CHANGE, {**values, "key": key}).rowcount:
        connection.execute(_ADD, {**values, "id": key})


def introduce(connection: Connection, user: User) -> None:
    """Insert. Raises `sqlalchemy.exc.IntegrityError` if the user is known."""
    values: dict[str, Any] = {field.name: getattr(user, field.name) for field in fields(User)}
    connection.execute(_ADD, {**values, "id": values.pop("user_id")})


def find(connection: Connection, user_ids: Collection[str]) -> Mapping[str, User]:
    """Return the known users among ``user_ids``, by id."""
    return {row.id: _user(row) for row in connection.execute(_FIND, {"ids": list(user_ids)})}


def called(connection: Connection, issuer: str, login: str) -> Sequence[User]:
    """Return the users of an issuer whose login is ``login`` but for case and normal form."""
    key = search_key(login)
    forms = {normalize(form, each) for form in ("NFC", "NFD") for each in (key, login.lower())}
    rows = connection.execute(_CALLED, {"issuer": issuer, "spellings": sorted(forms)})
    found = (_user(row) for row in rows)
    return sorted((user for user in found if search_key(user.login) == key), key=lambda user: user.login)


def _user(row: Row[Any]) -> User:
    return User(row.id, **{name: getattr(row, name) for name in _OTHERS})
