"""What somebody wrote in a mail: without what they quote, without their signature, without the marks of the subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

_PREFIXES = re.compile(
    r"\s*(?:re|fwd?|aw|wg|tr|rv|bls|balas|trs|teruskan|diteruskan)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:", re.I
)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|teruskan|diteruskan)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:", re.I)
_FORWARDED = re.compile(
    r"(?m)^[ \t]*(?:-{3,}[ \t]*(?:forwarded message|pesan (?:yang )?(?:di)?teruskan)[ \t]*-{3,}"
    r"|begin forwarded message:|pesan (?:yang )?diteruskan:)[ \t]*\r?$",
    re.I,
)
_SIGNATURE = "--"
_SIGNATURE_LINES = 8
_SENT_FROM = re.compile(
    r"(?:sent from (?:my|outlook|yahoo|mail)\b|get outlook for|(?:di|ter)kirim dari\b|unduh outlook untuk).{0,80}", re.I
)
_WROTE = re.compile(r"(?:(?:on|pada)\b.{5,400}|.{3,300}>)\s*(?:wrote|menulis)\s*:", re.I)
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_ORIGINAL = re.compile(r"-{3,}\s*(?:original message|pesan asli|original appointment)\s*-{3,}", re.I)
_RULE = re.compile(r"_{20,}")
_HEADER = re.compile(
    r"\*?(?:from|dari|sent|dikirim|date|tanggal|to|kepada|untuk|subject|subjek|perihal|cc)\*?\s*:.*", re.I
)
_PERSON = re.compile(r"[> ]*\*?(?:from|dari|to|kepada|untuk|cc)\*?\s*:.*", re.I)
_HEADER_FIRST = re.compile(r"\*?(?:from|dari)\*?\s*:.*", re.I)
_LONGEST_LINE = 500

TEXT_LIMIT = 100_000
"""Characters that are read; no report holds so many."""


def subject_of(subject: str) -> str | None:
    """A subject without `Re:`, `Fwd:`, `Bls:`; None when nothing else stands in it."""
    rest = " ".join(subject[:2000].split())
    while found := _PREFIXES.match(rest):
        rest = rest[found.end() :].strip()
    return rest or None


def is_forwarded(subject: str, text: str) -> bool:
    """Whether the sender passes on what somebody else wrote: then what is quoted is the matter itself."""
    return _FORWARD.match(subject) is not None or _FORWARDED.search(text[:TEXT_LIMIT]) is not None


def own_text(text: str, *, forwarded: bool = False) -> str:
    """The sender's own words; of what is `forwarded` the quotations too, but not whose address they came from.

    A text that is nothing but a quotation or a signature is left whole.
    """
    lines = text[:TEXT_LIMIT].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if forwarded:
        lines = [line for line in lines if not (_fits(_PERSON, line) and _ADDRESS.search(line))]
    else:
        end = next((place for place in range(len(lines)) if _ends_at(lines, place)), len(lines))
        lines = [line for line in lines[:end] if not line.lstrip().startswith(">")]
    while lines and (not lines[-1].strip() or _fits(_SENT_FROM, lines[-1])):
        lines.pop()
    return "\n".join(lines).strip() or text[:TEXT_LIMIT].strip()


def _ends_at(lines: Sequence[str], place: int) -> bool:
    """Whether the sender's own words end before this line: what follows is a signature or the mail replied to."""
    line = lines[place].strip()
    if line == _SIGNATURE:  # RFC 3676, 4.3; a longer rest is no signature but a part of the report
        following = islice((one for one in lines[place + 1 : place + 100] if one.strip()), _SIGNATURE_LINES + 1)
        return len(list(following)) <= _SIGNATURE_LINES
    if _fits(_ORIGINAL, line):
        return True
    second = lines[place + 1].strip() if place + 1 < len(lines) else ""
    if _fits(_RULE, line):
        return _fits(_HEADER_FIRST, second)
    if _fits(_HEADER_FIRST, line) and _fits(_HEADER, second):
        return True
    return _is_attribution(lines, place)


def _is_attribution(lines: Sequence[str], place: int) -> bool:
    """`Pada Sen, 2 Mar 2026 pukul 08.15 Ani <ani@contoh.example> menulis:`, in one line or two.

    The words alone may be the sender's own ("Pada hari itu petugas menulis: ..."): an address or a quotation is needed.
    """
    for size in (1, 2):
        line = " ".join(one.strip() for one in lines[place : place + size])
        if _fits(_WROTE, line):
            after = next((one.lstrip() for one in lines[place + size :] if one.strip()), "")
            return _ADDRESS.search(line) is not None or after.startswith(">")
    return False


def _fits(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST_LINE and pattern.fullmatch(line.strip()) is not None
