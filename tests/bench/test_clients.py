"""The bench's own parts: what they read, and that nothing is lost on the way."""

from __future__ import annotations

import asyncio
from pathlib import Path

from jupyter_speccollab.text import Text
from tests.bench import document
from tests.bench.bare import Bare
from tests.bench.crowd import Crowd
from tests.bench.peers.ysync import Reader, inserted, number
from tests.bench.trace import Trace


def test_yjs_updates_name_each_character_that_they_insert() -> None:
    seeded = bytes([1, 1, 7, 0, 4, 1, 6, *b"source", 11, *b"hello world", 0])
    assert list(inserted(seeded)) == [(7, clock) for clock in range(11)]
    between = bytes([1, 1, 172, 2, 0, 196, 7, 2, 7, 3, 1, 120, 0])
    assert list(inserted(between)) == [(300, 0)]
    with_deletes = bytes([1, 1, 172, 2, 2, 196, 172, 2, 0, 7, 3, 2, 122, 122, 1, 7, 1, 0, 2])
    assert list(inserted(with_deletes)) == [(300, 2), (300, 3)]


def test_numbers_are_read_as_they_are_written() -> None:
    for value in (0, 127, 128, 300, 2**53 - 1):
        assert Reader(number(value)).number() == value


def test_patches_of_a_trace_make_one_operation() -> None:
    trace = Trace("", "abd", [(0, 0, "abc"), (1, 1, ""), (1, 0, "bd"), (3, 1, "")])
    text = Text(trace.start)
    for operation in trace.operations(3):
        text = text.apply(operation)
    assert str(text) == trace.end


def test_a_table_is_replaced_between_its_marks(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(
        "Before\n<!-- bench: a -->\nold\n<!-- /bench -->\n<!-- bench: b -->\nkept\n<!-- /bench -->\n"
    )
    assert document.write(file, "a", "| new |\n")
    assert file.read_text() == (
        "Before\n<!-- bench: a -->\n\n| new |\n\n<!-- /bench -->\n<!-- bench: b -->\nkept\n<!-- /bench -->\n"
    )
    assert not document.write(file, "c", "")


async def test_everybody_gets_every_edit_of_the_bare_floor(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    await asyncio.to_thread(bare.start)
    try:
        crowd = await Crowd.join(bare, [await bare.new_document("")], 3)
        await crowd.counted(20)
        await crowd.settle()
        assert [(client.answered, client.heard) for client in crowd.clients] == [(20, 40)] * 3
        crowd.close()
    finally:
        bare.close()
