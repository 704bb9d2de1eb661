"""What a destination would be sent: its requests built from a case and shown with secrets masked, none of them made."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus
from uuid import UUID

from adapters.contract import Call, Case, CaseFile, Destination, Fault, Reply, Step
from adapters.outbound.prose import attachments_of
from schemas.errors import GatewayError
from schemas.handoff import HandoffKind
from schemas.report import Attachment, Location, Message, Report, Reporter

MASK = "***"
_MOST_STEPS = 10
_SHORTEST_SECRET = 4
_TELLING = re.compile(r"authorization|signature|cookie|token|secret|api-?key", re.IGNORECASE)
_YIELDED: dict[str, Any] = {
    "reference": "CONTOH-1",
    "complaint_id": "1",
    "tracking_id": "1",
    "institution": "1",
    "service_request_id": "CONTOH-1",
    "update_id": "1",
}
"""Stands in for what an earlier step's answer would give."""
_TRACER = Reporter(
    name="NamaPelaporContoh",
    phone="+6280000000017",
    email="pelapor.contoh@contoh.example",
    nik="9999999999999999",
    address="AlamatPelaporContoh",
)


def sample_case(reporter: Reporter | None) -> Case:
    """An invented report with everything that a report can have."""
    report_id, at = UUID("019cac00-0000-7000-8000-000000000001"), datetime(2026, 3, 2, 1, 15, 30, tzinfo=UTC)
    place = Location(
        province="Jawa Barat",
        regency="Kabupaten Garut",
        district="Cisurupan",
        village="Sukamaju",
        region_code="32.05.13.2001",
        address="Jembatan gantung RT 02 RW 05",
        latitude=-7.3216,
        longitude=107.7871,
    )
    photo = Attachment(name="jembatan.jpg", media_type="image/jpeg", size=48_213, sha256="0" * 64)
    report = Report(
        title="Contoh: jembatan gantung rusak",
        content="Contoh laporan. Papan jembatan gantung lepas sejak tiga minggu.",
        category_id=119,
        agency="Dinas Pekerjaan Umum",
        location=place,
        incident_date=date(2026, 2, 9),
        attachments=(photo,),
    )
    message = Message(sequence=0, received_at=at, text=report.content, location=place, attachments=(photo,))
    return Case(
        handoff_id=UUID("019cac00-0000-7000-8000-000000000002"),
        report_id=report_id,
        tracking_code="3PKR-RFPG-C6E6",
        channel="contoh",
        kind=HandoffKind.REPORT,
        accepted_at=at,
        report=report,
        reporter=reporter,
        messages=(message,),
    )


def masked(case: Case) -> Case:
    """The case in its shape, without what the reporter wrote and without who it is."""
    report = case.report.model_copy(
        update={
            "title": _told("judul", case.report.title),
            "content": _told("isi", case.report.content),
            "agency": _told("instansi", case.report.agency) or None,
            "location": _coarse(case.report.location),
            "attachments": tuple(_nameless(each) for each in case.report.attachments),
            "tags": (),
        }
    )
    messages = tuple(
        each.model_copy(
            update={
                "text": _told("pesan", each.text),
                "location": _coarse(each.location),
                "attachments": tuple(_nameless(one) for one in each.attachments),
            }
        )
        for each in case.messages
    )
    return replace(case, report=report, messages=messages, reporter=_nobody(case.reporter))


def requests_of(destination: Destination, case: Case, secrets: Mapping[str, str], at: datetime) -> list[dict[str, Any]]:
    """Every request that the case would become, in order. Those after the first hold samples of earlier answers."""
    hidden = [*_spellings(secrets)]
    return [
        _shown(made, hidden) if made.call.url else _refused(destination, made, at)
        for made in _calls(destination, case, at)
    ]


def personal_fields(destination: Destination, case: Case, at: datetime) -> list[str]:
    """The fields of the reporter that stand anywhere in the requests, found by looking for an invented reporter."""
    traced = replace(case, reporter=None if case.report.is_anonymous else _TRACER)
    whole = "\n".join(text for made in _calls(destination, traced, at) for text in _texts(made.call))
    return [name for name, value in _TRACER.model_dump().items() if value in whole]


@dataclass(frozen=True, slots=True)
class _Made:
    """A request with what it was made of."""

    case: Case
    step: Step
    call: Call


def _calls(destination: Destination, case: Case, at: datetime) -> Iterator[_Made]:
    attached = attachments_of(case)
    files = tuple(CaseFile(each.name, each.media_type, b"(berkas)") for each in attached)
    for _ in range(_MOST_STEPS):
        step = destination.next_step(case)
        if step is None:
            return
        try:
            whole = replace(case, files=files if step.files else ())
            yield _Made(whole, step, destination.build(whole, step, at))
        except GatewayError:
            return  # it needs what only a true answer can give
        yielded = _YIELDED | {"ids": list(range(1, len(attached) + 1))}
        case = replace(case, progress={**case.progress, step.name: yielded})


def _shown(made: _Made, hidden: list[str]) -> dict[str, Any]:
    call = made.call
    return {
        "step": made.step.name,
        "method": call.method,
        "url": _hide(call.url, hidden),
        "headers": [[name, _header(name, value, hidden)] for name, value in call.headers],
        "bytes": len(call.body),
        "body": _body(call.body, hidden),
    }


def head_of(call: Call, secrets: Mapping[str, str]) -> Iterator[str]:
    """Method, address and headers of a request, a line each, without its secrets."""
    hidden = [*_spellings(secrets)]
    yield f"{call.method} {_hide(call.url, hidden)}"
    yield from (f"{name}: {_header(name, value, hidden)}" for name, value in call.headers)


def _refused(destination: Destination, made: _Made, at: datetime) -> dict[str, Any]:
    """A step that this destination cannot take, and why."""
    outcome = destination.read(made.case, made.step, Reply(fault=Fault("not_sent", sent=False)), at)
    return {"step": made.step.name, "refused": outcome.reason}


def _header(name: str, value: str, hidden: list[str]) -> str:
    if not _TELLING.search(name):
        return _hide(value, hidden)
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space and scheme.isalpha() else MASK


def _body(body: bytes, hidden: list[str]) -> Any:
    """JSON as JSON, text as text, anything else by its size."""
    try:
        text = _hide(body.decode(), hidden)
    except UnicodeDecodeError:
        return f"({len(body)} byte)"
    try:
        return json.loads(text)
    except ValueError:
        return text


def _spellings(secrets: Mapping[str, str]) -> Iterator[str]:
    """A secret in each way in which it may stand in an address, a form or a document."""
    for secret in secrets.values():
        for part in (secret, *secret.split()):
            if len(part) >= _SHORTEST_SECRET:
                yield from (part, quote(part, safe=""), quote_plus(part), html.escape(part), json.dumps(part)[1:-1])


def _hide(text: str, hidden: list[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, MASK)
    return text


def _texts(call: Call) -> Iterator[str]:
    """Everything that leaves with a call, in each way in which it may be written."""
    yield call.url
    yield from (value for _, value in call.headers)
    if call.method == "SMTP":
        parts = (part.get_payload(decode=True) for part in message_from_bytes(call.body).walk())
        yield from (part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes))
    text = call.body.decode("utf-8", "replace")
    yield from (text, unquote_plus(text), html.unescape(text))


def _told(name: str, text: str | None) -> str:
    return f"({name}, {len(text)} huruf)" if text else ""


def _coarse(location: Location | None) -> Location | None:
    """The regency and above; a village and a point may be somebody's home."""
    if location is None:
        return None
    near = {name: MASK for name in ("district", "village", "address") if getattr(location, name)}
    points = {name: round(value, 1) for name in ("latitude", "longitude") if (value := getattr(location, name))}
    code = (location.region_code or "").replace(".", "")[:4] or None
    return location.model_copy(update={**near, **points, "region_code": code})


def _nameless(attachment: Attachment) -> Attachment:
    return attachment.model_copy(update={"name": MASK, "sha256": None})


def _nobody(reporter: Reporter | None) -> Reporter | None:
    """Masks where there is something; a NIK has a form that it must keep."""
    if reporter is None:
        return None
    known = {name: f"({name})" for name, value in reporter.model_dump().items() if value}
    return reporter.model_copy(update=known)
