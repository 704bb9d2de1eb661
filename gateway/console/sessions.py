"""Who is signed in: tokens, cookies, how long they hold, and the token that every form carries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from gateway.console.desk import BASE, Desk
from gateway.console.lockout import FREE_OF_A_NAME, FREE_OF_AN_ADDRESS, LONGEST, allowed_at
from gateway.ledger.sessions import (
    LONGEST_SESSION,
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
    found = await _begun(desk, request)
    if found is None:
        return None
    session, role = found
    now = desk.clock.now()
    if now >= session.created_at + WHOLE or now >= session.seen_at + IDLE:
        return None
    if now >= session.seen_at + _TOUCH:
        await desk.ledger.write(touch_session, session.id, now)
    return Signed(session, Role(role), csrf_of(request.cookies[COOKIE]))


async def whose(desk: Desk, request: Request) -> str | None:
    """The user whose session this browser has, though its time has run out; None for one that somebody ended."""
    found = await _begun(desk, request)
    return found[0].user_name if found else None


async def _begun(desk: Desk, request: Request) -> tuple[SessionRow, str] | None:
    token = request.cookies.get(COOKIE, "")
    return await desk.ledger.read(find_session, _digest(token)) if token else None


async def sign_in(desk: Desk, request: Request, name: str, password: str) -> str | Refused:
    """The token of a new session. Every try is counted before it is looked at, so that many at once count as many."""
    by_name, by_address = try_key(desk, "name", name), try_key(desk, "address", address_of(request))
    until = await begin_try(desk, {by_name: FREE_OF_A_NAME, by_address: FREE_OF_AN_ADDRESS})
    if until is not None:
        return Refused(until)
    user = await desk.ledger.read(load_user, name)
    async with desk.hashing:
        right = await asyncio.to_thread(fits, password, user.password if user else None)
    if user is None or not right or user.locked_at is not None:
        return Refused()
    await desk.ledger.write(forget_tries, [by_name, by_address])
    token, row = new_session(desk, request, user.name)
    await desk.ledger.write(open_session, row)
    return token


async def begin_try(desk: Desk, free: Mapping[bytes, int]) -> datetime | None:
    """Count a try under each key, as failed until it is forgotten; `free` ones of a key cost nothing.

    When it comes too early it does not count: then when the next is looked at.
    """
    now, keys = desk.clock.now(), list(free)
    held = await desk.ledger.read(failures_of, keys)
    until = max((allowed_at(one.count, one.last_at, free[one.key]) for one in held), default=now)
    if until > now:
        return until
    await desk.ledger.write(count_try, keys, now, now - 4 * LONGEST)
    return None


def try_key(desk: Desk, kind: str, text: str) -> bytes:
    """Under which key tries of a name, or from an address, are counted."""
    return desk.vault.keyed_hash("sign-in", kind, text)


def new_session(desk: Desk, request: Request, name: str) -> tuple[str, SessionRow]:
    """A token that nobody had before, and the session of it, which is yet to be kept."""
    now, token = desk.clock.now(), secrets.token_urlsafe(_TOKEN_BYTES)
    agent = request.headers.get("user-agent", "")[:200]
    return token, SessionRow(new_id(now), _digest(token), name, now, now, address_of(request), agent)


def csrf_of(token: str) -> str:
    """What a form must carry: known to pages that this gateway made for this session, and to nobody else."""
    return hmac.digest(token.encode(), b"sp4n-gateway/console/form", "sha256").hex()


def is_ours(sent: str, token: str) -> bool:
    """Whether a form carries what it must."""
    return bool(token) and hmac.compare_digest(sent, csrf_of(token))


def set_cookie(desk: Desk, response: Response, name: str, value: str, seconds: int, path: str = BASE) -> None:
    """A cookie of the console, which no script and no other site's form gets."""
    response.set_cookie(name, value, max_age=seconds, path=path, secure=desk.secure, httponly=True, samesite="lax")


def address_of(request: Request) -> str:
    """Who calls, as far as the connection tells."""
    return request.client.host[:64] if request.client else "-"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
