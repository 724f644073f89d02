"""The bodies of REST requests, as types."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from jupyter_speccollab.protocol.messages import Count

Title = Annotated[str, Meta(min_length=1, max_length=200)]
ShortText = Annotated[str, Meta(max_length=40)]
Description = Annotated[str, Meta(max_length=2_000)]
Label = Annotated[str, Meta(min_length=1, max_length=200)]


class CreateSpec(Struct, frozen=True, rename="camel"):
    title: Title
    content: str = ""
    description: Description = ""
    type: ShortText = ""
    spec_id: str | None = None


class ChangeSpec(Struct, frozen=True):
    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    type: ShortText | UnsetType = UNSET
    status: ShortText | UnsetType = UNSET


class SaveDocument(Struct, frozen=True, rename="camel"):
    content: str
    version: Count
    label: Label | None = None
    operation_id: str | None = None


class GiveRole(Struct, frozen=True):
    role: Literal["viewer", "commenter", "contributor", "admin", "owner"]


class MarkRead(Struct, frozen=True):
    version: Count


class LabelRevision(Struct, frozen=True):
    label: Label


class OpenThread(Struct, frozen=True, rename="camel"):
    """``start`` and ``end`` may be any integers: a range that the text does not have is no fault of form."""

    thread_id: str
    kind: Literal["comment", "suggestion"]
    start: int
    end: int
    version: Count
    body: str | None = None
    replacement: str | None = None


class AddMessage(Struct, frozen=True, rename="camel"):
    message_id: str
    body: str


class EditMessage(Struct, frozen=True):
    body: str


class ChangeThread(Struct, frozen=True):
    state: Literal["open", "resolved", "accepted", "rejected"]
