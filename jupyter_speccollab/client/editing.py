"""Editing a live spec: by offsets, by words, and by the headings and tables of its Markdown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from jupyter_speccollab.client.live_spec import LiveSpec
from jupyter_speccollab.client.rows import Data, markdown_table, row_of
from jupyter_speccollab.client.sync.meanwhile import SHORT
from jupyter_speccollab.markdown.edits import appended_rows, appended_under, replaced_section, section_text
from jupyter_speccollab.text import (
    Builder,
    Operation,
    check_content,
    from_wire,
    normalise_newlines,
)


class Editing(LiveSpec):
    """A live spec that can be edited. An edit appears in `content` at once."""

    # editing ----------------------------------------------------------------------------------------------

    async def insert(self, offset: int, text: str) -> None:
        """Insert ``text`` at ``offset``. Raises `InvalidOperation` beyond the end."""
        await self.edit(Operation.of(checked_offset(offset), normalise_newlines(text)))

    async def append(self, text: str) -> None:
        """Insert ``text`` at the end."""
        await self.insert(len(self._replica().text), text)

    async def delete(self, start: int, end: int) -> None:
        """Delete the text from ``start`` to ``end``."""
        await self.edit(Operation.of(checked_offset(start), -max(0, end - start)))

    async def replace(self, old: str, new: str, count: int = -1) -> int:
        """Replace ``old`` by ``new``, as ``str.replace`` does; returns the number of replacements."""
        if not old:
            raise ValueError("The text to replace must not be empty.")
        places = [match.start() for match in re.finditer(re.escape(old), self.content)]
        builder, done = Builder(), 0
        places = places if count < 0 else places[:count]
        for place in places:
            builder.retain(place - done)
            builder.insert(normalise_newlines(new))
            builder.delete(len(old))
            done = place + len(old)
        await self.edit(builder.build())
        return len(places)

    async def set_content(self, text: str) -> None:
        """Change the text to ``text`` by the smallest edit that a diff finds. Others' concurrent edits stay.

        Long texts are compared in a thread, so that the event loop goes on meanwhile. What anybody, this client
        included, changes between the call and the end of the comparison stays too.
        """
        session = self._joined()
        self._require_editable(session)
        after = normalise_newlines(text)
        check_content(after)
        await self.edit(await self._comparisons.diff(self.content, after))

    async def edit(self, operation: Operation | Iterable[Mapping[str, Any]]) -> None:
        """Apply an operation to `content`: an `Operation`, or a list of the protocol's components.

        Raises `InvalidOperation` if it does not fit, `InvalidContent`, and `Forbidden` for a viewer.
        """
        self.apply(operation)
        await asyncio.sleep(0)

    def apply(self, operation: Operation | Iterable[Mapping[str, Any]]) -> None:
        """Do as `edit`, and return before anything was sent."""
        replica, session = self._replica(), self._joined()
        if not isinstance(operation, Operation):
            operation = from_wire(operation, len(replica.text))
        _check_inserts(operation)
        self._require_editable(session)
        if not operation.is_empty:
            session.exchange.edit(operation)
            self._comparisons.note_change(operation)
            session.pump()

    async def move_cursor(self, offset: int, anchor: int | None = None) -> None:
        """Show others a caret at ``offset``, with a selection from ``anchor``. Edits move the caret too."""
        session, length = self._joined(), len(self._replica().text)
        head = min(checked_offset(offset), length)
        session.exchange.cursor = (head, head if anchor is None else min(checked_offset(anchor), length))
        session.pump()
        await asyncio.sleep(0)

    # headings and tables ----------------------------------------------------------------------------------

    async def section(self, heading: str) -> str:
        """What stands under a heading, its subheadings included.

        ``heading`` is its text (``Results``), with its level (``## Results``), or its id as in a link
        (``#results``). Raises `LookupError` if there is no such heading, or several.
        """
        content = self.content
        if len(content) <= SHORT:
            return section_text(content, heading)
        return await asyncio.to_thread(section_text, content, heading)

    async def append_under(self, heading: str | None, text: str, *, create: bool = False) -> None:
        """Add a text at the end of what stands under a heading, as a paragraph of its own.

        A text that begins with a heading comes after the subheadings, any other text before them; a list item goes
        on with a list. With ``create``, a missing heading is added at the end of the spec. ``None``: at the end of
        the spec. Raises `LookupError`.
        """
        content, added = self.content, normalise_newlines(text)
        await self._compute(partial(appended_under, content, heading, added, create), content)

    async def replace_section(self, heading: str, text: str) -> None:
        """Make ``text`` what stands under a heading, its subheadings included. Raises `LookupError`.

        Only what differs is changed: what others write meanwhile in the rest of the section stays.
        """
        content, after = self.content, normalise_newlines(text)
        await self._compute(partial(replaced_section, content, heading, after), content)

    async def append_table(self, data: Data, *, under: str | None = None, create: bool = False) -> None:
        """Add a table with aligned columns, under a heading as `append_under` does.

        ``data``: a list of dictionaries, a dictionary of columns, or a DataFrame of pandas or polars.
        """
        await self.append_under(under, markdown_table(data), create=create)

    async def append_row(
        self, row: Mapping[str, object] | Sequence[object], *, under: str | None = None, create: bool = False
    ) -> None:
        """Add a row to the last table under a heading, or without one to the last table of the spec.

        ``row`` is a dictionary by column, or the cells in order. If there is no table yet, a dictionary makes one.
        Raises `LookupError`, and `ValueError` for a column or a number of cells that the table does not have.
        """
        content, rows = self.content, row_of(row)
        edit = partial(appended_rows, content, under, rows.columns, rows.cells, rows.right, create)
        await self._compute(edit, content)

    # internals --------------------------------------------------------------------------------------------

    async def _compute(self, edit: Callable[[], Operation], content: str) -> None:
        """Make an edit that is computed from ``content``, the present text. Long texts are read in a thread."""
        self._require_editable(self._joined())
        await self.edit(await self._comparisons.computed(edit, content))


def checked_offset(offset: int) -> int:
    if offset < 0:
        raise ValueError("Offsets count from the start of the text, 0 and up.")
    return offset


def _check_inserts(operation: Operation) -> None:
    for component in operation.components:
        if isinstance(component, str):
            check_content(component)
