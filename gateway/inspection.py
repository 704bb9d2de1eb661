"""What is found when a file is looked at before it leaves: what it is, whether it may travel, and in which form."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256

from gateway import films, office, papers
from gateway.filetypes import UNKNOWN, plain, told_type
from gateway.uncleanable import NOT_CLEANABLE, Uncleanable
from schemas.report import ATTACHMENT_LIMIT

EMPTY, REFUSED, TOO_LARGE, TOO_MANY, INFECTED = "empty", "type_refused", "too_large", "too_many", "infected"
MISMATCH = "type_mismatch"
METADATA_KEPT = "metadata_kept"
"""It travels, and may still tell of a place, a device or a person: nothing here can take that out."""

PROGRAMS = (
    "application/x-msdownload",
    "application/x-executable",
    "application/x-elf",
    "application/x-mach-binary",
    "application/x-dosexec",
    "application/vnd.microsoft.portable-executable",
    "application/java-archive",
    "text/html",
)
"""What no report needs and no agency should open."""

_TELLING = ("video/", "application/vnd.", "application/msword", "application/zip")


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What files are taken and passed on. `refused` are media types, as told from the content; `*` stands for any.

    `most_bytes` is of one file, `most_files` of one message, `most_pixels` of one picture.
    """

    most_bytes: int = ATTACHMENT_LIMIT
    most_files: int = 30
    refused: tuple[str, ...] = PROGRAMS
    most_pixels: int = 80_000_000


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. `withheld` is why it may not travel; `travels` are its bytes where they differ from the kept."""

    media_type: str
    sha256: str
    notes: tuple[str, ...] = ()
    withheld: str | None = None
    travels: bytes | None = None


def inspect_file(content: bytes, claimed: str, limits: FileLimits) -> Inspection:
    """Look at a file. Pure, and heavy for a large picture: not for the event loop."""
    media_type = told_type(content, claimed)[:127]
    said = plain(claimed)
    notes = (MISMATCH,) if said not in ("", UNKNOWN, media_type) else ()
    digest = sha256(content).hexdigest()
    withheld = _reason_to_withhold(content, media_type, said, limits)
    if withheld is not None:
        return Inspection(media_type, digest, notes, withheld)
    try:
        travels, is_clean = _without_traces(content, media_type, limits)
    except Uncleanable as error:
        return Inspection(media_type, digest, notes, error.reason)
    if not is_clean:
        notes = (*notes, METADATA_KEPT)
    return Inspection(media_type, digest, notes, travels=travels if travels != content else None)


def _without_traces(content: bytes, media_type: str, limits: FileLimits) -> tuple[bytes, bool]:
    """The file without what it tells of a place, a device or a person, and whether none of it may be left.

    Raises Uncleanable.
    """
    if media_type.startswith("image/"):
        return _cleaned_picture(content, media_type, limits), True
    if media_type == "application/pdf":
        return papers.without_traces(content)
    if office.is_office(media_type):
        return office.without_traces(content, lambda picture: _picture_inside(picture, limits))
    if media_type in films.FILMS:
        try:
            return films.without_traces(content), True
        except films.Unreadable as error:
            raise Uncleanable(NOT_CLEANABLE) from error
    return content, not media_type.startswith(_TELLING)


def _picture_inside(content: bytes, limits: FileLimits) -> bytes | None:
    """A picture of a document without its place and device, in the format that it has; None when it cannot be had."""
    try:
        return _cleaned_picture(content, told_type(content), limits)
    except Uncleanable:
        return None


def _cleaned_picture(content: bytes, media_type: str, limits: FileLimits) -> bytes:
    from gateway.pictures import cleaned  # Pillow: loaded with the first picture, not with every process

    return cleaned(content, media_type, limits.most_pixels)


def _reason_to_withhold(content: bytes, media_type: str, said: str, limits: FileLimits) -> str | None:
    if not content:
        return EMPTY
    if len(content) > limits.most_bytes:
        return TOO_LARGE
    if any(fnmatchcase(media_type, pattern) for pattern in limits.refused):
        return REFUSED
    if media_type == UNKNOWN and said.startswith("image/"):
        return NOT_CLEANABLE  # a viewer may well find the picture, and its place, where we did not
    return None
