"""The history of a live spec: what was done, by whom, and what is new."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, Final, overload

from jupyter_speccollab.client.changes import Changes
from jupyter_speccollab.client.editing import Editing

MY_LAST_VISIT: Final = "my last visit"
"""As ``since``: the version up to which one has read the spec, as `History.mark_read` or JupyterLab has said."""

Since = int | datetime | str
"""A version, a moment, or `MY_LAST_VISIT`."""

PAGE: Final = 100
"""The most sittings that the server gives at once."""


class History(Editing):
    """A live spec with its history."""

    async def label(self, label: str) -> dict[str, Any]:
        """Name the present text, own edits included, in the history; returns its revision."""
        await self.synchronised()
        return dict(await self._call("POST", "revisions", {"label": label}))

    async def remove_label(self, version: int) -> None:
        """Take the label of the revision at ``version`` away. The revision stays."""
        await self._call("DELETE", f"revisions/{version}/label")

    async def revisions(
        self, limit: int = 20, before: int | None = None, content: bool = False
    ) -> list[dict[str, Any]]:
        """The revisions, newest first. For the next page pass the oldest version of this one as ``before``."""
        query = {"limit": limit, "content": "true" if content else "false", "before": before}
        return list((await self._call("GET", "revisions", **query))["revisions"])

    async def history(
        self,
        limit: int = 20,
        before: int | None = None,
        *,
        user: str | None = None,
        subject: str | None = None,
    ) -> list[dict[str, Any]]:
        """What was done, newest first, by *sittings*: versions that people wrote in one go.

        Each is a dictionary: ``fromVersion``, ``toVersion``, ``startedAt``, ``endedAt``, ``people`` (with how many
        ``operations`` each made), ``added`` and ``removed`` letters, ``changesSummary``, ``revisions``. At most
        ``limit`` of them are returned, of those whose ``toVersion`` is below ``before``. With a ``user`` (a userId)
        or a ``subject`` (the id of a heading or requirement), only those in which that person wrote, or in which
        letters of that subject came or went.
        """
        found: list[dict[str, Any]] = []
        while len(found) < limit:
            asked = min(PAGE, limit - len(found))
            page = await self._call("GET", "history", limit=asked, before=before, user=user, subject=subject)
            found += page["sittings"]
            before = page["nextBefore"]
            if before is None:
                break
        return found

    async def at(self, version: int) -> dict[str, Any]:
        """The document at ``version``: its ``content``, ``modifiedBy`` and more."""
        return dict(await self._call("GET", f"revisions/{version}"))

    async def diff(self, version: int, against: int | None = None) -> dict[str, Any]:
        """What differs between two versions: ``from``, ``to``, and ``hunks`` with their ``authors``.

        ``against`` is the version before ``version`` unless you name another.
        """
        return dict(await self._call("GET", f"revisions/{version}/diff", against=against))

    async def attribution(self, version: int | None = None) -> dict[str, Any]:
        """Who wrote each letter of a version, the present one by default.

        ``runs`` cover the text: lists of a length, the version that inserted these letters, an index into
        ``people``, and the time in seconds since 1970. ``people`` have a ``userId``, ``userName`` and ``color``.
        """
        return dict(await self._call("GET", "attribution", version=version))

    @overload
    def changes(self) -> Changes: ...

    @overload
    def changes(
        self, since: Since, until: int | None = None
    ) -> Coroutine[Any, Any, list[dict[str, Any]]]: ...

    def changes(
        self, since: Since | None = None, until: int | None = None
    ) -> Changes | Coroutine[Any, Any, list[dict[str, Any]]]:
        """Other users' changes from now on; ends when the client is closed.

        With ``since``, what was changed after that, up to version ``until`` (by default the present one), by
        heading and requirement: dictionaries of ``subject``, ``added`` and ``removed`` letters, ``people``,
        ``firstVersion``, ``lastVersion`` and ``lastModified``. ``since`` is a version, a ``datetime``, or
        ``"my last visit"``. It is awaited then.
        """
        return super().changes() if since is None else self._changed_since(since, until)

    async def mark_read(self, version: int | None = None) -> int:
        """Say that one has read the spec up to ``version``, by default as it is here; returns the mark.

        The mark is one's own on all servers, and only rises. `changes` counts from it since ``"my last visit"``.
        """
        read = self.version if version is None else version
        return int((await self._call("PUT", "read", {"version": read}))["version"])

    async def move_to_trash(self) -> None:
        """Delete the spec, for everybody, once the server has every edit; the client is closed then.

        An owner can restore it from the trash in JupyterLab, with its history, while the server keeps it there.
        Only an owner may delete it: for others this raises `Forbidden`, and the client stays open.
        """
        await self.synchronised()
        await self._call("DELETE", "")
        await self.close()

    # internals --------------------------------------------------------------------------------------------

    async def _changed_since(self, since: Since, until: int | None) -> list[dict[str, Any]]:
        if isinstance(since, datetime):
            place: int | str = since.astimezone(UTC).isoformat()
        elif isinstance(since, str):
            if since != MY_LAST_VISIT:
                raise ValueError(f"since is a version, a datetime, or {MY_LAST_VISIT!r}.")
            entry = await self._call("GET", "")
            place = entry["readVersion"] or 0
        else:
            place = since
        return list((await self._call("GET", "changes", since=place, until=until))["entries"])

    async def _call(self, method: str, path: str, body: object = None, **query: object) -> Any:
        """Call the server about this spec; parameters that are ``None`` are left out."""
        self._joined()
        asked = {name: value for name, value in query.items() if value is not None}
        address = f"/{self.spec_id}/{path}".rstrip("/")
        return await self._server.call(method, address, body, **asked)
