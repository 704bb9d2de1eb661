"""Why a file cannot be freed of what it tells of a place or a device."""

from __future__ import annotations

BROKEN, TOO_LARGE, NOT_CLEANABLE = "image_broken", "image_too_large", "metadata_not_removable"


class Uncleanable(Exception):
    """The file cannot go on. `reason` is a word for the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
