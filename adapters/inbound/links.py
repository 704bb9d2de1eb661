"""Files that a vendor names by an address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from adapters.inbound.documents import digest_of
from schemas.report import Attachment

_LONGEST = 2048
_PLAIN = re.compile(r"[\w.()-]{1,100}")
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "application/pdf": ".pdf",
}
_TYPES = {ending: kind for kind, ending in _EXTENSIONS.items()} | {".jpeg": "image/jpeg"}


def linked_file(url: str, *, name: str = "", media_type: str = "") -> Attachment | None:
    """A file to be fetched later from its address; None when the address is none that can be kept."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or len(url) > _LONGEST:
        return None
    ending = parts.path.lower()[-5:].rpartition(".")[2]
    kind = media_type.partition(";")[0].strip()[:255] or _TYPES.get(f".{ending}", "application/octet-stream")
    return Attachment(name=(name or _named(parts.path, url, kind))[:255], media_type=kind, source=url)


def _named(path: str, url: str, kind: str) -> str:
    last = path.rpartition("/")[2]
    if "." in last and _PLAIN.fullmatch(last):
        return last
    return f"file-{digest_of(url)[:12]}{_EXTENSIONS.get(kind, '')}"
