"""What a ministry's answer means: from the reply to a POST or a look-up to an outcome, for whatever bytes come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

import orjson

from adapters.contract import Case, Reply
from adapters.destinations.ministry_rest.options import Options
from adapters.http import classify, retry_after
from adapters.outbound.answers import Ruling, ruling
from adapters.outbound.pointers import ABSENT, at_pointer
from schemas.base import Json
from schemas.handoff import Outcome, OutcomeKind, Receipt, Repeat

NOT_FOUND = "not_found"
"""The reason that says, after a look-up, that the step was surely not done."""

_UNREADABLE = object()
_REFERENCE_LIMIT = 255
_URL_LIMIT = 2048
_FAILED = frozenset({"error", "errors", "fail", "failed", "failure", "gagal", "false"})
_CODE_NAMES = ("status", "code", "status_code", "statusCode")
_ENVELOPES = ("error", "meta", "metadata", "metaData")
_LIST_NAMES = ("cases", "data", "items", "results")


def read_post(options: Options, case: Case, reply: Reply, at: datetime) -> Outcome:
    """The outcome of a POST: what the entry's own rules say, else the table.

    | answer                                            | outcome                                     |
    |---------------------------------------------------|---------------------------------------------|
    | no whole 2xx                                      | the table of `adapters.outcomes`, but 409:  |
    | 409, the first pointer gives a reference, dedupes | delivered: it was there already             |
    | 409, otherwise, dedupes                           | deferred: the first sending is being worked |
    | 409, lookup                                       | uncertain: ask                              |
    | 409, neither                                      | refused                                     |
    | 2xx that says error, with a 4xx of its own        | what the table says of that 4xx             |
    | 2xx that says error, otherwise                    | uncertain: it may have been stored          |
    | 2xx with a reference                              | delivered                                   |
    | 2xx without one                                   | uncertain, or delivered if none is required |
    | 2xx that is no JSON                               | uncertain, or as above if empty or text     |
    """
    ruled = ruling(options.answers, reply)
    if ruled is not None:
        return _by_rule(options, case, ruled, reply, at)
    if reply.fault is None and reply.status == 409:
        return _conflict(options, case, reply, at)
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    body = _json(reply.body)
    if body is _UNREADABLE:
        plain = not reply.body.strip() or _is_plain_text(reply.headers)
        return _without_reference(options, reply, at) if plain else _uncertain(reply, "not_json")
    return _said_error(options, case, body, reply) or _accepted(options, case, body, reply, at)


def read_lookup(options: Options, case: Case, key: str, reply: Reply, at: datetime) -> Outcome:
    """The outcome of asking for a case by our key. To believe in a case that is not there would lose it.

    | answer                                                             | outcome                            |
    |--------------------------------------------------------------------|------------------------------------|
    | 404 in JSON or empty; an empty list                                | refused, `not_found`               |
    | 404 with anything else: some proxy's page                          | uncertain                          |
    | a list with an entry that names our key: servers ignore queries    | delivered                          |
    | one case that names our key, or has what the first pointer means   | delivered                          |
    | any other 2xx                                                      | uncertain                          |
    | no whole 2xx                                                       | the table of `adapters.outcomes`   |
    """
    outcome = classify(reply, at)
    body = _json(reply.body)
    if reply.fault is None and reply.status == 404:
        return _not_found(reply) if body is not _UNREADABLE or not reply.body.strip() else _uncertain(reply, "http_404")
    if outcome is not None:
        return outcome
    found = _found(options, case, key, body)
    if found is None:
        return _uncertain(reply, "lookup_unclear")
    return _accepted(options, case, found[0], reply, at) if found else _not_found(reply)


def _found(options: Options, case: Case, key: str, body: Json) -> list[Json] | None:
    """The cases in an answer that are surely ours; none when there surely is none; None when it cannot be told."""
    if isinstance(body, dict):
        if _is_error(body):
            return None
        if key in body.values():
            return [body]
        if "idempotency_key" in body:
            return None
        if _reference(options.reference_pointers[:1], case, body) is not None:
            return [body]
        body = next((body[name] for name in _LIST_NAMES if isinstance(body.get(name), list)), None)
    if not isinstance(body, list):
        return None
    ours = [entry for entry in body if isinstance(entry, dict) and key in entry.values()]
    return ours or (None if body else [])


# ------------------------------------------------------------------------------------------------------------- outcomes


def _accepted(options: Options, case: Case, body: Json, reply: Reply, at: datetime) -> Outcome:
    reference = _reference(options.reference_pointers, case, body)
    if reference is None:
        return _without_reference(options, reply, at)
    url = _url(_at(body, options.public_url_pointer))
    return _delivered(reply, Receipt(reference=reference, received_at=at, public_url=url), {"reference": reference})


def _by_rule(options: Options, case: Case, ruled: Ruling, reply: Reply, at: datetime) -> Outcome:
    """An answer that a rule accepts still needs its reference, where one is required."""
    if ruled.kind is OutcomeKind.DELIVERED:
        accepted = _accepted(options, case, _json(reply.body), reply, at)
        delivered = accepted.kind is OutcomeKind.DELIVERED
        return accepted.model_copy(update={"reason": ruled.reason}) if delivered else accepted
    wait = retry_after(reply.headers, at)
    return Outcome(kind=ruled.kind, reason=ruled.reason, status=reply.status, retry_after=wait)


def _without_reference(options: Options, reply: Reply, at: datetime) -> Outcome:
    if options.requires_reference:
        return _uncertain(reply, "no_reference")
    return _delivered(reply, Receipt(received_at=at), {})


def _conflict(options: Options, case: Case, reply: Reply, at: datetime) -> Outcome:
    """Only the first pointer counts here: an `id` beside an error is often that of the error."""
    if options.repeat is Repeat.DEDUPES:
        body = None if reply.truncated else _json(reply.body)
        reference = _reference(options.reference_pointers[:1], case, body)
        if reference is not None:
            return _delivered(reply, Receipt(reference=reference, received_at=at), {"reference": reference})
        return classify(reply, at) or _uncertain(reply, "conflict")
    kind = OutcomeKind.UNCERTAIN if options.repeat is Repeat.LOOKUP else OutcomeKind.REFUSED
    return Outcome(kind=kind, reason="conflict", status=reply.status)


def _said_error(options: Options, case: Case, body: Json, reply: Reply) -> Outcome | None:
    """The outcome of a 2xx whose body says error; None when it does not. Conservative: in doubt it was stored.

    A 4xx inside is believed when nothing beside it speaks of a case that was made.
    """
    if not isinstance(body, dict) or not _is_error(body):
        return None
    code = _inner_code(body)
    made = _reference(options.reference_pointers[:1], case, body) is not None
    if made or code is None or not 400 <= code < 500 or code in (409, 410):
        return _uncertain(reply, f"error_in_{reply.status}")
    meant = classify(Reply(status=code)) or _uncertain(reply, "error")
    return Outcome(kind=meant.kind, reason=f"error_{code}_in_{reply.status}", status=reply.status)


def _delivered(reply: Reply, receipt: Receipt, yields: dict[str, Json]) -> Outcome:
    reason = f"http_{reply.status}"
    return Outcome(kind=OutcomeKind.DELIVERED, reason=reason, status=reply.status, yields=yields, receipt=receipt)


def _uncertain(reply: Reply, reason: str) -> Outcome:
    return Outcome(kind=OutcomeKind.UNCERTAIN, reason=reason, status=reply.status)


def _not_found(reply: Reply) -> Outcome:
    return Outcome(kind=OutcomeKind.REFUSED, reason=NOT_FOUND, status=reply.status)


# ----------------------------------------------------------------------------------------------------- what a body says


def _json(body: bytes) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _UNREADABLE


def _is_plain_text(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "text/plain"


def _at(body: Json, pointer: str) -> Json:
    """The value at a JSON pointer, or None."""
    value = at_pointer(body, pointer)
    return None if value is ABSENT else value


def _reference(pointers: Iterable[str], case: Case, body: Json) -> str | None:
    """The first value that can be a reference. Our own ids are none: that is our request, sent back."""
    echoes = {str(case.report_id), str(case.handoff_id)}
    values = (_at(body, pointer) for pointer in pointers)
    return next((text for value in values if (text := _token(value)) and text not in echoes), None)


def _token(value: Json) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if text.isprintable() and 0 < len(text) <= _REFERENCE_LIMIT else None


def _url(value: Json) -> str | None:
    fits = isinstance(value, str) and len(value) <= _URL_LIMIT and re.fullmatch(r"https?://[!-~]+", value)
    return value if fits else None


def _is_error(body: dict[str, Json]) -> bool:
    code = _inner_code(body)
    said = (place.get(name) for place in _places(body) for name in ("error", "errors"))
    denied = (place[name] for place in _places(body) for name in ("success", "ok", "status") if name in place)
    return any(said) or any(_is_no(value) for value in denied) or (code is not None and code >= 400)


def _is_no(value: Json) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() in _FAILED)


def _inner_code(body: dict[str, Json]) -> int | None:
    """A status like HTTP's that stands in the body."""
    values = (str(place.get(name)) for place in _places(body) for name in _CODE_NAMES)
    return next((int(value) for value in values if re.fullmatch(r"[1-5][0-9]{2}", value)), None)


def _places(body: dict[str, Json]) -> list[dict[str, Json]]:
    """Where an answer says how it went: itself, and its envelope."""
    return [body, *(part for name in _ENVELOPES if isinstance(part := body.get(name), dict))]
