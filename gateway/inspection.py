"""What is found when a file is looked at before it leaves: what it is, whether it may travel, and in which form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from hashlib import sha256

from gateway import films, office, papers
from gateway.filetypes import UNKNOWN, plain, told_type, type_by_head
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

_CLEANED = frozenset({"application/pdf", *films.FILMS})
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
    seen = _seen(media_type, len(content), sha256(content).hexdigest(), claimed, limits)
    if seen.withheld is not None:
        return seen
    try:
        travels, is_clean = _without_traces(content, media_type, limits)
    except Uncleanable as error:
        return replace(seen, withheld=error.reason)
    notes = seen.notes if is_clean else (*seen.notes, METADATA_KEPT)
    return replace(seen, notes=notes, travels=travels if travels != content else None)


def needs_whole(head: bytes) -> bool:
    """Whether a file that begins so must be in memory as a whole to be looked at: what is cleaned is rewritten there,
    and a package or a text is told only by all of it. Recordings of sound, WebM and programs are not."""
    media_type = type_by_head(head)
    return (
        media_type is None or media_type.startswith("image/") or media_type in _CLEANED or office.is_office(media_type)
    )


def inspect_head(head: bytes, size: int, digest: str, claimed: str, limits: FileLimits) -> Inspection:
    """As `inspect_file`, of a file that need not be whole: by its beginning, its size in bytes and its SHA-256."""
    media_type = told_type(head, claimed)[:127]
    seen = _seen(media_type, size, digest, claimed, limits)
    is_telling = seen.withheld is None and media_type.startswith(_TELLING)
    return replace(seen, notes=(*seen.notes, METADATA_KEPT)) if is_telling else seen


def _seen(media_type: str, size: int, digest: str, claimed: str, limits: FileLimits) -> Inspection:
    said = plain(claimed)
    notes = (MISMATCH,) if said not in ("", UNKNOWN, media_type) else ()
    return Inspection(media_type, digest, notes, _reason_to_withhold(size, media_type, said, limits))


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


def _reason_to_withhold(size: int, media_type: str, said: str, limits: FileLimits) -> str | None:
    if not size:
        return EMPTY
    if size > limits.most_bytes:
        return TOO_LARGE
    if any(fnmatchcase(media_type, pattern) for pattern in limits.refused):
        return REFUSED
    if media_type == UNKNOWN and said.startswith("image/"):
        return NOT_CLEANABLE  # a viewer may well find the picture, and its place, where we did not
    return None
