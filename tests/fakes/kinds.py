"""Kinds of destinations for tests of the configuration: they can be described, not built."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from adapters.contract import Destination, DestinationEntry, DestinationKind
from schemas.base import Schema


class NationalOptions(Schema):
    """Options with every kind of mistake to make."""

    institution_id: int = Field(ge=1, description="The channel's own institution")
    user_id: str = "1"
    nested: dict[str, int] = {}


class PlainOptions(Schema):
    """Options that may all be left out."""

    repeat: Literal["dedupes", "lookup", "neither"] = "dedupes"


def _unbuilt(entry: DestinationEntry) -> Destination:
    raise NotImplementedError(entry.name)


KINDS = {
    "national": DestinationKind("national", NationalOptions, ("token",), _unbuilt, optional_secrets=("spare",)),
    "plain": DestinationKind("plain", PlainOptions, (), _unbuilt),
}
