"""Pictures in an archive: they travel with their ids, and no file brings wrong ones in."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.archive.bounds import Bounds
from jupyter_speccollab.archive.importing import Destination, import_archive
from jupyter_speccollab.store.base import Attachment
from jupyter_speccollab.store.base.attachments import PART_BYTES
from jupyter_speccollab.store.memory import MemoryStore
from tests.archive.files import TO, export, lines_of, refused, rewrite
from tests.archive.histories import ADA, add_history
from tests.store.conftest import Connect
from tests.store.values import SPEC, an_id, moment

PNG = b"\x89PNG\r\n\x1a\n"
SMALL = PNG + b"small"
LARGE = PNG.ljust(PART_BYTES + 5, b"\x01")


def a_picture(content: bytes) -> Attachment:
    return Attachment(sha256(content).hexdigest(), "image/png", len(content), ADA.user_id, moment(5))


@pytest.fixture
def path(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Path:
    """An archive with two pictures."""

    async def make() -> None:
        store = MemoryStore()
        await add_history(store)
        for content in (SMALL, LARGE):
            await store.add_attachment(SPEC, a_picture(content), content)
        await export(store, path)

    path = tmp_path / "spec.jsonl.gz"
    jp_asyncio_loop.run_until_complete(make())
    return path


async def test_they_are_the_same_from_and_in_every_store(
    path: Path, tmp_path: Path, connect: Connect
) -> None:
    assert lines_of(path)[0]["contents"] == ["attachments"]
    assert lines_of(path)[0]["formatVersion"] == 2
    store = await connect()
    await import_archive(store, path, TO)
    pictures = sorted([a_picture(SMALL), a_picture(LARGE)], key=lambda each: each.attachment_id)
    assert list(await store.attachments(SPEC)) == pictures
    assert await store.attachment_part(SPEC, a_picture(LARGE).attachment_id, 1) == LARGE[PART_BYTES:]
    again = tmp_path / "again.jsonl.gz"
    await export(store, again)
    of_pictures = [line for line in lines_of(path) if line["line"].startswith("attachment")]
    assert [line for line in lines_of(again) if line["line"].startswith("attachment")] == of_pictures
    copy = an_id("copy")
    await import_archive(store, path, Destination(TO.epoch, TO.at, spec_id=copy))
    assert list(await store.attachments(copy)) == pictures


Change = Callable[[list[dict[str, Any]]], None]


def pictures_in(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["line"] == "attachment"]


def parts_in(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["line"] == "attachmentPart"]


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


CHANGES: dict[str, tuple[Change, str]] = {
    "other bytes": (
        lambda lines: parts_in(lines)[-1].update(content=in_base64(PNG + b"SMALL")),
        "do not match its id|more bytes|fewer bytes",
    ),
    "not a picture": (
        lambda lines: parts_in(lines)[0].update(content=in_base64(b"<html>")),
        "not of the kind",
    ),
    "another kind": (lambda lines: pictures_in(lines)[0].update(mediaType="image/gif"), "not of the kind"),
    "unknown kind": (lambda lines: pictures_in(lines)[0].update(mediaType="text/html"), "not a line"),
    "a part is missing": (lambda lines: lines.remove(parts_in(lines)[-1]), "fewer bytes"),
    "all parts are missing": (lambda lines: lines.remove(parts_in(lines)[0]), "fewer bytes|where part 0"),
    "a part of another one": (
        lambda lines: parts_in(lines)[0].update(attachmentId="0" * 64),
        "does not follow its picture",
    ),
    "the wrong number": (lambda lines: parts_in(lines)[0].update(number=1), "where part 0"),
    "more than it says": (
        lambda lines: pictures_in(lines)[0].update(size=9),
        "more bytes than it says|last one",
    ),
    "twice": (lambda lines: lines.insert(-1, pictures_in(lines)[0]), "second attachment with this id"),
    "too large": (lambda lines: pictures_in(lines)[0].update(size=1 << 30), "attachment_bytes"),
    "by nobody": (lambda lines: pictures_in(lines)[0].update(createdBy=an_id("nobody")), "no line before it"),
    "an empty part": (lambda lines: parts_in(lines)[0].update(content=""), "not a line"),
    "not base64": (lambda lines: parts_in(lines)[0].update(content="?"), "not a line"),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_wrong_ones_are_refused(path: Path, name: str) -> None:
    change, message = CHANGES[name]
    lines = lines_of(path)
    change(lines)
    rewrite(path, lines)
    assert re.search(message, await refused(path)), name


async def test_those_of_a_spec_keep_to_the_limit_of_the_server(path: Path) -> None:
    small = Destination(TO.epoch, TO.at, bounds=Bounds(attachments_bytes=len(LARGE)))
    assert "attachments_bytes" in await refused(path, small)


async def test_a_file_says_what_it_holds_and_one_that_holds_more_is_refused(path: Path) -> None:
    lines = lines_of(path)
    lines[0]["contents"] = ["attachments", "verdicts"]
    rewrite(path, lines)
    assert "it holds verdicts, which this program can't read" in await refused(path)


async def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    store, path = MemoryStore(), tmp_path / "spec.jsonl.gz"
    await add_history(store)
    await export(store, path)
    lines = lines_of(path)
    lines[0] = {"line": "header", "format": "speccollab-spec", "formatVersion": 1}
    next(line for line in lines if line["line"] == "spec").pop("notebook", None)
    rewrite(path, lines)
    again = MemoryStore()
    await import_archive(again, path, TO)
    assert (await again.spec(SPEC)).title == (await store.spec(SPEC)).title
