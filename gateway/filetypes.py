"""What a file is, told from its bytes: what its sender says of it is only a hint."""

from __future__ import annotations

import zipfile
from io import BytesIO

import filetype

UNKNOWN = "application/octet-stream"

_HEAD = 8192
_PDF_WITHIN = 1024  # ISO 32000-1, annex H.3.4.1: readers take a header that stands so far in
_TEXTS = ("application/json", "application/xml", "message/rfc822")
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""A folder that stands in every package of the kind (ECMA-376, part 2)."""

_MOST_MEMBERS = 5000
_SAME = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "audio/x-wav": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "video/x-m4v": "video/mp4",
    "application/x-zip-compressed": "application/zip",
    "application/x-pdf": "application/pdf",
}
_SCRIPTS = {b"<!doctype html": "text/html", b"<html": "text/html", b"<svg": "image/svg+xml"}


def told_type(content: bytes, claimed: str = "") -> str:
    """The media type of a file. `claimed` decides only between texts, which nothing but their use tells apart."""
    head = content[:_HEAD]
    told = type_by_head(head)
    if told is not None:
        return told
    if head[:4] == b"PK\x03\x04" or filetype.guess_mime(head) == "application/zip":
        return _in_package(content)
    return _text_type(head, plain(claimed)) if _is_text(content) else UNKNOWN


def type_by_head(head: bytes) -> str | None:
    """What the first 8 KiB of a file tell it to be; None: only the whole of it does (a package, a text, or nothing)."""
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "application/pdf"
    guessed: str | None = filetype.guess_mime(head[:_HEAD])
    return None if guessed in (None, "application/zip") else _SAME.get(guessed, guessed)


def plain(media_type: str) -> str:
    """A media type without parameters, in lower case, under its registered name."""
    bare = media_type.partition(";")[0].strip().lower()
    return _SAME.get(bare, bare)


def _in_package(content: bytes) -> str:
    """An office document, or only a ZIP archive."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()[:_MOST_MEMBERS]
            if names[:1] == ["mimetype"] and package.getinfo("mimetype").file_size < 100:
                return package.read("mimetype").decode("ascii", "replace").strip()  # OpenDocument 1.3, part 2, 3.3
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, LookupError, EOFError):
        return "application/zip"
    if "[Content_Types].xml" not in names:
        return "application/zip"
    return next((kind for folder, kind in _OFFICE.items() if any(one.startswith(folder) for one in names)), UNKNOWN)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text) and not any(ord(sign) < 32 and sign not in "\t\n\r\f\x1b" for sign in text)


def _text_type(head: bytes, claimed: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, kind in _SCRIPTS.items():
        if start.startswith(mark):
            return kind
    if start.startswith((b"<?xml", b"<!doctype svg", b"<!--")):
        return "image/svg+xml" if b"<svg" in start else "text/html" if b"<html" in start else "application/xml"
    return claimed if claimed.startswith("text/") or claimed in _TEXTS else "text/plain"
