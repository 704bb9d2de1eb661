"""Signing in and out, and the choice of the language."""

from __future__ import annotations

import math
import secrets

from starlette.responses import RedirectResponse, Response

from gateway.console.desk import BASE
from gateway.console.sessions import (
    COOKIE,
    LANGUAGE_COOKIE,
    SIGN_IN_COOKIE,
    WHOLE,
    Refused,
    csrf_of,
    set_cookie,
    sign_in,
)
from gateway.console.texts import LANGUAGES, USUAL
from gateway.console.visit import Visit
from gateway.ledger.sessions import revoke_session
from gateway.ledger.users import has_users
from schemas.errors import NotFound

_FORM_SECONDS = 3600
_YEAR = 365 * 86400


async def show_sign_in(visit: Visit) -> Response:
    """The form; without any user there is nothing to sign in to."""
    if not await visit.desk.ledger.read(has_users):
        raise NotFound(visit.told("error.no_users"))
    if visit.signed is not None:
        return visit.go("/")
    return _form(visit, _local(visit.query("next")))


async def take_sign_in(visit: Visit) -> Response:
    """Begin a session, or say in the same words whatever was wrong."""
    wanted = _local(visit.field("next"))
    token = await sign_in(visit.desk, visit.request, visit.field("name")[:64], (visit.form.get("password") or [""])[0])
    if isinstance(token, Refused):
        if token.until is None:
            return _form(visit, wanted, visit.told("sign_in.wrong"), 403)
        seconds = math.ceil((token.until - visit.now).total_seconds())
        return _form(visit, wanted, visit.told("sign_in.wait", n=seconds), 429)
    response = RedirectResponse(wanted, 303)
    set_cookie(visit.desk, response, COOKIE, token, int(WHOLE.total_seconds()))
    set_cookie(visit.desk, response, SIGN_IN_COOKIE, "", 0)
    return response


async def take_sign_out(visit: Visit) -> Response:
    """End this session."""
    me = visit.me
    await visit.desk.ledger.write(revoke_session, me.session.id, me.name, visit.now)
    response = visit.go("/sign-in")
    set_cookie(visit.desk, response, COOKIE, "", 0)
    return response


async def choose_language(visit: Visit) -> Response:
    """Remember a language in this browser."""
    chosen = visit.query("to")
    response = RedirectResponse(_local(visit.query("next")), 303)
    set_cookie(visit.desk, response, LANGUAGE_COOKIE, chosen if chosen in LANGUAGES else USUAL, _YEAR)
    return response


def _form(visit: Visit, wanted: str, problem: str = "", status: int = 200) -> Response:
    token = visit.request.cookies.get(SIGN_IN_COOKIE) or secrets.token_urlsafe(16)
    response = visit.page("sign_in.html", status, wanted=wanted, problem=problem, token=csrf_of(token))
    set_cookie(visit.desk, response, SIGN_IN_COOKIE, token, _FORM_SECONDS)
    return response


def _local(address: str) -> str:
    """An address of the console, whatever was asked for: nobody is led elsewhere after signing in."""
    inside = address == BASE or address.startswith(f"{BASE}/")
    return address if inside and "\\" not in address and "\n" not in address else f"{BASE}/"
