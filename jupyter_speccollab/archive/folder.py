"""A folder with the text of a spec as Markdown, and its pictures where the text says that they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.document.media_type import EXTENSIONS
from jupyter_speccollab.store.base import Attachment, Store
from jupyter_speccollab.text import Text

_NAMED: Final = re.compile(r"attachments/([0-9a-f]{64})\.[a-z]{1,5}")
_REFUSED: Final = re.compile(r"[\x00-\x1f<>:\"/\\|?*]+")


@dataclass(frozen=True, slots=True)
class Folder:
    """What was written."""

    file: Path
    pictures: int
    missing: int


async def write_folder(store: Store, spec_id: str, folder: Path, *, force: bool = False) -> Folder:
    """Write the present text and the pictures that it names into ``folder``, which is made if it does not exist.

    Raises `SpecMissing`, and `BadArchive` if a file exists and ``force`` is not set, or can't be written.
    """
    spec = await store.spec(spec_id)
    content = await _text(store, spec_id)
    file = folder / file_name(spec.title)
    if file.exists() and not force:
        raise BadArchive(f"{file} exists already: name another folder, or replace it with --force.")
    pictures = missing = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 (a command)
        for attachment_id in dict.fromkeys(_NAMED.findall(content)):
            found = await store.attachment(spec_id, attachment_id)
            if found is None:
                missing += 1
                continue
            await _write_picture(store, spec_id, found, folder / "attachments")
            pictures += 1
        file.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadArchive(f"{folder} can't be written: {error.strerror}.") from error
    return Folder(file, pictures, missing)


def file_name(title: str) -> str:
    """A file name made from a title, without characters that file systems refuse."""
    safe = _REFUSED.sub("-", title).strip(". -")[:100]
    return f"{safe or 'spec'}.md"


async def _text(store: Store, spec_id: str) -> str:
    snapshot = await store.snapshot(spec_id)
    text = Text.of((snapshot and snapshot.content) or "")
    for committed in await store.operations(spec_id, snapshot.version if snapshot else 0):
        text = text.apply(committed.operation)
    return str(text)


async def _write_picture(store: Store, spec_id: str, picture: Attachment, folder: Path) -> None:
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 (a command)
    name = f"{picture.attachment_id}.{EXTENSIONS[picture.media_type]}"
    with (folder / name).open("wb") as file:
        number = 0
        while (part := await store.attachment_part(spec_id, picture.attachment_id, number)) is not None:
            file.write(part)
            number += 1
