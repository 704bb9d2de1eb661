"""The public form at `/lapor`: anybody may report, a second tap makes nothing twice, and no mistake loses a word."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.intake import Accepted
from gateway.notices import EMERGENCY_CALL
from gateway.pins import pin_of
from gateway.public.drafts import Draft, read_draft, regions
from gateway.public.limits import subscriber
from gateway.public.pages import came_from_elsewhere, page, shown
from gateway.public.state import Public, public_of
from gateway.public.tickets import is_form, new_form
from schemas.errors import Busy, Forbidden

KIND = "web"

router = APIRouter(include_in_schema=False)
_NOBODY = ""
_EXPIRED = "Formulir ini sudah terlalu lama terbuka; tekan Kirim sekali lagi. / The form was open too long; send again."
_TOO_OFTEN = "Terlalu banyak kiriman dari alamat Anda; coba lagi nanti. / Too many from your address; try again later."
_UNAVAILABLE = "Laporan belum dapat disimpan; tekan Kirim sekali lagi sebentar lagi. / Not kept yet; send again soon."


@router.get("/lapor")
@shown
async def get_form(request: Request) -> Response:
    """An empty form."""
    public = public_of(request)
    await public.access.channel_of_kind(KIND)
    return _form(public, _fresh(public))


@router.post("/lapor")
@shown
async def post_form(request: Request) -> Response:
    """The tracking code of a report that is kept; or the form again, with what is to be mended."""
    public = public_of(request)
    channel = await public.access.channel_of_kind(KIND)
    if came_from_elsewhere(request):
        raise Forbidden("the form was posted by another site's page")
    draft = await read_draft(request, public)
    refused = _refused(request, public, draft)
    if refused is not None:
        return refused
    try:
        [accepted] = await public.intake.take(channel, draft.inbound)
    except Busy as error:
        return _form(public, draft.key, 503, draft, notice=_UNAVAILABLE, wait=int(error.retry_after) or 1)
    return _received(public, accepted)


def _refused(request: Request, public: Public, draft: Draft) -> Response | None:
    """The form again, where it cannot be taken as it is."""
    mistakes = draft.mistakes()
    if mistakes:
        return _form(public, _kept_or_fresh(public, draft), 422, draft, errors=mistakes)
    if not is_form(public.vault, _NOBODY, draft.key, public.now()):
        return _form(public, _fresh(public), 400, draft, notice=_EXPIRED)
    wait = public.limits.posts.wait_for(subscriber(request.client.host if request.client else None))
    if wait:
        return _form(public, draft.key, 429, draft, notice=_TOO_OFTEN, wait=wait)
    return None


def _fresh(public: Public) -> str:
    return new_form(public.vault, _NOBODY, public.entropy, public.now())


def _kept_or_fresh(public: Public, draft: Draft) -> str:
    """The same hidden field again while it is good: nothing was kept under it."""
    return draft.key if is_form(public.vault, _NOBODY, draft.key, public.now()) else _fresh(public)


def _form(
    public: Public,
    key: str,
    status: int = 200,
    draft: Draft | None = None,
    *,
    errors: dict[str, str] | None = None,
    notice: str = "",
    wait: int = 0,
) -> Response:
    values = draft.values() if draft else {}
    made = page("lapor.html", status, key=key, values=values, errors=errors or {}, notice=notice, **regions())
    if wait:
        made.headers["Retry-After"] = str(wait)
    return made


def _received(public: Public, accepted: Accepted) -> Response:
    code = accepted.tracking_code
    status = 409 if accepted.conflict else 200
    pin, call = pin_of(public.vault, code), EMERGENCY_CALL if accepted.urgent else ("", "")
    said = {"conflict": accepted.conflict, "urgent": accepted.urgent, "call": call}
    return page("terima.html", status, code=code, pin=pin, **said)
