"""The tracking page at `/lacak`: what became of a report, for whoever holds its code and can prove it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.contract import InboundRequest
from adapters.inbound.forms import read_form
from gateway.api.bodies import read_body
from gateway.public.limits import subscriber
from gateway.public.pages import page, shown
from gateway.public.proof import proven
from gateway.public.receipt import receipt_ticket
from gateway.public.state import public_of
from gateway.public.timeline import lines
from gateway.storyline import kept_key
from schemas.tracking import InvalidTrackingCode, parse_tracking_code

router = APIRouter(include_in_schema=False)
_BODY_LIMIT = 10_000
_LONGEST = 64
_WRONG = "Kode atau bukti tidak cocok / Code and proof do not fit"
_ADVICE = (
    "Periksa kembali kode, PIN, atau 4 angka terakhir nomor telepon yang Anda berikan waktu melapor. "
    "/ Check the code, the PIN, or the last 4 digits of the phone number that you gave."
)
_NO_CODE = "Tulis kode lacaknya. / Give the tracking code."
_MISSPELT = "Kode ini salah tulis; periksa huruf dan angkanya. / This code is misspelt; check its letters and digits."
_NO_PROOF = "Tulis PIN, atau 4 angka terakhir nomor telepon. / Give the PIN, or the last 4 digits of the phone number."
_TOO_OFTEN = "Terlalu sering dicoba / Tried too often"
_LATER = "Demi keamanan laporan, coba lagi nanti. / To keep reports safe, try again later."


@router.get("/lacak")
@shown
async def get_tracking(request: Request) -> Response:
    """The form that asks for code and proof; `?kode=` fills the code in."""
    return _asking(request.query_params.get("kode", ""))


@router.post("/lacak")
@shown
async def post_tracking(request: Request) -> Response:
    """The timeline; or the same answer for a code that does not exist and a proof that does not fit."""
    public = public_of(request)
    body = await read_body(request, _BODY_LIMIT)
    form = read_form(InboundRequest("POST", "", {}, dict(request.headers), body))
    code, proof = form.text("kode")[:_LONGEST], form.text("bukti")[:_LONGEST]
    mistakes = _mistakes(code, proof)
    if mistakes:
        return _asking(code, 422, errors=mistakes)
    spelled = "".join(character for character in code.upper() if character.isalnum())
    waits = (
        public.limits.tries.wait_for(subscriber(request.client.host if request.client else None)),
        public.limits.code.wait_for(spelled),
    )
    if any(waits):
        return _asking(code, 429, _TOO_OFTEN, _LATER, max(waits))
    record = await proven(public.ledger, public.vault, code, proof)
    if record is None:
        return _asking(code, 404, _WRONG, _ADVICE)
    told = lines(record, kept_key(public.vault, record.key), public.agencies)
    report = record.report
    ticket = receipt_ticket(public, report.id)
    return page("perjalanan.html", code=report.tracking_code, events=told, report=report.id, ticket=ticket)


def _mistakes(code: str, proof: str) -> dict[str, str]:
    """What is missing, and a code that cannot be one: both are seen without looking whether there is such a report."""
    found = {}
    try:
        parse_tracking_code(code)
    except InvalidTrackingCode:
        found["kode"] = _MISSPELT if code.strip() else _NO_CODE
    return found if proof.strip() else found | {"bukti": _NO_PROOF}


def _asking(
    code: str,
    status: int = 200,
    notice: str = "",
    advice: str = "",
    wait: int = 0,
    errors: Mapping[str, str] | None = None,
) -> Response:
    values = {"kode": code[:_LONGEST]}
    made = page("lacak.html", status, values=values, errors=errors or {}, notice=notice, advice=advice)
    if wait:
        made.headers["Retry-After"] = str(wait)
    return made
