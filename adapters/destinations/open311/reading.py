"""What an Open311 server's answers mean, in JSON or XML, for whatever bytes come."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

import orjson

from adapters.contract import Reply
from adapters.destinations.open311.options import Options
from adapters.http import classify, retry_after
from adapters.outbound.answers import ruling
from adapters.outbound.xml import fields_of, parsed
from schemas.base import Json
from schemas.handoff import Outcome, OutcomeKind, Receipt, Repeat

Row = dict[str, str]

_LIMIT = 255


def read_request(options: Options, reply: Reply, at: datetime) -> Outcome:
    """The outcome of POST /requests: what the entry's own rules say, else the table.

    | answer                                       | outcome                                            |
    |----------------------------------------------|----------------------------------------------------|
    | no whole 2xx                                 | the table of `adapters.http`, but 409 (below)      |
    | 2xx with `service_request_id`                | delivered                                          |
    | 2xx with `token`                             | this step is done, the token is asked about        |
    | 2xx with an error whose code is 4xx          | what the table says of that 4xx                    |
    | any other 2xx                                | uncertain                                          |
    | 409                                          | deferred where the server dedupes, else uncertain  |
    """
    rows, outcome = _opened(options, reply, at)
    if outcome is not None:
        return outcome
    request_id, token = _first(rows, "service_request_id"), _first(rows, "token")
    if request_id is None and token is not None:
        return _delivered(reply, {"token": token}, None)
    return _with_id(options, reply, rows, request_id, at)


def read_token(options: Options, reply: Reply, token: str, at: datetime) -> Outcome:
    """The outcome of GET /tokens/{token}: the request's id, or none yet."""
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    rows = rows_of(options.format, reply.body)
    request_id = _first(rows, "service_request_id")
    if request_id is None and _first(rows, "token") == token:
        kind, wait = OutcomeKind.DEFERRED, options.token_delay
        return Outcome(kind=kind, reason="token_pending", status=reply.status, retry_after=wait)
    return _with_id(options, reply, rows, request_id, at)


def read_update(options: Options, reply: Reply, at: datetime) -> Outcome:
    """The outcome of POST /servicerequestupdates: as a request's, with the id of the update."""
    rows, outcome = _opened(options, reply, at)
    if outcome is not None:
        return outcome
    update_id = _first(rows, "update_id")
    if update_id is None:
        return _without(reply, rows)
    receipt = Receipt(reference=update_id, received_at=at)
    return _delivered(reply, {"update_id": update_id}, receipt)


def rows_of(format_: Literal["json", "xml"], body: bytes) -> list[Row]:
    """The rows of a list, with the texts and numbers that each holds; none for what cannot be read."""
    if format_ == "xml":
        root = parsed(body)
        return [] if root is None else [fields_of(child) for child in root]
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    rows = answer if isinstance(answer, list) else [answer]
    return [{name: _text(value) for name, value in row.items()} for row in rows if isinstance(row, dict)]


def _opened(options: Options, reply: Reply, at: datetime) -> tuple[list[Row], Outcome | None]:
    """The rows of an answer that may be an acceptance, or the outcome of one that is none. The entry's rules first."""
    ruled = ruling(options.answers, reply)
    if ruled is not None and ruled.kind is OutcomeKind.DELIVERED:
        return rows_of(options.format, reply.body), None
    if ruled is not None:
        wait = retry_after(reply.headers, at)
        return [], Outcome(kind=ruled.kind, reason=ruled.reason, status=reply.status, retry_after=wait)
    if reply.fault is None and reply.status == 409 and options.repeat is Repeat.NEITHER:
        return [], Outcome(kind=OutcomeKind.UNCERTAIN, reason="conflict", status=409)
    outcome = classify(reply, at)
    return ([], outcome) if outcome is not None else (rows_of(options.format, reply.body), None)


def _with_id(options: Options, reply: Reply, rows: list[Row], request_id: str | None, at: datetime) -> Outcome:
    if request_id is None:
        return _without(reply, rows)
    page = options.public_url.replace("{service_request_id}", request_id) if options.public_url else None
    receipt = Receipt(reference=request_id, received_at=at, public_url=page)
    return _delivered(reply, {"service_request_id": request_id}, receipt)


def _without(reply: Reply, rows: list[Row]) -> Outcome:
    """Some servers answer 200 with the list of errors. A 4xx there is believed, for there is no id beside it."""
    code = next((row["code"] for row in rows if re.fullmatch(r"4[0-9]{2}", row.get("code", ""))), None)
    if code is None or code in ("409", "410"):
        return Outcome(kind=OutcomeKind.UNCERTAIN, reason="no_reference", status=reply.status)
    meant = classify(Reply(status=int(code)))
    kind = OutcomeKind.UNCERTAIN if meant is None else meant.kind
    return Outcome(kind=kind, reason=f"error_{code}_in_{reply.status}", status=reply.status)


def _delivered(reply: Reply, yields: dict[str, Json], receipt: Receipt | None) -> Outcome:
    reason = f"http_{reply.status}"
    return Outcome(kind=OutcomeKind.DELIVERED, reason=reason, status=reply.status, yields=yields, receipt=receipt)


def _first(rows: list[Row], name: str) -> str | None:
    """The first that can be an id."""
    values = (row.get(name, "") for row in rows)
    return next((value for value in values if 0 < len(value) <= _LIMIT and value.isprintable()), None)


def _text(value: Json) -> str:
    """Servers write ids as numbers or as texts."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
