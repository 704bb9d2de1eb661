"""What every published schema shares: frozen, closed, times with a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

Json = Any
"""A value that JSON can hold. Typed loosely on purpose: these values are only stored and passed on."""

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""Moments outside of it cannot be told in every zone, and no gateway ran then."""


class Schema(BaseModel):
    """Base of all published schemas: immutable, refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)
