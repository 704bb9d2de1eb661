"""What a destination answered, without secrets, identity or the report's own words: fit to be shown to operations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gateway.identity import Identity, hide_identity
from schemas.report import Report, Reporter

MASK = "[…]"
_SHORTEST_WORDING = 12
_SHORTEST_NAME = 4
_LONG_NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")
_PHONE = re.compile(r"(?<![\d.])(?:\+62|62|0)8\d{7,11}(?!\d)")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NAMED_SECRET = re.compile(
    r"(?i)([\"']?(?:authorization|api[_-]?key|token|secret|password|signature)[\"']?\s*[:=]\s*)"
    r"(?:bearer\s+)?(\"[^\"]*\"|'[^']*'|[^\s,;&}]+)"
)


def masked(text: str, *, report: Report | None, reporter: Reporter | None, secrets: Iterable[str]) -> str:
    """The text with a mask for every secret of the destination, for what names the reporter, and for what they wrote.

    Phone numbers, NIKs and addresses are masked whoever's they are.
    """
    for secret in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _NAMED_SECRET.sub(rf"\1{MASK}", text)
    text = hide_identity(text, _identity(reporter))
    for pattern in (_LONG_NUMBER, _PHONE, _ADDRESS):
        text = pattern.sub(MASK, text)
    for words in _words(report, reporter):
        text = re.sub(re.escape(words), MASK, text, flags=re.IGNORECASE)
    return text


def _identity(reporter: Reporter | None) -> Identity:
    phones = (reporter.phone,) if reporter and reporter.phone else ()
    emails = (reporter.email,) if reporter and reporter.email else ()
    return Identity(reporter, phones, emails)


def _words(report: Report | None, reporter: Reporter | None) -> list[str]:
    """What must not be read here, the longest first: names, addresses, and each line that was written."""
    found: set[str] = set()
    if reporter is not None:
        found |= {value for value in (reporter.name, reporter.address) if value and len(value) >= _SHORTEST_NAME}
    if report is not None:
        lines = (report.title, report.content, *report.content.splitlines())
        found |= {line.strip() for line in lines if len(line.strip()) >= _SHORTEST_WORDING}
    return sorted(found, key=len, reverse=True)
