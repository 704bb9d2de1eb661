"""The walk-in desk at `/loket`: an officer signs in with the desk's key, fills in a form, and prints a receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.contract import InboundRequest
from adapters.inbound.forms import read_form
from gateway.access_book import HeldChannel
from gateway.api.bodies import read_body
from gateway.ledger.desk_queue import list_desk, take_number
from gateway.public.desk_pages import KIND, day_of, form_page, javascript, locked_page, receipt_page, sign_in_page
from gateway.public.drafts import DESK_KEY, Draft, read_draft
from gateway.public.pages import came_from_elsewhere, shown
from gateway.public.state import Public, public_of
from gateway.public.tickets import Session, holder_of, is_form, new_form, new_session, read_session
from schemas.errors import Busy, Denied, Forbidden, NotFound

router = APIRouter(include_in_schema=False)
_COOKIE, _PATH = "loket", "/loket"
_BODY_LIMIT = 10_000
_EXPIRED = (
    "Formulir ini sudah terlalu lama terbuka; tekan Simpan sekali lagi. / The form was open too long; save again."
)
_UNAVAILABLE = "Laporan belum dapat disimpan; tekan Simpan sekali lagi. / Not kept yet; save again."
_CONFLICT = (
    "Formulir ini sudah tersimpan dengan isi lain; tekan Simpan sekali lagi untuk laporan baru. "
    "/ This form was kept before with another text; save again to make a new report."
)


@router.get("/loket")
@shown
async def get_desk(request: Request) -> Response:
    """An empty form and today's list; without a session the page to sign in."""
    public = public_of(request)
    try:
        session, channel = await _session(request, public)
    except Denied:
        return _to("/loket/masuk")
    return await _form(public, session, channel)


@router.get("/loket/masuk")
@shown
async def get_sign_in(request: Request) -> Response:
    """The page to sign in."""
    return sign_in_page()


@router.post("/loket/masuk")
@shown
async def sign_in(request: Request) -> Response:
    """A session for whoever has the key of an open desk."""
    public = public_of(request)
    if came_from_elsewhere(request):
        raise Forbidden("the form was posted by another site's page")
    body = await read_body(request, _BODY_LIMIT)
    key = read_form(InboundRequest("POST", "", {}, dict(request.headers), body)).text(DESK_KEY).strip()
    try:
        session, _ = await _opened(public, key)
    except Denied:
        return sign_in_page(403)
    return _signed_in(public, _to(_PATH), session)


@router.post("/loket/keluar")
@shown
async def sign_out(request: Request) -> Response:
    """The session of this browser ended."""
    answer = _to("/loket/masuk")
    answer.delete_cookie(_COOKIE, path=_PATH, httponly=True, samesite="strict", secure=public_of(request).secure)
    return answer


@router.post("/loket")
@shown
async def post_report(request: Request) -> Response:
    """The receipt of a report that is kept; or the form again, with what is to be mended."""
    public = public_of(request)
    if came_from_elsewhere(request):
        raise Forbidden("the form was posted by another site's page")
    draft = await read_draft(request, public)
    try:
        session, channel = await _session(request, public)
    except Denied:
        return await _post_anew(public, draft)
    return await _taken(public, session, channel, draft)


async def _post_anew(public: Public, draft: Draft) -> Response:
    """The same with the desk's key, after the session ended while the form was filled in: nothing of it is lost."""
    try:
        session, channel = await _opened(public, draft.desk_key)
    except Denied:
        return locked_page(draft)
    return _signed_in(public, await _taken(public, session, channel, draft), session)


async def _taken(public: Public, session: Session, channel: HeldChannel, draft: Draft) -> Response:
    good = is_form(public.vault, holder_of(session), draft.key, public.now())
    mistakes = draft.mistakes(nik=True)
    if mistakes or not good:
        notice, status = ("", 422) if mistakes else (_EXPIRED, 400)
        kept = draft.key if good else None
        return await _form(public, session, channel, status, draft, key=kept, errors=mistakes, notice=notice)
    return await _keep(public, session, channel, draft)


@router.get("/loket/terima/{report_id}")
@shown
async def get_receipt(request: Request, report_id: str) -> Response:
    """The receipt of one of this desk's reports, as often as it is needed."""
    public = public_of(request)
    _, channel = await _session(request, public)
    try:
        identity = UUID(report_id)
    except ValueError:
        raise NotFound("that is no report's id") from None
    base = public.public_url or str(request.base_url).rstrip("/")
    return await receipt_page(public, channel, identity, base)


@router.get("/loket/periksa.js")
async def get_checks(request: Request) -> Response:
    """The checks that run while a field is left; the server makes them too."""
    return Response(javascript(), media_type="text/javascript")


async def _keep(public: Public, session: Session, channel: HeldChannel, draft: Draft) -> Response:
    try:
        [accepted] = await public.intake.take(channel, draft.inbound)
        if accepted.conflict:
            return await _form(public, session, channel, 409, draft, notice=_CONFLICT)
        day = day_of(channel, public.now())
        await public.ledger.write(take_number, channel.name, day, accepted.report_id, public.now())
    except Busy:
        return await _form(public, session, channel, 503, draft, key=draft.key, notice=_UNAVAILABLE)
    return _to(f"/loket/terima/{accepted.report_id}")


async def _session(request: Request, public: Public) -> tuple[Session, HeldChannel]:
    """Who is at the desk. Raises Denied when nobody is, or the key or the desk was closed meanwhile."""
    session = read_session(public.vault, request.cookies.get(_COOKIE, ""), public.now())
    if session is None:
        raise Forbidden("sign in with the desk's key")
    channel = await public.access.channel_of_credential(session.credential)
    if channel.name != session.channel or channel.kind != KIND:
        raise Forbidden("sign in with the desk's key")
    return session, channel


async def _opened(public: Public, key: str) -> tuple[Session, HeldChannel]:
    """The session of who has this key. Raises Denied when it opens no desk."""
    credential, channel = await public.access.holder_of(f"Bearer {key}")
    if channel.kind != KIND:
        raise Forbidden("this is not the key of a desk")
    return Session(channel.name, credential), channel


def _signed_in(public: Public, answer: Response, session: Session) -> Response:
    """The answer with the cookie of a session that begins."""
    cookie = new_session(public.vault, session, public.now())
    answer.set_cookie(_COOKIE, cookie, path=_PATH, httponly=True, samesite="strict", secure=public.secure)
    return answer


async def _form(
    public: Public,
    session: Session,
    channel: HeldChannel,
    status: int = 200,
    draft: Draft | None = None,
    *,
    key: str | None = None,
    errors: dict[str, str] | None = None,
    notice: str = "",
) -> Response:
    key = key or new_form(public.vault, holder_of(session), public.entropy, public.now())
    entries = []
    if status != 503:
        entries = await public.ledger.read(list_desk, channel.name, day_of(channel, public.now()))
    shown: dict[str, Any] = {"errors": errors or {}, "notice": notice, "names": public.agencies}
    return form_page(channel, entries, status, draft, key=key, **shown)


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
