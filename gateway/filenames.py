"""Names of files that are safe to write down, to send in a header and to show."""

from __future__ import annotations

import re

from gateway.cleaning import clean_line

_LONGEST = 120  # characters
_LONGEST_BYTES = 255  # of a directory entry
_FORBIDDEN = re.compile(r'[<>:"|?*;%]')
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")  # RFC 6838 section 4.2
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)  # device names on Windows
_UNKNOWN_TYPE = "application/octet-stream"
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


def safe_media_type(text: str) -> str:
    """The bare media type in lower case, without parameters; `application/octet-stream` for anything else."""
    bare = text.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else _UNKNOWN_TYPE


def safe_name(name: str, media_type: str, number: int) -> str:
    """The name without path, control characters, or anything that a file system or a header would take amiss.

    `number` (from 1) makes the name where nothing is left: `lampiran-1.jpg`. At most 120 characters and 255 bytes.
    """
    last = re.split(r"[/\\]", clean_line(name))[-1]
    plain = " ".join(_FORBIDDEN.sub("_", last).split()).strip(" .")
    if not plain.strip("_"):
        return f"lampiran-{number}{_EXTENSIONS.get(media_type, '')}"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _fit(plain)


def _fit(name: str) -> str:
    """The name, cut before its extension where it is too long."""
    if len(name) <= _LONGEST and len(name.encode()) <= _LONGEST_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10 or not extension.isalnum():
        stem, dot, extension = name, "", ""
    stem = stem[: _LONGEST - len(dot + extension)]
    while len(f"{stem}{dot}{extension}".encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip(' .')}{dot}{extension}"
