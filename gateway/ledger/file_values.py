"""What goes into the ledger and comes out of it about files."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

RELEASED = "released"
"""The note of a file that a person let go: it is not looked at again."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """An attachment. `sequence` is that of its message; `sha256` and `media_type` are told from what came.

    `state` is `waiting`, `stored` (it may travel), `failed` (it never came) or `withheld` (it is kept, and does not
    travel); `reason` says why. A person makes of the last two `released` (it travels in a later message) or `kept`.
    `scan` is None until it was looked at. `travels` is the stored copy that goes out where that is not the original.
    `notes` are words, separated by spaces.
    """

    id: UUID
    report_id: UUID
    position: int
    sequence: int = 0
    state: str = "waiting"
    tries: int = 0
    stored: str | None = None
    size: int | None = None
    reason: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    scan: str | None = None
    found: str | None = None
    notes: str | None = None
    travels: str | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in a stored file. `withheld`: why it may not travel."""

    sha256: str
    media_type: str
    scan: str
    found: str | None = None
    notes: str | None = None
    withheld: str | None = None
    travels: str | None = None


@dataclass(frozen=True, slots=True)
class FileCount:
    """How many files stand so. `reason` is of those that were withheld or failed."""

    state: str
    reason: str | None
    scan: str | None
    files: int


@dataclass(frozen=True, slots=True)
class UndecidedFile:
    """A file that is withheld, or could not be had, until a person decides."""

    file: FileRow
    tracking_code: str
    channel: str
