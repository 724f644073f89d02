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
    role: Literal["viewer", "contributor", "admin", "owner"]


class MarkRead(Struct, frozen=True):
    version: Count


class LabelRevision(Struct, frozen=True):
    label: Label
