"""Files that come inside a JSON report, in base64."""

from __future__ import annotations

import binascii
from hashlib import sha256

from adapters.contract import InboundFile
from schemas.base import Json
from schemas.errors import Invalid, TooLarge
from schemas.report import ATTACHMENT_LIMIT, InlineFile

REQUEST_LIMIT = 60 * 1024 * 1024
"""Bytes of all files of one request together, decoded."""

_MEGABYTE = 1024 * 1024


class FileBudget:
    """Decodes the files of one request, and counts them."""

    def __init__(self) -> None:
        self._taken = 0

    def opened(self, file: InlineFile, place: str) -> InboundFile:
        """The file with its bytes. Raises TooLarge over a limit, Invalid for what is no base64."""
        padding = file.content_base64.count("=", -2)
        size = len(file.content_base64) * 3 // 4 - padding
        if size > ATTACHMENT_LIMIT:
            raise TooLarge(f"{place} is larger than {ATTACHMENT_LIMIT // _MEGABYTE} MB; send a smaller file")
        self._taken += size
        if self._taken > REQUEST_LIMIT:
            limit = REQUEST_LIMIT // _MEGABYTE
            raise TooLarge(f"the files of one request may have {limit} MB together; send fewer reports at a time")
        content = _decoded(file.content_base64, place)
        if not content:
            raise _invalid(place, "is an empty file: leave it out or send its bytes")
        return InboundFile(file.name, file.media_type, content)


def without_bytes(item: dict[str, Json]) -> dict[str, Json]:
    """The report with digests in the place of its files' bytes, which are kept beside it."""
    if not item.get("attachments"):
        return item
    files = [{**file, "content_base64": _digest(file["content_base64"])} for file in item["attachments"]]
    return {**item, "attachments": files}


def _digest(text: str) -> str:
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def _decoded(text: str, place: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        problem = "is not base64: use RFC 4648 section 4, with padding, without line breaks or a data: prefix"
        raise _invalid(place, problem) from None


def _invalid(place: str, problem: str) -> Invalid:
    return Invalid("a file cannot be read", [{"at": f"{place}.content_base64", "problem": problem}])
