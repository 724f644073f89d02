"""A folder with the text of a spec and its pictures."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.folder import file_name, write_folder
from jupyter_speccollab.store.base import Attachment, SpecMissing
from jupyter_speccollab.store.base.attachments import PART_BYTES
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Operation
from tests.archive.histories import ADA, add_history
from tests.store.values import SPEC, an_id, an_operation, moment

PICTURE = b"\x89PNG" + b"\1" * PART_BYTES


async def test_the_text_and_what_it_names_are_written(tmp_path: Path) -> None:
    store = MemoryStore()
    text = str(await add_history(store))
    digest = sha256(PICTURE).hexdigest()
    for content in (PICTURE, b"unused"):
        key = sha256(content).hexdigest()
        await store.add_attachment(
            SPEC, Attachment(key, "image/png", len(content), ADA.user_id, moment(1)), content
        )
    spec = await store.spec(SPEC)
    added = f"![a](attachments/{digest}.png) ![b](attachments/{'0' * 64}.gif)\n"
    made = an_operation(spec.version + 1, number=99, by=ADA, operation=Operation.of(added), base=text)
    await store.commit(SPEC, spec.version, spec.access_version, [made])
    folder = tmp_path / "new" / "folder"
    written = await write_folder(store, SPEC, folder)
    assert (written.pictures, written.missing) == (1, 1)
    assert written.file == folder / "Churn 🎈.md"
    assert written.file.read_bytes().decode() == added + text
    assert [each.name for each in (folder / "attachments").iterdir()] == [f"{digest}.png"]
    assert (folder / "attachments" / f"{digest}.png").read_bytes() == PICTURE
    with pytest.raises(BadArchive, match="exists already"):
        await write_folder(store, SPEC, folder)
    await write_folder(store, SPEC, folder, force=True)
    with pytest.raises(SpecMissing):
        await write_folder(store, an_id("nothing"), folder)
    with pytest.raises(BadArchive, match="can't be written"):
        await write_folder(store, SPEC, written.file / "below")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A: b/c", "A- b-c.md"),
        ("..", "spec.md"),
        ("\\", "spec.md"),
        ("Größe", "Größe.md"),
        ("../../x", "x.md"),
    ],
)
def test_a_title_becomes_a_name_that_stays_in_its_folder(title: str, name: str) -> None:
    assert file_name(title) == name
