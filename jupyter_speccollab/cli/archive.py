"""``jupyter speccollab export`` and ``import``: a spec with its whole history in one file."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from traitlets import Bool, Unicode

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.archive.bounds import Bounds
from jupyter_speccollab.archive.file import compressed, new_file
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.folder import write_folder
from jupyter_speccollab.archive.importing import Contents, Destination, import_archive, survey
from jupyter_speccollab.archive.writing import Written, write
from jupyter_speccollab.cli.base import Command
from jupyter_speccollab.cli.printable import in_line
from jupyter_speccollab.document.user import User, is_login, user_id_of
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.history.measures import prepare_history
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.store.base import SpecMissing
from jupyter_speccollab.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore

STDOUT = "-"


class Export(Command):
    """Write a spec with its whole history, its authors and its collaborators into one file.

    With --markdown, only the present text and its pictures are written, into the folder FILE: Markdown that reads
    everywhere, with a folder attachments beside it.

    Without FILE, or with -, it goes to the standard output. Servers may keep running: the file contains the
    spec as it was when the command began. Only the owner of the file can read it. docs/operations.md describes
    its contents.
    """

    name = "jupyter-speccollab-export"
    description = __doc__
    examples = "jupyter speccollab export 5b0a2f5e-4d4c-4d5c-9d7e-0d8a4d3c2b1a churn.jsonl.gz"
    flags = {  # noqa: RUF012
        "force": ({"Export": {"force": True}}, "Replace FILE if it exists."),
        "markdown": ({"Export": {"markdown": True}}, "Write the text and its pictures into a folder."),
    }

    force = Bool(False, help="Replace the file if it exists.").tag(config=True)
    markdown = Bool(False, help="Write the text and its pictures into a folder.").tag(config=True)

    async def work(self) -> None:
        spec_id = canonical_uuid(self.extra_args[0]) if 1 <= len(self.extra_args) <= 2 else None
        if spec_id is None:
            self.fail("Name a spec and a file: jupyter speccollab export SPEC_ID [FILE]")
        name = self.extra_args[1] if len(self.extra_args) == 2 else STDOUT
        if self.markdown and name == STDOUT:
            self.fail("Name a folder: jupyter speccollab export --markdown SPEC_ID FOLDER")
        if name == STDOUT and sys.stdout.isatty():
            self.fail("An export can't be shown in a terminal: name a file, or redirect the output with >.")
        store = self.store()
        if isinstance(store, SqliteStore) and not store.exists:
            self.fail(
                "There are no specs yet: their database file, SpecCollabApp.database_path, does not exist."
            )
        try:
            if self.markdown:
                await self._write_folder(store, spec_id, Path(name))
                return
            written = await self._write(store, spec_id, name)
        except SpecMissing:
            self.fail(f"There is no spec {spec_id}.")
        except BadArchive as error:
            self.fail(str(error))
        if name != STDOUT:
            self.say(f"{name} holds {_counted(written)} of the spec “{in_line(written.spec.title)}”.")

    async def _write_folder(self, store: SqliteStore | PostgresStore, spec_id: str, folder: Path) -> None:
        try:
            await store.open()
            written = await write_folder(store, spec_id, folder, force=self.force)
        finally:
            await store.close()
        pictures = "1 picture" if written.pictures == 1 else f"{written.pictures:,} pictures"
        self.say(f"{in_line(str(written.file))} holds the text, with {pictures} beside it.")
        if written.missing:
            self.say(f"The text names {written.missing:,} more, which this spec does not have.")

    async def _write(self, store: SqliteStore | PostgresStore, spec_id: str, name: str) -> Written:
        target = nullcontext(sys.stdout.buffer) if name == STDOUT else new_file(Path(name), force=self.force)
        try:
            await store.open()
            with target as file, compressed(file) as stream:
                return await write(store, spec_id, stream)
        except SpecMissing:
            await store.trashed(spec_id)
            raise BadArchive(
                f"The spec {spec_id} is in the trash. jupyter speccollab trash restore {spec_id} brings it back."
            ) from None
        finally:
            await store.close()


class Import(Command):
    """Import a spec from a file that export wrote, completely or not at all.

    Servers may keep running. The spec keeps its id, or gets a new one with --as-new. Its collaborators keep their
    roles; --owner adds an owner, and with --without-collaborators nobody else has access.
    """

    name = "jupyter-speccollab-import"
    description = __doc__
    examples = (
        "jupyter speccollab import churn.jsonl.gz\n"
        "jupyter speccollab import churn.jsonl.gz --as-new --without-collaborators --owner ada"
    )
    flags = {  # noqa: RUF012
        "any-size": (
            {"Import": {"any_size": True}},
            "Import a file however much larger it is uncompressed.",
        ),
        "as-new": ({"Import": {"as_new": True}}, "Give the spec a new id."),
        "without-collaborators": (
            {"Import": {"collaborators": False}},
            "Leave out the collaborators; needs --owner.",
        ),
    }
    aliases = {"owner": "Import.owner"}  # noqa: RUF012

    any_size = Bool(False, help="Import the file even if it expands to more than 200 times its size.").tag(
        config=True
    )
    as_new = Bool(
        False, help="Give the spec a new id, so that the original can be in the same database."
    ).tag(config=True)
    collaborators = Bool(True, help="Keep the collaborators of the spec.").tag(config=True)
    owner = Unicode(help="The login name of an additional owner of the spec.").tag(config=True)

    async def work(self) -> None:
        if len(self.extra_args) != 1:
            self.fail("Name a file: jupyter speccollab import FILE")
        if not (self.collaborators or self.owner):
            self.fail("Without its collaborators the spec needs an owner: --owner <login name>.")
        if self.owner and not is_login(self.owner):
            self.fail("--owner must be a login name: at most 200 characters, all of them printable.")
        app = SpecCollabApp(config=self.config)
        issuer = app.issuer
        owner = User(user_id_of(issuer, self.owner), self.owner, self.owner, issuer=issuer)
        destination = Destination(
            epoch=str(uuid4()),
            at=datetime.now(UTC),
            spec_id=str(uuid4()) if self.as_new else None,
            owner=owner if self.owner else None,
            collaborators=self.collaborators,
            bounds=Bounds(app.document_length, self.any_size, app.attachment_bytes, app.attachments_bytes),
        )
        try:
            contents = await self._import(Path(self.extra_args[0]), destination)
        except BadArchive as error:
            self.fail(str(error))
        self._report(contents, issuer)

    async def _import(self, path: Path, destination: Destination) -> Contents:
        contents = await survey(path, destination)
        store = self.store()
        try:
            await store.open()
            await import_archive(store, path, destination)
            spec_id = destination.spec_id or contents.spec.spec_id
            async for _ in Attributions(store).fill(spec_id):
                pass
            async for _ in prepare_history(store, spec_id):
                pass
            known = await store.users([owner.user_id for owner in contents.owners])
        finally:
            await store.close()
        return replace(contents, owners=tuple(known[owner.user_id] for owner in contents.owners))

    def _report(self, contents: Contents, issuer: str) -> None:
        self.say(
            f"The spec “{in_line(contents.spec.title)}” is here, as {contents.spec.spec_id}, "
            f"with {_counted(contents)}."
        )
        self.say(f"It belongs to {', '.join(_named(user, issuer) for user in contents.owners)}.")
        if all(user.issuer != issuer for user in contents.owners):
            self.say(
                f"None of them has a login of this server (issuer {issuer}). If nobody can open the spec, "
                "import it again with --as-new and --owner <login name>."
            )


def _named(user: User, issuer: str) -> str:
    """A user as this server knows them; the login name and the issuer say who it is, not the name."""
    where = "" if user.issuer == issuer else f", a login of {in_line(user.issuer)}"
    return f"{in_line(user.name)} ({in_line(user.login)}{where})"


def _counted(held: Written | Contents) -> str:
    return f"{held.spec.version:,} versions and {held.revisions:,} revisions"
