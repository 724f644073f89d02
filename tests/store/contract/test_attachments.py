"""The contract of attachments."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    AttachmentsFull,
    SpecMissing,
    SpecRecord,
    Store,
    UserMissing,
)
from jupyter_speccollab.store.base.attachments import PART_BYTES
from jupyter_speccollab.store.stored_bytes import ROW_BYTES
from tests.store.values import ADA, BOB, NOBODY, SPEC, a_snapshot, a_spec, an_id, moment

pytestmark = pytest.mark.usefixtures("spec")

Connect = Callable[[], Awaitable[Store]]


def a_picture(content: bytes = b"a picture", *, by: str = ADA.user_id, at: float = 0) -> Attachment:
    return Attachment(sha256(content).hexdigest(), "image/png", len(content), by, moment(at))


async def content_of(store: Store, attachment_id: str, spec_id: str = SPEC) -> bytes:
    parts = []
    while (part := await store.attachment_part(spec_id, attachment_id, len(parts))) is not None:
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("length", [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
async def test_the_bytes_come_back(store: Store, length: int) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    content = content[:length]
    picture = a_picture(content)
    await store.add_attachment(SPEC, picture, bytearray(content))
    assert await store.attachment(SPEC, picture.attachment_id) == picture
    assert await content_of(store, picture.attachment_id) == content


async def test_what_is_not_there(store: Store) -> None:
    picture = a_picture()
    assert await store.attachment(SPEC, picture.attachment_id) is None
    assert await store.attachment_part(SPEC, picture.attachment_id, 0) is None
    assert list(await store.attachments(SPEC)) == []
    assert list(await store.attachments(an_id("spec", 5))) == []
    with pytest.raises(SpecMissing):
        await store.add_attachment(an_id("spec", 5), picture, b"a picture")
    with pytest.raises(UserMissing):
        await store.add_attachment(SPEC, a_picture(by=NOBODY), b"a picture")


async def test_the_same_bytes_again_only_renew_the_time(store: Store) -> None:
    await store.add_attachment(SPEC, a_picture(), b"a picture")
    usage = await store.total_usage()
    await store.add_attachment(SPEC, a_picture(by=BOB.user_id, at=9), b"a picture")
    assert list(await store.attachments(SPEC)) == [a_picture(at=9)]
    assert await store.total_usage() == usage


async def test_each_spec_has_its_own(store: Store) -> None:
    other = an_id("spec", 2)
    await store.create_spec(a_spec(other), None, a_snapshot())
    await store.add_attachment(SPEC, a_picture(), b"a picture")
    assert await store.attachment(other, a_picture().attachment_id) is None
    await store.add_attachment(other, a_picture(by=BOB.user_id), b"a picture")
    await store.delete_spec(SPEC)
    assert await content_of(store, a_picture().attachment_id, other) == b"a picture"
    assert await store.attachment(SPEC, a_picture().attachment_id) is None


async def test_they_come_in_pages_in_the_order_of_their_ids(store: Store) -> None:
    pictures = [a_picture(bytes([number])) for number in range(5)]
    for number, picture in enumerate(pictures):
        await store.add_attachment(SPEC, picture, bytes([number]))
    pictures.sort(key=lambda each: each.attachment_id)
    first = list(await store.attachments(SPEC, limit=3))
    assert first == pictures[:3]
    assert list(await store.attachments(SPEC, first[-1].attachment_id, 3)) == pictures[3:]


async def test_those_of_a_spec_keep_to_the_limit(store: Store) -> None:
    await store.add_attachment(SPEC, a_picture(b"x" * 60), b"x" * 60, 100)
    with pytest.raises(AttachmentsFull) as full:
        await store.add_attachment(SPEC, a_picture(b"y" * 41), b"y" * 41, 100)
    assert full.value.size == 60
    await store.add_attachment(SPEC, a_picture(b"x" * 60), b"x" * 60, 1)
    await store.add_attachment(SPEC, a_picture(b"y" * 40), b"y" * 40, 100)


async def test_together_they_keep_to_the_limit(store: Store, connect: Connect) -> None:
    servers = [store, await connect()]
    outcomes = await asyncio.gather(
        *(
            servers[number % 2].add_attachment(
                SPEC, a_picture(bytes([number]) * 30), bytes([number]) * 30, 100
            )
            for number in range(8)
        ),
        return_exceptions=True,
    )
    assert sum(outcome is None for outcome in outcomes) == 3, outcomes
    assert {type(outcome) for outcome in outcomes} == {type(None), AttachmentsFull}
    assert sum(each.size for each in await store.attachments(SPEC)) == 90


async def test_two_may_add_the_same_at_the_same_time(store: Store, connect: Connect) -> None:
    content = b"z" * (3 * PART_BYTES)
    servers = [store, await connect()]
    await asyncio.gather(*(each.add_attachment(SPEC, a_picture(content), content) for each in servers))
    assert await content_of(store, a_picture(content).attachment_id) == content
    await store.recount_usage(SPEC)
    assert len(await store.attachments(SPEC)) == 1


async def test_they_count_until_they_are_removed(store: Store, spec: SpecRecord) -> None:
    before = await store.total_usage()
    await store.add_attachment(SPEC, a_picture(), b"a picture")
    counted = await store.total_usage()
    assert counted.bytes - before.bytes == ROW_BYTES + len(b"a picture")
    await store.recount_usage(SPEC)
    assert await store.total_usage() == counted
    assert await store.remove_attachments(SPEC, [a_picture().attachment_id], moment(1)) == 1
    assert await store.total_usage() == before
    assert await store.attachment_part(SPEC, a_picture().attachment_id, 0) is None


async def test_one_that_was_given_again_is_not_removed(store: Store) -> None:
    old, renewed = a_picture(b"old"), a_picture(b"renewed")
    await store.add_attachment(SPEC, old, b"old")
    await store.add_attachment(SPEC, renewed, b"renewed")
    await store.add_attachment(SPEC, replace(renewed, created_at=moment(9)), b"renewed")
    keys = [old.attachment_id, renewed.attachment_id, sha256(b"none").hexdigest()]
    assert await store.remove_attachments(SPEC, keys, moment(5)) == 1
    assert await store.remove_attachments(SPEC, [], moment(5)) == 0
    assert [each.attachment_id for each in await store.attachments(SPEC)] == [renewed.attachment_id]


async def test_none_is_added_to_a_spec_in_the_trash_and_all_come_back_from_it(store: Store) -> None:
    await store.add_attachment(SPEC, a_picture(), b"a picture")
    await store.trash_spec(SPEC, ADA.user_id, moment(1))
    with pytest.raises(SpecMissing):
        await store.add_attachment(SPEC, a_picture(b"other"), b"other")
    await store.undelete_spec(SPEC)
    assert await content_of(store, a_picture().attachment_id) == b"a picture"


async def test_they_are_imported_with_the_spec(store: Store) -> None:
    record, picture = a_spec(an_id("spec", 7)), a_picture(b"0" * (PART_BYTES + 3))
    first, second = b"0" * PART_BYTES, b"000"
    parts = [
        record,
        picture,
        AttachmentPart(picture.attachment_id, 0, first),
        AttachmentPart(picture.attachment_id, 1, second),
    ]
    before = await store.total_usage()
    await store.import_spec(lambda: iter(parts))
    assert await store.attachment(record.spec_id, picture.attachment_id) == picture
    assert await content_of(store, picture.attachment_id, record.spec_id) == first + second
    assert (await store.total_usage()).bytes - before.bytes == ROW_BYTES + picture.size
