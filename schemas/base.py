"""What every published schema shares: frozen, closed, times with a zone."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

Json = Any
"""A value that JSON can hold. Typed loosely on purpose: these values are only stored and passed on."""


class Schema(BaseModel):
    """Base of all published schemas: immutable, refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)
