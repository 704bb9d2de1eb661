"""Multipart bodies that are the same bytes for the same case, with file names that tell nothing.

Source: RFC 7578; a file's own name may be that of a person (`KTP Siti.jpg`) and would be public beside the complaint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from adapters.contract import CaseFile

_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,8})$")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")

Field = tuple[str, str]
NamedFile = tuple[str, CaseFile]


def multipart(identity: UUID, fields: Iterable[Field] = (), files: Sequence[NamedFile] = ()) -> tuple[str, bytes]:
    """The content type and the body. The boundary comes from the handoff's id, which nobody outside can know."""
    boundary = f"sp4n-gateway-{identity.hex}"
    parts = [_part(f'name="{name}"', "", value.encode()) for name, value in fields]
    parts += [
        _part(f'name="{name}"; filename="{_neutral_name(file, number)}"', _media_type(file), file.content)
        for number, (name, file) in enumerate(files, start=1)
    ]
    between = f"--{boundary}\r\n".encode()
    body = b"".join(between + part for part in parts) + f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def _part(disposition: str, media_type: str, content: bytes) -> bytes:
    lines = f"Content-Disposition: form-data; {disposition}\r\n"
    if media_type:
        lines += f"Content-Type: {media_type}\r\n"
    return lines.encode() + b"\r\n" + content + b"\r\n"


def _neutral_name(file: CaseFile, number: int) -> str:
    suffix = _SUFFIX.search(file.name)
    return f"lampiran-{number}{suffix[0].lower() if suffix else ''}"


def _media_type(file: CaseFile) -> str:
    known = _MEDIA_TYPE.fullmatch(file.media_type.partition(";")[0].strip())
    return known[0] if known else "application/octet-stream"
