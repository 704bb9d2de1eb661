"""The receipt of a report, for whoever has proved that it is theirs; and `/periksa`, where anybody has one checked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.contract import InboundRequest
from adapters.inbound.forms import read_form
from gateway.api.bodies import read_body
from gateway.citizen_receipt import STANDING_WORDS
from gateway.citizen_receipt_check import LIMIT, ReceiptReport
from gateway.findings import Problem
from gateway.public.pages import page, shown
from gateway.public.state import Public, public_of
from gateway.public.tickets import is_form, new_form
from gateway.receipting import CHECK_PAGE, MadeReceipt
from schemas.tracking import InvalidTrackingCode, parse_tracking_code

router = APIRouter(include_in_schema=False)
_BODY_LIMIT = LIMIT + 50_000
_ASK_ANEW = ("Minta tanda terima baru di halaman lacak.", "Get a new receipt from the tracking page.")
_NOTHING = "Tempel tanda terimanya, atau pilih berkasnya. / Paste the receipt, or choose its file."
_TOO_LATE = (
    "Halaman itu sudah terlalu lama terbuka / That page was open too long",
    "Lacak laporannya sekali lagi, lalu minta tanda terimanya. / Track the report again, then ask for its receipt.",
)
_LONGEST_CODE = 40
_PLAIN: dict[Problem | None, tuple[str, str]] = {
    Problem.UNREADABLE: (
        "Ini bukan tanda terima laporan, atau tidak lengkap tersalin. Tempel seluruh isi berkasnya, atau seluruh "
        "tautan dari kode QR.",
        "This is no receipt of a report, or not all of it was copied. Paste the whole file, or the whole link of the "
        "QR code.",
    ),
    Problem.UNSIGNED: (
        f"Tanda tangannya tidak sah: isinya diubah setelah dibuat, atau bukan kami yang membuatnya. {_ASK_ANEW[0]}",
        f"Its signature is not valid: it was changed after it was made, or not made by us. {_ASK_ANEW[1]}",
    ),
    None: (
        f"Isinya diubah setelah dibuat, atau sebagian hilang. {_ASK_ANEW[0]}",
        f"It was changed after it was made, or a part of it is missing. {_ASK_ANEW[1]}",
    ),
}
"""What is wrong, as anybody understands it, the first that fits; None: any other problem."""


def receipt_ticket(public: Public, report_id: UUID) -> str:
    """What lets the holder of a timeline's page have the receipt, for a day."""
    return new_form(public.vault, _holder(str(report_id)), public.entropy, public.now())


@router.post("/lacak/tanda-terima")
@shown
async def post_receipt(request: Request) -> Response:
    """The receipt as a file: JSON to keep and check, or a page to print."""
    public = public_of(request)
    body = await read_body(request, 10_000)
    form = read_form(InboundRequest("POST", "", {}, dict(request.headers), body))
    report, ticket = form.text("laporan"), form.text("tiket")
    made = None
    if is_form(public.vault, _holder(report), ticket, public.now()):
        with suppress(ValueError):
            made = await public.receipting.receipt(UUID(report))
    if made is None:
        return page("lacak.html", 404, values={}, errors={}, notice=_TOO_LATE[0], advice=_TOO_LATE[1])
    return _file(public, made, as_pdf=form.text("bentuk") == "pdf")


@router.get(CHECK_PAGE)
@shown
async def get_check(request: Request) -> Response:
    """The form into which a receipt goes."""
    return _checking()


@router.post(CHECK_PAGE)
@shown
async def post_check(request: Request) -> Response:
    """Whether it is genuine, and what it says. Nothing of it is kept."""
    body = await read_body(request, _BODY_LIMIT)
    form = read_form(InboundRequest("POST", "", {}, dict(request.headers), body))
    uploaded = next((file.content for file in form.files.values() if file.content), b"")
    text = uploaded.decode("utf-8", "replace") or form.text("tanda")
    receipting = public_of(request).receipting
    values = {"tanda": form.text("tanda"), "kode": form.text("kode")[:_LONGEST_CODE]}
    if not text.strip():
        return _checking(422, values=values, errors={"tanda": _NOTHING})
    report = receipting.check(text)
    report = replace(report, names={**receipting.names, **report.names})  # older receipts do not name their receivers
    return _checking(200 if report.genuine else 422, values=values, **_told(report, form.text("kode")))


@router.get("/periksa.js")
async def get_script(request: Request) -> Response:
    """The script that takes a receipt out of the link of a QR code."""
    return Response(_script(), media_type="text/javascript; charset=utf-8")


@cache
def _script() -> bytes:
    return files("gateway.public").joinpath("static", "tanda_terima.js").read_bytes()


def _checking(status: int = 200, **shown: Any) -> Response:
    return page("periksa.html", status, **{"report": None, "values": {}, "errors": {}, **shown})


def _holder(report: str) -> str:
    return f"receipt.{report}"


def _file(public: Public, made: MadeReceipt, *, as_pdf: bool) -> Response:
    name = f"tanda-terima-{made.tracking_code}.{'pdf' if as_pdf else 'json'}"
    from gateway.public.receipt_pdf import receipt_pdf  # what sets pages is loaded where there are any to set

    content = receipt_pdf(made, public.receipting.check_address) if as_pdf else made.content
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, 200, headers, "application/pdf" if as_pdf else "application/json")


def _told(report: ReceiptReport, code: str) -> dict[str, object]:
    return {
        "report": report,
        "standing": STANDING_WORDS.get(report.standing or ""),
        "received": [(one, datetime.fromisoformat(one.delivered_at)) for one in report.received]
        if report.genuine
        else [],
        "open": [(report.called(name), STANDING_WORDS.get(state, (state, state))) for name, state in report.open],
        "wrong": _plainly({one.problem for one in report.findings}),
        "findings": [one.sentence for one in report.findings],
        "other": bool(code.strip()) and report.genuine and not _is_of(report, code),
    }


def _plainly(problems: set[Problem]) -> tuple[str, str]:
    return next(words for problem, words in _PLAIN.items() if problem is None or problem in problems)


def _is_of(report: ReceiptReport, code: str) -> bool:
    try:
        return report.is_of(parse_tracking_code(code))
    except InvalidTrackingCode:
        return False
