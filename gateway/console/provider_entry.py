"""Signing in by the provider: people are sent there, and what they come back with is believed once, if at all."""

from __future__ import annotations

import base64
import hmac
import math
import re
import secrets
from datetime import timedelta

import structlog
from starlette.responses import RedirectResponse, Response

from gateway.console.entry import entered, local, sign_in_page
from gateway.console.lockout import FREE_OF_AN_ADDRESS
from gateway.console.sessions import address_of, begin_try, new_session, set_cookie, try_key
from gateway.console.sign_out_hint import keep_hint
from gateway.console.visit import Visit
from gateway.ledger.sessions import forget_tries
from gateway.ledger.subjects import Subject, enter, take_return, turn_away
from gateway.oidc.asking import Flow
from gateway.oidc.claims import Identity
from gateway.oidc.provider import Provider
from gateway.roles import Role
from schemas.errors import BadSignature, Busy, Forbidden, Invalid, Misconfigured, NotFound

log = structlog.get_logger("gateway.console")

FLOW_COOKIE = "sp4n_console_flow"
FLOW = timedelta(minutes=10)
"""So long somebody may take at the provider."""
_KEEP = 2 * FLOW
_LONGEST_CODE = 8192
_ERROR = re.compile(r"[a-z_]{1,40}")
_DOWN = (Busy, Misconfigured)


class _Refused(Exception):
    """Somebody does not come in: by which reason, and told by which text. `who` is known from a token on."""

    def __init__(self, reason: str, text: str, status: int = 403, who: Subject | None = None) -> None:
        super().__init__(reason)
        self.reason, self.text, self.status, self.who = reason, text, status, who


async def take_departure(visit: Visit) -> Response:
    """Send somebody to the provider; while it does not answer, say so and offer what else there is."""
    provider = _provider(visit)
    wanted = local(visit.query("next"))
    if visit.signed is not None:
        return RedirectResponse(wanted, 303)
    cookie = f"{int(visit.now.timestamp())}.{secrets.token_urlsafe(16)}.{_packed(wanted)}"
    try:
        response = RedirectResponse(await provider.sign_in_address(_flow(visit, cookie)), 303)
    except _DOWN as error:
        log.warning("console.provider_down", error=error.detail)
        return await sign_in_page(visit, wanted, visit.told("sign_in.provider_down", name=provider.name), 503)
    set_cookie(visit.desk, response, FLOW_COOKIE, cookie, int(FLOW.total_seconds()))
    return response


async def take_arrival(visit: Visit) -> Response:
    """Begin a session of who comes back from the provider, or say plainly why not; either is recorded."""
    provider = _provider(visit)
    cookie = visit.request.cookies.get(FLOW_COOKIE, "")
    if not cookie:  # nobody began here: a bare call of this address is nobody's try, and holds nobody back
        return await sign_in_page(visit, local(""), visit.told("sign_in.start_again"), 403)
    key = try_key(visit.desk, "address", address_of(visit.request))
    until = await begin_try(visit.desk, {key: FREE_OF_AN_ADDRESS})
    if until is not None:
        seconds = math.ceil((until - visit.now).total_seconds())
        return await sign_in_page(visit, local(""), visit.told("sign_in.wait", n=seconds), 429)
    try:
        response = await _entered(visit, provider, await _identified(visit, provider, cookie), cookie)
        await visit.desk.ledger.write(forget_tries, [key])
    except _Refused as error:
        log.info("console.sign_in_refused", reason=error.reason)
        address = address_of(visit.request)
        await visit.desk.ledger.write(turn_away, error.who, error.reason, address, visit.now)
        told = visit.told(error.text, name=provider.name, reason=error.reason)
        response = await sign_in_page(visit, _wanted(cookie), told, error.status)
    set_cookie(visit.desk, response, FLOW_COOKIE, "", 0)
    return response


async def _identified(visit: Visit, provider: Provider, cookie: str) -> Identity:
    """Whom the provider vouches for. Raises _Refused."""
    given = visit.request.query_params
    flow = _flow(visit, cookie)
    if not hmac.compare_digest(given.get("state", "").encode(), flow.state.encode()):
        raise _Refused("wrong_state", "sign_in.start_again")
    if not 0 <= visit.now.timestamp() - _began(cookie) <= FLOW.total_seconds():
        raise _Refused("too_late", "sign_in.start_again")
    if not await visit.desk.ledger.write(take_return, bytes.fromhex(flow.state), visit.now, _KEEP):
        raise _Refused("taken_before", "sign_in.start_again")
    if "error" in given:
        said = given["error"]
        raise _Refused(said if _ERROR.fullmatch(said) else "error", "sign_in.provider_refused")
    try:
        return await provider.identity(given.get("code", "")[:_LONGEST_CODE], flow, given.get("iss", ""))
    except BadSignature as error:
        raise _Refused(str(error.context.get("reason")), "sign_in.not_believed") from error
    except _DOWN as error:
        raise _Refused("provider_down", "sign_in.provider_down", 503) from error


async def _entered(visit: Visit, provider: Provider, who: Identity, cookie: str) -> Response:
    subject = Subject(provider.client.issuer, who.subject, who.name)
    if who.role is None:
        raise _Refused("no_role", "sign_in.no_role", who=subject)
    token, session = new_session(visit.desk, visit.request, who.name)
    try:
        await visit.desk.ledger.write(enter, subject, Role(who.role), session)
    except Forbidden as error:
        raise _Refused("locked", "sign_in.locked", who=subject) from error
    except Invalid as error:
        raise _Refused("no_name", "sign_in.no_name", who=subject) from error
    response = entered(visit, token, _wanted(cookie))
    keep_hint(visit.desk, response, session.id, who.token)
    return response


def _provider(visit: Visit) -> Provider:
    if visit.desk.provider is None:
        raise NotFound(visit.told("error.nothing_here"))
    return visit.desk.provider


def _flow(visit: Visit, cookie: str) -> Flow:
    """What belongs to a cookie of this gateway: nobody without its keys can make the one from the other."""
    state, nonce, first, second = (
        visit.desk.vault.keyed_hash("sign-in by provider", part, cookie).hex()
        for part in ("state", "nonce", "verifier", "verifier's rest")
    )
    return Flow(state, nonce, first + second)


def _packed(wanted: str) -> str:
    return base64.urlsafe_b64encode(wanted.encode()).decode().rstrip("=")


def _wanted(cookie: str) -> str:
    """The page that was asked for before, of this console whatever the cookie says."""
    packed = cookie.rpartition(".")[2]
    try:
        return local(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode())
    except ValueError:
        return local("")


def _began(cookie: str) -> int:
    """When, in seconds since 1970; its state has vouched for the cookie before."""
    return int(cookie.partition(".")[0])
