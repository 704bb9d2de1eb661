"""What the older interface's answers mean, for whatever bytes come."""

from __future__ import annotations

import re
from datetime import datetime

import orjson

from adapters.contract import Reply, Term
from adapters.destinations.lapor_xml.options import Options
from adapters.http import classify
from adapters.outbound.xml import parsed, texts
from schemas.handoff import Outcome, OutcomeKind, Receipt

_IDENTITY = re.compile(r"[!-~]{1,64}")


def read_stream(options: Options, reply: Reply, at: datetime) -> Outcome:
    """The outcome of a complaint: nothing but a tracking id proves it, and no answer is known that denies it.

    | answer                         | outcome                                            |
    |--------------------------------|----------------------------------------------------|
    | no whole 2xx                   | the table of `adapters.http`, but 409: uncertain   |
    | 2xx with `trackingid`          | delivered                                          |
    | any other 2xx                  | uncertain                                          |
    """
    if reply.fault is None and reply.status == 409:
        return Outcome(kind=OutcomeKind.UNCERTAIN, reason="conflict", status=409)
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    tracking_id, transaction = _identity(reply.body, "trackingid"), _identity(reply.body, "transaksiid")
    if tracking_id is None:
        return Outcome(kind=OutcomeKind.UNCERTAIN, reason="no_reference", status=reply.status)
    page = options.public_url.replace("{tracking_id}", tracking_id) if options.public_url else None
    extra = {"transaction_id": transaction} if transaction else {}
    return Outcome(
        kind=OutcomeKind.DELIVERED,
        reason=f"http_{reply.status}",
        status=reply.status,
        yields={"tracking_id": tracking_id} | extra,
        receipt=Receipt(reference=tracking_id, received_at=at, public_url=page, extra=extra),
    )


def read_topics(body: bytes) -> list[Term]:
    """The rows of `gettopics` that can be read: `[{id, parent, topic_name}]`, parent 0 is the root."""
    try:
        rows = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [
        Term("category", str(row["id"]), row["topic_name"].strip(), _parent(row.get("parent")))
        for row in found
        if _is_identity(row.get("id")) and isinstance(row.get("topic_name"), str) and row["topic_name"].strip()
    ]


def _identity(body: bytes, name: str) -> str | None:
    root = parsed(body)
    found = () if root is None else texts(root, name)
    return next((text for text in found if _IDENTITY.fullmatch(text)), None)


def _is_identity(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool) and bool(_IDENTITY.fullmatch(str(value)))


def _parent(value: object) -> str | None:
    return str(value) if _is_identity(value) and str(value) != "0" else None
