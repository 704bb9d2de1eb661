"""JSON pointers (RFC 6901)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import StringConstraints

from schemas.base import Json

Pointer = Annotated[str, StringConstraints(pattern=r"^(/([^/~]|~[01])*)+$", max_length=255)]

ABSENT = object()
"""What stands where nothing is; null is something."""


def at_pointer(body: Json, pointer: str) -> Json:
    """The value at a pointer (RFC 6901 section 4), or ABSENT."""
    value = body
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and re.fullmatch(r"0|[1-9][0-9]{0,6}", name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return ABSENT
    return value
