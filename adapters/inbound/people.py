"""Who sent a message, as far as the vendor says."""

from __future__ import annotations

import re

from schemas.report import Reporter

_PHONE = re.compile(r"\+?([0-9]{6,20})")
_SHORT = 255
_EMAIL = 254


def phone_of(text: str) -> str | None:
    """An international number as E.164. None for a short code, a name in place of a number, or a local number."""
    found = _PHONE.fullmatch(text.strip())
    return f"+{found[1]}" if found and not found[1].startswith("0") else None


def reporter_of(*, name: str = "", phone: str | None = None, email: str = "") -> Reporter | None:
    """What is known of the sender; None when it is nothing."""
    reporter = Reporter(
        name=name.strip()[:_SHORT] or None,
        phone=phone,
        email=email if 0 < len(email) <= _EMAIL else None,
    )
    return reporter if reporter != Reporter() else None
