"""Who is signed in: tokens, cookies, how long they hold, and the token that every form carries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from gateway.console.desk import BASE, Desk
from gateway.console.lockout import FREE_OF_A_NAME, FREE_OF_AN_ADDRESS, LONGEST, allowed_at
from gateway.ledger.sessions import (
    LONGEST_SESSION,
    Failures,
    SessionRow,
    count_try,
    failures_of,
    find_session,
    forget_tries,
    open_session,
    touch_session,
)
from gateway.ledger.users import load_user
from gateway.passwords import fits
from gateway.roles import Role
from schemas.ids import new_id

COOKIE = "sp4n_console"
SIGN_IN_COOKIE = "sp4n_console_sign_in"
LANGUAGE_COOKIE = "sp4n_console_language"
WHOLE = LONGEST_SESSION
IDLE = timedelta(hours=1)
"""After so long without a request."""
_TOUCH = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signed:
    """Who makes this request. `csrf` is what the forms of this session carry."""

    session: SessionRow
    role: Role
    csrf: str

    @property
    def name(self) -> str:
        """The user's name."""
        return self.session.user_name


@dataclass(frozen=True, slots=True)
class Refused:
    """No session: wrong name or password, or too many tries; `until` is when the next is looked at."""

    until: datetime | None = None


async def signed_in(desk: Desk, request: Request) -> Signed | None:
    """The session of a request, if it has one that holds."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    found = await desk.ledger.read(find_session, _digest(token))
    if found is None:
        return None
    session, role = found
    now = desk.clock.now()
    if now >= session.created_at + WHOLE or now >= session.seen_at + IDLE:
        return None
    if now >= session.seen_at + _TOUCH:
        await desk.ledger.write(touch_session, session.id, now)
    return Signed(session, Role(role), csrf_of(token))


async def sign_in(desk: Desk, request: Request, name: str, password: str) -> str | Refused:
    """The token of a new session. Every try is counted before it is looked at, so that many at once count as many."""
    now = desk.clock.now()
    address = address_of(request)
    by_name, by_address = _key(desk, "name", name), _key(desk, "address", address)
    held = {one.key: one for one in await desk.ledger.read(failures_of, [by_name, by_address])}
    until = max(
        _allowed(held.get(by_name), FREE_OF_A_NAME, now), _allowed(held.get(by_address), FREE_OF_AN_ADDRESS, now)
    )
    if until > now:
        return Refused(until)
    await desk.ledger.write(count_try, [by_name, by_address], now, now - 4 * LONGEST)
    user = await desk.ledger.read(load_user, name)
    async with desk.hashing:
        right = await asyncio.to_thread(fits, password, user.password if user else None)
    if user is None or not right or user.locked_at is not None:
        return Refused()
    await desk.ledger.write(forget_tries, [by_name, by_address])
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    agent = request.headers.get("user-agent", "")[:200]
    row = SessionRow(new_id(now), _digest(token), user.name, now, now, address, agent)
    await desk.ledger.write(open_session, row)
    return token


def csrf_of(token: str) -> str:
    """What a form must carry: known to pages that this gateway made for this session, and to nobody else."""
    return hmac.digest(token.encode(), b"sp4n-gateway/console/form", "sha256").hex()


def is_ours(sent: str, token: str) -> bool:
    """Whether a form carries what it must."""
    return bool(token) and hmac.compare_digest(sent, csrf_of(token))


def set_cookie(desk: Desk, response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie of the console, which no script and no other site's form gets."""
    response.set_cookie(name, value, max_age=seconds, path=BASE, secure=desk.secure, httponly=True, samesite="lax")


def address_of(request: Request) -> str:
    """Who calls, as far as the connection tells."""
    return request.client.host[:64] if request.client else "-"


def _allowed(failures: Failures | None, free: int, now: datetime) -> datetime:
    return now if failures is None else allowed_at(failures.count, failures.last_at, free)


def _key(desk: Desk, kind: str, text: str) -> bytes:
    return desk.vault.keyed_hash("sign-in", kind, text)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
