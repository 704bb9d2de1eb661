"""Signing in and out, and the choice of the language."""

from __future__ import annotations

import math
import secrets
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from gateway.console.desk import BASE, is_open
from gateway.console.kept import KEPT_COOKIE
from gateway.console.sessions import (
    COOKIE,
    IDLE,
    LANGUAGE_COOKIE,
    SIGN_IN_COOKIE,
    WHOLE,
    Refused,
    csrf_of,
    set_cookie,
    sign_in,
)
from gateway.console.sign_out_hint import forget_hint, hint_of
from gateway.console.texts import LANGUAGES, USUAL
from gateway.console.visit import Visit
from gateway.ledger.sessions import revoke_session
from gateway.ledger.users import has_users, load_user
from gateway.passwords import LONGEST
from schemas.errors import NotFound

_FORM_SECONDS = 3600
_YEAR = 365 * 86400


async def show_sign_in(visit: Visit) -> Response:
    """The form; without a provider or any user there is nothing to sign in to."""
    if not await is_open(visit.desk):
        raise NotFound(visit.told("error.no_users"))
    if visit.signed is not None:
        return visit.go("/")
    ended, kept = COOKIE in visit.request.cookies, KEPT_COOKIE in visit.request.cookies
    notice = visit.told("sign_in.kept" if kept else "sign_in.ended") if ended and visit.returned is None else ""
    return await sign_in_page(visit, local(visit.query("next")), notice=notice)


async def take_sign_in(visit: Visit) -> Response:
    """Begin a session, or say in the same words whatever was wrong."""
    wanted = local(visit.field("next"))
    if not visit.desk.passwords:
        return await sign_in_page(visit, wanted, visit.told("sign_in.no_passwords"), 403)
    name, _ = visit.filled("name", "password", most=LONGEST)
    token = await sign_in(visit.desk, visit.request, name[:64], visit.form["password"][0])
    if isinstance(token, Refused):
        if token.until is None:
            return await sign_in_page(visit, wanted, visit.told("sign_in.wrong"), 403)
        seconds = math.ceil((token.until - visit.now).total_seconds())
        return await sign_in_page(visit, wanted, visit.told("sign_in.wait", n=seconds), 429)
    return entered(visit, token, wanted)


def entered(visit: Visit, token: str, wanted: str) -> Response:
    """To the page that was asked for, with the cookie of a session that begins."""
    response = RedirectResponse(wanted, 303)
    outlives = WHOLE + IDLE  # so that a form sent when the session has just ended is known for what it is
    set_cookie(visit.desk, response, COOKIE, token, int(outlives.total_seconds()))
    set_cookie(visit.desk, response, SIGN_IN_COOKIE, "", 0)
    return response


async def take_sign_out(visit: Visit) -> Response:
    """End this session; who came by the provider signs out there too, where it has a place for that."""
    me, provider = visit.me, visit.desk.provider
    user = await visit.desk.ledger.read(load_user, me.name)
    await visit.desk.ledger.write(revoke_session, me.session.id, me.name, visit.now)
    from_there = provider is not None and user is not None and user.is_from_provider
    hint = hint_of(visit.desk, visit.request, me.session.id)
    onward = await provider.sign_out_address(hint) if provider is not None and from_there else None
    # Not as a redirect: `form-action 'self'` would stop it, and that rule stays.
    response = visit.page("signed_out.html", onward=onward) if onward else visit.go("/sign-in")
    set_cookie(visit.desk, response, COOKIE, "", 0)
    forget_hint(visit.desk, response)
    return response


async def choose_language(visit: Visit) -> Response:
    """Remember a language in this browser."""
    chosen = visit.query("to")
    response = RedirectResponse(local(visit.query("next")), 303)
    set_cookie(visit.desk, response, LANGUAGE_COOKIE, chosen if chosen in LANGUAGES else USUAL, _YEAR)
    return response


async def sign_in_page(
    visit: Visit, wanted: str, problem: str = "", status: int = 200, *, notice: str = ""
) -> Response:
    """The ways to sign in, with what went wrong before, or why one must sign in again."""
    token = visit.request.cookies.get(SIGN_IN_COOKIE) or secrets.token_urlsafe(16)
    provider = visit.desk.provider
    passwords = visit.desk.passwords and await visit.desk.ledger.read(has_users)
    response = visit.page(
        "sign_in.html",
        status,
        here=f"/sign-in?{urlencode({'next': wanted})}",
        wanted=wanted,
        problem=problem,
        notice=notice,
        name=visit.field("name"),
        token=csrf_of(token),
        passwords=passwords,
        provider=provider.name if provider is not None else "",
    )
    set_cookie(visit.desk, response, SIGN_IN_COOKIE, token, _FORM_SECONDS)
    return response


def local(address: str) -> str:
    """An address of the console, whatever was asked for: nobody is led elsewhere after signing in."""
    inside = address == BASE or address.startswith((f"{BASE}/", f"{BASE}?"))
    return address if inside and address.isprintable() and "\\" not in address else f"{BASE}/"
