"""What cannot be done is told where it was asked for: on the form's own page, with what was typed, alike for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import Response

from gateway.console.addresses import Page, page_at
from gateway.console.desk import BASE
from gateway.console.forms import HERE, NAME, SECRETS, Returned, shown_again
from gateway.console.visit import Visit
from schemas import errors

log = structlog.get_logger("gateway.console")

FORM_EXPIRED = "form_expired"
"""The cause of a form that does not carry the token of this browser's session."""
_STATUS: tuple[tuple[type[errors.GatewayError], int], ...] = (
    (errors.TooLarge, 413),
    (errors.Conflict, 409),
    (errors.BadInput, 422),
    (errors.Denied, 403),
    (errors.NotFound, 404),
    (errors.Busy, 503),
    (errors.GatewayError, 500),
)
_FIELDS = {
    "does_not_lead": "into",
    "has_followers": "into",
    "into_itself": "into",
    "looking_for_reporters": "q",
    "needs_reference": "reference",
    "no_destination": "to",
    "no_route": "to",
    "no_such_day": "date",
    "password_length": "new",
    "user_there": "name",
    "was_there": "to",
}
"""By the cause of an error, the field that it is about, where the form has it."""
_INTO_PAGE = {"hx-retarget": "#main", "hx-reselect": "#main", "hx-reswap": "outerHTML", "hx-push-url": "false"}
"""What was asked for by htmx is told in place of the whole content: not in the part that was to be renewed."""


async def told_off(pages: Sequence[Page], visit: Visit, error: errors.GatewayError) -> Response:
    """The page of the form again with what is wrong in it; without such a page, one that says only that."""
    response = await _come_back(pages, visit, error) or refused(visit, error)
    if visit.by_script:
        response.headers.update(_INTO_PAGE)
    return response


def refused(visit: Visit, error: errors.GatewayError) -> Response:
    """The page of an error: what happened, and what to press next."""
    status = status_of(error)
    log.info("console.refused", path=visit.request.url.path, status=status, error=type(error).__name__)
    again = isinstance(error, errors.Busy) and not any(name in visit.form for name in SECRETS)
    came_from = _here(visit).removeprefix(BASE) or "/" if visit.request.method == "POST" else ""
    shown = {"code": status, "detail": plainly(visit, error), "again": again, "back": came_from}
    return visit.page("error.html", status, here=came_from, **shown)


def status_of(error: errors.GatewayError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def plainly(visit: Visit, error: errors.GatewayError) -> str:
    """What happened, in the reader's language as far as there is a text for it."""
    if isinstance(error, errors.Busy):
        return visit.told("error.busy")
    return visit.told(f"cause.{error.cause}", about=error.about) if error.cause else error.detail


async def _come_back(pages: Sequence[Page], visit: Visit, error: errors.GatewayError) -> Response | None:
    found = _of_form(visit, error) if visit.request.method == "POST" else _of_address(visit, error)
    if found is None:
        return None
    address, returned = found
    above = address.partition("?")[0].rpartition("/")[0]
    for place in (page_at(pages, visit.request, one) for one in (address, above)):
        response = await _shown(visit, place, returned) if place is not None else None
        if response is not None:
            return response
    return None


async def _shown(visit: Visit, place: tuple[Page, Request], returned: Returned) -> Response | None:
    """The page with the form that came back; None where it is closed to who asks, or there no longer."""
    page, request = place
    if page.permission is not None and not visit.may(page.permission):
        return None
    try:
        response = await page.handler(replace(visit, request=request, returned=returned))
    except errors.GatewayError:
        return None
    if response.status_code == 200:
        response.status_code = returned.status
    log.info("console.came_back", path=visit.request.url.path, status=returned.status, fields=[*returned.problems])
    return response


def _of_form(visit: Visit, error: errors.GatewayError) -> tuple[str, Returned] | None:
    """The address of the page that a form stands on, and how it comes back."""
    problems, expired = _problems(visit, error), error.cause == FORM_EXPIRED
    if expired and visit.signed is not None and visit.request.headers.get("sec-fetch-site") != "same-origin":
        return None  # what another site wrote is not shown as if its reader had typed it
    if expired:
        problems = {"": visit.told("returned.token")}
    return _here(visit), Returned(visit.field(NAME), shown_again(visit.form), problems, status_of(error))


def _of_address(visit: Visit, error: errors.GatewayError) -> tuple[str, Returned] | None:
    """The same address without what is wrong in it; None where something else is wrong."""
    query = visit.request.query_params
    problems = {field: text for field, text in _problems(visit, error).items() if field in query}
    if not problems:
        return None
    typed = {name: query.getlist(name) for name in query}
    left = [(name, value) for name, value in query.multi_items() if name not in problems]
    return f"{visit.request.url.path}?{urlencode(left)}", Returned("", typed, problems, status_of(error))


def _problems(visit: Visit, error: errors.GatewayError) -> dict[str, str]:
    said = plainly(visit, error)
    named = error.errors if isinstance(error, errors.Invalid) else []
    if named:
        return {one["at"]: said if error.cause else one["problem"] for one in named}
    field = _FIELDS.get(error.cause, "")
    return {field if field in visit.form or field in visit.request.query_params else "": said}


def _here(visit: Visit) -> str:
    return visit.field(HERE) if visit.request.method == "POST" else visit.here
