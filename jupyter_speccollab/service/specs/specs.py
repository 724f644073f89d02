"""Specs: lists, creates and changes specs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.name import cleaned_name
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.document.words import snippet_of, terms_of
from jupyter_speccollab.errors import DocumentTooLarge, Forbidden, OperationIdReused
from jupyter_speccollab.markdown.front_matter import fields, notebook_of, status_of
from jupyter_speccollab.markdown.summary import summarise
from jupyter_speccollab.protocol.codec import fingerprint
from jupyter_speccollab.service.access.roles import Access, not_found
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.text_index import index_text
from jupyter_speccollab.service.specs.active_users import active_users
from jupyter_speccollab.service.specs.entry import entry_of
from jupyter_speccollab.store.base import (
    Choice,
    QuotaReached,
    ReadState,
    RevisionKind,
    Snapshot,
    SpecIdTaken,
    SpecMissing,
    SpecRecord,
)
from jupyter_speccollab.text import Operation, Text, check_content, to_stored

LEVELS: Final = 100
"""Of how many folders in a notebook's path the specs are looked for."""


@dataclass(frozen=True, slots=True)
class NewSpec:
    """A spec to create. With a ``spec_id``, the request can be repeated safely."""

    title: str
    content: str = ""
    description: str = ""
    type: str = ""
    spec_id: str | None = None


class Specs:
    """Lists, creates and changes specs. Returns entries in the form of the protocol."""

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._store = documents.store
        self._access = access

    async def page(
        self,
        caller: Caller,
        query: str,
        cursor: str | None,
        limit: int,
        notebook: str = "",
        choice: Choice = Choice(),  # noqa: B008 (frozen)
    ) -> dict[str, Any]:
        """The specs that ``caller`` may see. Raises `InvalidMessage` for an invalid cursor.

        An entry whose text has a term of ``query`` has a ``snippet`` of it.

        With the path of a ``notebook``, only those whose front matter names it, or the end of its path.
        """
        page = await self._store.specs(
            query,
            cursor,
            limit,
            visible_to=self._access.visible_to(caller),
            only=caller.only,
            notebooks=_ends_of(notebook) if notebook else None,
            choice=choice,
        )
        spec_ids = [record.spec_id for record in page.specs]
        roles = await self._access.roles(caller, spec_ids)
        people = await active_users(self._documents, spec_ids)
        reads = await self._store.read_states(caller.user.user_id, spec_ids)
        threads = await self._store.thread_counts(spec_ids, caller.user.user_id)
        entries = [
            entry_of(
                roles[record.spec_id],
                record,
                people[record.spec_id],
                reads.get(record.spec_id, ReadState()),
                threads.get(record.spec_id, (0, 0)),
            )
            for record in page.specs
        ]
        snippets = await self._snippets(spec_ids, query)
        return {
            "specs": [{**entry, **snippets.get(entry["specId"], {})} for entry in entries],
            "nextCursor": page.next_cursor,
        }

    async def facets(self, caller: Caller) -> dict[str, Any]:
        """How many of the specs that ``caller`` may see have each status, and each type."""
        facets = await self._store.facets(visible_to=self._access.visible_to(caller), only=caller.only)
        return {"status": facets.statuses, "type": facets.types}

    async def _snippets(self, spec_ids: Sequence[str], query: str) -> dict[str, Any]:
        terms = terms_of(query)
        if not terms:
            return {}
        passages = await self._store.passages(spec_ids, terms)

        def cut() -> dict[str, Any]:
            found = {spec_id: snippet_of(passage, terms) for spec_id, passage in passages.items()}
            return {
                spec_id: {"snippet": {"text": snippet[0], "position": snippet[1]}}
                for spec_id, snippet in found.items()
                if snippet is not None
            }

        return await asyncio.to_thread(cut)

    async def get(self, caller: Caller, spec_id: str) -> dict[str, Any]:
        """The entry of one spec. Raises `SpecNotFound`."""
        role = await self._access.require(caller, spec_id, Role.VIEWER)
        return await self._entry(caller, role, await self._record(spec_id))

    async def create(self, caller: Caller, new: NewSpec) -> dict[str, Any]:
        """Create a spec. If the request is a repeat, return the spec that the first one created.

        A repeat counts against no limit. Raises `RateLimited`, `QuotaExceeded`, `InvalidContent`,
        `DocumentTooLarge`, `OperationIdReused` if another spec has this id, and `Forbidden` if the token is limited
        to one spec or to viewing.
        """
        if caller.only is not None or caller.limit < Role.CONTRIBUTOR:
            raise Forbidden("This token is not for making specs. Log in, or use another.")
        await asyncio.to_thread(check_content, new.content)
        longest = self._documents.limits.document_length
        if len(new.content) > longest:
            raise DocumentTooLarge(
                f"A document may hold {longest:,} characters; this one has {len(new.content):,}. Split it in two."
            )
        spec_id = new.spec_id or str(uuid4())
        if new.spec_id is not None and await self._store.states([spec_id]):
            return await self._repeated(caller, new, spec_id)
        self._documents.writes.count(caller.user)
        await self._documents.long_texts.turn(caller.user, len(new.content))
        quotas = self._documents.quotas
        record, first, snapshot = await asyncio.to_thread(self._first_version, caller.user, new, spec_id)
        try:
            async with quotas.server_room(2 * len(new.content.encode())):
                await self._store.create_spec(record, first, snapshot, quotas.of_user)
        except SpecIdTaken:
            self._documents.writes.give_back(caller.user)
            return await self._repeated(caller, new, spec_id)
        except QuotaReached as reached:
            raise quotas.refusal_of_spec(reached.usage) from None
        self._access.audit.record("spec-created", caller, spec_id)
        await index_text(self._store, spec_id, record.version, new.content)
        return await self.get(caller, spec_id)

    async def update(self, caller: Caller, spec_id: str, changes: Mapping[str, str]) -> dict[str, Any]:
        """Change title, description, type or status. Raises `SpecNotFound`, `Forbidden`."""
        role = await self._access.require(caller, spec_id, Role.CONTRIBUTOR)
        self._documents.writes.count(caller.user)
        try:
            record = await self._documents.change_entry(spec_id, changes)
        except SpecMissing:
            raise not_found() from None
        return await self._entry(caller, role, record)

    def _first_version(
        self, user: User, new: NewSpec, spec_id: str
    ) -> tuple[SpecRecord, CommittedOperation | None, Snapshot]:
        now = self._documents.clock()
        version = 1 if new.content else 0
        front = fields(new.content)
        record = SpecRecord(
            spec_id=spec_id,
            title=new.title,
            description=new.description,
            type=new.type or cleaned_name(front.get("type", ""), 40),
            status=cleaned_name(status_of(new.content) or "", 40) or "draft",
            notebook=notebook_of(new.content),
            version=version,
            epoch=str(uuid4()),
            access_version=0,
            created_by=user.user_id,
            created_at=now,
            modified_by=user.user_id,
            modified_by_name=user.name,
            modified_at=now,
        )
        snapshot = Snapshot(
            version=version,
            content=new.content,
            content_hash=content_hash(new.content),
            created_by=user.user_id,
            created_by_name=user.name,
            created_at=now,
            kind=RevisionKind.CREATED,
            changes_summary=summarise("", new.content) if new.content else "created empty",
        )
        if not new.content:
            return record, None, snapshot
        operation = Operation.of(new.content)
        operation_id = str(uuid4())
        first = CommittedOperation(
            version=1,
            operation_id=operation_id,
            user_id=user.user_id,
            user_name=user.name,
            session_id=None,
            operation=operation,
            components=to_stored(operation, Text.of("")),
            timestamp=now,
            fingerprint=fingerprint(operation_id),
        )
        return record, first, snapshot

    async def _repeated(self, caller: Caller, new: NewSpec, spec_id: str) -> dict[str, Any]:
        """The entry of the spec that the same request has created. Raises `OperationIdReused` for another spec."""
        self._documents.repeats.count(caller.user)
        other = OperationIdReused("Another spec has this specId. Create yours under a new one.")
        digest = await asyncio.to_thread(content_hash, new.content)
        try:
            record = await self._store.spec(spec_id)
        except SpecMissing:  # it is in the trash
            raise other from None
        created = await self._store.snapshot(spec_id, at=1 if new.content else 0)
        same = (
            record.created_by == caller.user.user_id
            and created is not None
            and created.content_hash == digest
        )
        if not same:
            raise other
        return await self.get(caller, spec_id)

    async def _entry(self, caller: Caller, role: Role, record: SpecRecord) -> dict[str, Any]:
        spec_id, user_id = record.spec_id, caller.user.user_id
        people = await active_users(self._documents, [spec_id])
        reads = await self._store.read_states(user_id, [spec_id])
        threads = await self._store.thread_counts([spec_id], user_id)
        read, open_threads = reads.get(spec_id, ReadState()), threads.get(spec_id, (0, 0))
        return entry_of(role, record, people[spec_id], read, open_threads)

    async def _record(self, spec_id: str) -> SpecRecord:
        try:
            return await self._store.spec(spec_id)
        except SpecMissing:
            raise not_found() from None


def _ends_of(path: str) -> list[str]:
    """The path, and its ends: each folder with all below it, and the name of the file."""
    parts = [part for part in path.split("/") if part]
    return ["/".join(parts[start:]) for start in range(len(parts))][-LEVELS:]
