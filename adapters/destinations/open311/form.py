"""A case as the fields of a form, in GeoReport v2's names: the same bytes for the same case.

Sources: https://wiki.open311.org/GeoReport_v2/ (POST Service Request),
https://wiki.open311.org/Open311_Updates_Extension/ (POST Service Request Update).
"""

from __future__ import annotations

from datetime import UTC
from urllib.parse import urlencode

from adapters.contract import Case
from adapters.destinations.open311.options import Options, Templates
from adapters.outbound.fields import Subject
from adapters.outbound.filters import text_of
from adapters.outbound.prose import attachments_of, place_of, text_of_case
from adapters.outbound.template import OMITTED, fill
from schemas.report import Reporter

DESCRIPTION_LIMIT = 4000

Pairs = list[tuple[str, str]]


def request_form(options: Options, templates: Templates, case: Case, api_key: str) -> bytes:
    """The form of a new service request."""
    fields = [
        *_credentials(options, api_key),
        ("service_code", service_code_of(options, case)),
        *_place(options, case),
        *_attributes(templates, case),
        ("description", text_of_case(case, DESCRIPTION_LIMIT)),
        *_reporter(case, with_phone=True),
        *_media(templates, case),
    ]
    return urlencode(fields).encode()


def update_form(options: Options, templates: Templates, case: Case, api_key: str, request_id: str) -> bytes:
    """The form of a later message. What the reporter says opens nothing and closes nothing."""
    received = max((message.received_at for message in case.messages), default=case.accepted_at)
    fields = [
        *_credentials(options, api_key),
        ("service_request_id", request_id),
        ("update_id", str(case.handoff_id)),
        ("updated_datetime", received.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")),
        ("status", "OPEN"),
        ("description", text_of_case(case, DESCRIPTION_LIMIT)),
        *_reporter(case, with_phone=False),
        *_media(templates, case),
    ]
    return urlencode(fields).encode()


def service_code_of(options: Options, case: Case) -> str:
    """The server's code: by the category, else by the class, else the one for all others."""
    report = case.report
    by_class = options.service_codes.get(report.classification.value, options.service_code)
    return options.service_codes.get(str(report.category_id), by_class)


def has_place(options: Options, case: Case) -> bool:
    """Whether the server can be told where it happened, which it must be."""
    return bool(_place(options, case))


def _credentials(options: Options, api_key: str) -> Pairs:
    jurisdiction = [("jurisdiction_id", options.jurisdiction_id)] if options.jurisdiction_id else []
    return [("api_key", api_key), *jurisdiction]


def _place(options: Options, case: Case) -> Pairs:
    """Coordinates where there are both, and the address where there is one: servers show it to people."""
    location = case.report.location
    fields: Pairs = []
    if location is not None and location.latitude is not None and location.longitude is not None:
        fields = [("lat", _degrees(location.latitude)), ("long", _degrees(location.longitude))]
    address = place_of(location) or (options.fallback_address if not fields else None)
    return [*fields, ("address_string", address)] if address else fields


def _degrees(value: float) -> str:
    """Never in powers of ten, as Python writes small numbers."""
    return f"{value:.7f}".rstrip("0").rstrip(".")


def _attributes(templates: Templates, case: Case) -> Pairs:
    filled = ((code, fill(node, Subject(case))) for code, node in templates.attributes.items())
    return [(f"attribute[{code}]", text_of(value)) for code, value in filled if value is not OMITTED]


def _reporter(case: Case, *, with_phone: bool) -> Pairs:
    """Only whom the case holds: it holds nobody where the destination is not entitled."""
    reporter = None if case.report.is_anonymous else case.reporter
    return [] if reporter is None else _named(reporter, with_phone=with_phone)


def _named(reporter: Reporter, *, with_phone: bool) -> Pairs:
    first, _, last = (reporter.name or "").strip().partition(" ")
    known = [("email", reporter.email), ("first_name", first), ("last_name", last.strip())]
    known += [("phone", reporter.phone)] if with_phone else []
    return [(name, value) for name, value in known if value]


def _media(templates: Templates, case: Case) -> Pairs:
    """Only of what the public may see."""
    url = fill(templates.media_url, Subject(case))
    shown = isinstance(url, str) and url and attachments_of(case) and not case.report.is_secret
    return [("media_url", url)] if shown else []
