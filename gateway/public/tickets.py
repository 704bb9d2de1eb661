"""What a page hands out and takes back: forms that only our pages can have made, and the session of a desk.

Nothing of it is stored: the gateway signs what it gives with a key of its own, and reads the time from it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.vault import Vault

FORM_LIFE = timedelta(hours=24)
SESSION_LIFE = timedelta(hours=12)

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Session:
    """An officer at a desk: the channel, and the credential that they signed in with."""

    channel: str
    credential: str


def new_form(vault: Vault, holder: str, entropy: Entropy, now: datetime) -> str:
    """The hidden field of a fresh form, good for whoever `holder` is (nobody in particular: empty)."""
    identity = entropy(16).hex()
    until = int((now + FORM_LIFE).timestamp())
    return f"{identity}.{until}.{_mark(vault, 'form', holder, identity, until)}"


def is_form(vault: Vault, holder: str, given: str, now: datetime) -> bool:
    """Whether a page of ours gave this hidden field to this holder, no longer than FORM_LIFE ago."""
    identity, _, rest = given.partition(".")
    until, _, mark = rest.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12 and _is_mark(mark)):
        return False
    fits = hmac.compare_digest(mark, _mark(vault, "form", holder, identity, int(until)))
    return fits and now < datetime.fromtimestamp(int(until), UTC)


def new_session(vault: Vault, session: Session, now: datetime) -> str:
    """The cookie of a desk."""
    until = int((now + SESSION_LIFE).timestamp())
    return f"{session.channel}.{session.credential}.{until}.{_mark(vault, 'desk', *_names(session), until)}"


def read_session(vault: Vault, cookie: str, now: datetime) -> Session | None:
    """The session of a cookie, or None when it is none of ours or has ended."""
    parts = cookie.split(".")
    if len(parts) != 4 or not (parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 12):
        return None
    session, until, mark = Session(parts[0], parts[1]), int(parts[2]), parts[3]
    if not _is_mark(mark) or not hmac.compare_digest(mark, _mark(vault, "desk", *_names(session), until)):
        return None
    return session if now < datetime.fromtimestamp(until, UTC) else None


def holder_of(session: Session) -> str:
    """Whom the forms of a desk are given to."""
    return f"{session.channel}.{session.credential}"


def _names(session: Session) -> tuple[str, str]:
    return session.channel, session.credential


def _is_mark(text: str) -> bool:
    return len(text) == 32 and text.isascii()


def _mark(vault: Vault, use: str, *parts: str | int) -> str:
    return vault.keyed_hash("ticket", use, *(str(part) for part in parts)).hex()
