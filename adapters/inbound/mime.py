"""A message of the Internet (RFC 5322) as a mail: who wrote, the words, the files, whatever it is wrapped in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from adapters.contract import InboundFile
from adapters.inbound.charsets import text_of_bytes, unencoded
from adapters.inbound.html_text import text_of_html
from adapters.inbound.mail import Mail
from adapters.inbound.mime_parts import Part, take_apart

_SENDER_LIMIT = 2000
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "video/mp4": ".mp4",
}
_CUT = "[Surat terlalu rumit, sebagian tidak dibaca / Too intricate a mail, part of it was not read]"
_QUOTES = re.compile(r"[\"\\<>]")


@dataclass(frozen=True, slots=True)
class _Words:
    """A piece of text; `plain` is that of text/plain."""

    text: str
    plain: bool


_Piece = _Words | InboundFile


def read_mime(raw: bytes) -> Mail:
    """The mail in a message. Never raises; `raw` is kept as it is, `Delivered-To` names the address of ours."""
    message = take_apart(raw)
    pieces = list(_pieces(message))
    words = [piece.text for piece in pieces if isinstance(piece, _Words) and piece.text.strip()]
    if any(part.cut for part in message.walk()):
        words.append(_CUT)
    headers = message.headers
    return Mail(
        sender=_sender(headers.get("from", "")),
        subject=unencoded(headers.get("subject", "")),
        text="\n\n".join(words),
        html="",
        headers=headers,
        raw=raw,
        files=tuple(_named([piece for piece in pieces if isinstance(piece, InboundFile)])),
        receiver=headers.get("delivered-to", ""),
    )


def _sender(given: str) -> str:
    """Name and address; the words of the name are read after it was told from the address (RFC 2047, 6.2)."""
    try:
        name, address = parseaddr(given[:_SENDER_LIMIT])
    except RecursionError:
        return ""
    return f'"{_QUOTES.sub("", unencoded(name))}" <{address}>' if address else ""


def _pieces(part: Part) -> Iterator[_Piece]:
    """Texts and files in the order of the message; of several forms of one text the plain one."""
    if part.media_type == "message/rfc822" and part.parts:
        yield from _forwarded(part.parts[0])
        return
    inner = [piece for one in part.parts for piece in _pieces(one)]
    if part.media_type == "multipart/alternative" and any(_is_plain(piece) for piece in inner):
        inner = [piece for piece in inner if not isinstance(piece, _Words) or piece.plain]
    yield from inner
    if not part.parts and part.media_type not in _SIGNATURES:
        yield _leaf(part)


def _is_plain(piece: _Piece) -> bool:
    return isinstance(piece, _Words) and piece.plain and bool(piece.text.strip())


def _forwarded(message: Part) -> Iterator[_Piece]:
    """A message within the message: what it says, below a line that says so, and its files."""
    subject, date = unencoded(message.headers.get("subject", "")), message.headers.get("date", "")
    about = ", ".join(filter(None, (" ".join(subject.split())[:255], date[:64])))
    yield _Words(f"[Surat terlampir / Forwarded mail{': ' if about else ''}{about}]", plain=True)
    yield from _pieces(message)


def _leaf(part: Part) -> _Piece:
    is_html = part.media_type == "text/html"
    is_text = part.media_type == "text/plain" or is_html or part.media_type.startswith("multipart/")
    name = part.parameter("filename", "content-disposition") or part.parameter("name")
    disposition = part.headers.get("content-disposition", "").partition(";")[0].strip().lower()
    if not is_text or name or disposition == "attachment":
        return InboundFile(name[:255], part.media_type, part.content())
    text = text_of_bytes(part.content(), part.parameter("charset"))
    if is_html:
        return _Words(text_of_html(text), plain=False)
    flowed = part.parameter("format").lower() == "flowed"
    return _Words(_unwrapped(text, part.parameter("delsp").lower() == "yes") if flowed else text, plain=True)


def _unwrapped(text: str, deletes_space: bool) -> str:
    """RFC 3676: a line that ends with a space goes on in the next of the same quotation."""
    lines: list[str] = []
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        quoted = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if goes_on and quoted == 0 and bare != "-- ":
            lines[-1] += bare
        else:
            lines.append(">" * quoted + (" " if quoted else "") + bare)
        goes_on = quoted == 0 and bare.endswith(" ") and bare != "-- "
        if goes_on and deletes_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _named(files: Sequence[InboundFile]) -> Iterator[InboundFile]:
    """The files, each with a name: one that came without is called by its number and kind."""
    for number, file in enumerate(files, start=1):
        made = f"lampiran-{number}{_EXTENSIONS.get(file.media_type, '')}"
        yield file if file.name else InboundFile(made, file.media_type, file.content)
