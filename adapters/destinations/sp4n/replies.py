"""What the national system's answers mean, for whatever bytes come. The rules stand in README.md, one table a call.

Everything that is no whole 2xx is read by the one table of `adapters.http`, with the exceptions in `OVERRULED`.
"""

from __future__ import annotations

from datetime import datetime

from adapters.contract import Case, Reply
from adapters.destinations.sp4n.bodies import complaint_fields, pass_on_fields
from adapters.destinations.sp4n.loose import (
    UNREADABLE,
    as_identity,
    as_list,
    as_number,
    as_object,
    names_fields,
    parsed,
    plain_text,
    states_error,
)
from adapters.destinations.sp4n.options import Options
from adapters.destinations.sp4n.plan import COMPLAINT, FILES, FIND, PASS_ON, complaint_of, head_of, target_of
from adapters.http import classify
from schemas.base import Json
from schemas.handoff import HandoffKind, Outcome, OutcomeKind, Receipt

DELIVERED, DEFERRED = OutcomeKind.DELIVERED, OutcomeKind.DEFERRED
REFUSED, UNCERTAIN = OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN

OVERRULED: dict[tuple[str, int], str] = {
    (COMPLAINT, 409): "conflict",  # a complaint like it is there: perhaps ours, of an earlier try
    (PASS_ON, 403): "no_authority",  # no longer ours to pass on: perhaps because we did; the look-up tells
    (PASS_ON, 409): "no_authority",
    (PASS_ON, 422): "no_authority",  # unless it names a field that we sent: then it is about the request
}
"""Statuses that are uncertain at one step, whatever the common table says."""


def read_reply(options: Options, case: Case, step: str, reply: Reply, at: datetime) -> Outcome:
    """What the reply to a step means."""
    if step == FILES and not case.files and reply.fault is None:
        return _outcome(DELIVERED, "no_files", reply, yields={"ids": []})
    common = _read_common(options, case, step, reply, at)
    if common is not None:
        return common
    if step == FILES:
        return read_files(reply, len(case.files))
    if step == COMPLAINT:
        return read_complaint(options, case, reply, at)
    if step == PASS_ON:
        target = target_of(options, case) or str(options.institution_id)
        return _read_plain(reply, {"institution": target}, _receipt(options, case, at, institution=target))
    if step == FIND + PASS_ON:
        return read_disposition(options, case, reply, at)
    if step.startswith(FIND):
        return read_followups(options, reply, head_of(case, step), _receipt(options, case, at))
    return _read_plain(reply, {}, _receipt(options, case, at))


def _read_common(options: Options, case: Case, step: str, reply: Reply, at: datetime) -> Outcome | None:
    """The outcome of whatever is no whole 2xx."""
    outcome = classify(reply, at)
    if outcome is None or reply.fault is not None:
        return outcome
    reason = OVERRULED.get((step, reply.status))
    if reason is None or (reply.status == 422 and _is_about_request(options, case, step, reply)):
        return outcome
    return Outcome(kind=UNCERTAIN, reason=reason, status=reply.status)


def read_files(reply: Reply, expected: int) -> Outcome:
    """Call 1: the ids of both lists, as many as there were files."""
    body = as_object(parsed(reply.body))
    results = as_object(body.get("results"))
    ids = [as_number(as_object(row).get("id")) for kind in ("images", "docs") for row in as_list(results.get(kind))]
    if None not in ids and len(ids) == expected:
        return _outcome(DELIVERED, "uploaded", reply, yields={"ids": ids})
    if states_error(body):
        return _outcome(REFUSED, "files_refused", reply)
    return _outcome(UNCERTAIN, "file_count", reply)


def read_complaint(options: Options, case: Case, reply: Reply, at: datetime) -> Outcome:
    """Call 2: nothing but an id proves the complaint, and hardly anything proves that there is none."""
    body = as_object(parsed(reply.body))
    complaint = as_object(as_object(body.get("results")).get("complaint"))
    complaint_id = as_identity(body.get("complaint_id")) or as_identity(complaint.get("id"))
    if complaint_id is not None:
        tracking_id = as_identity(body.get("tracking_id")) or as_identity(complaint.get("tracking_id"))
        yields = {"complaint_id": complaint_id} | ({"tracking_id": tracking_id} if tracking_id else {})
        return _outcome(DELIVERED, "created", reply, yields=yields, receipt=_complaint_receipt(options, yields, at))
    if _is_about_request(options, case, COMPLAINT, reply):
        return _outcome(REFUSED, "invalid_fields", reply)
    return _outcome(UNCERTAIN, "error_without_id" if states_error(body) else "no_reference", reply)


def read_disposition(options: Options, case: Case, reply: Reply, at: datetime) -> Outcome:
    """Call 4, to learn whether call 3 was done: it was when the complaint lies with anybody but us."""
    data = as_object(as_object(as_object(parsed(reply.body)).get("results")).get("data"))
    disposition = as_identity(data.get("disposition_id"))
    if disposition is None:
        return _outcome(DEFERRED, "no_disposition", reply)
    if disposition == str(options.institution_id):
        return _outcome(REFUSED, "not_found", reply)
    receipt = _receipt(options, case, at, institution=disposition)
    return _outcome(DELIVERED, "passed_on", reply, yields={"institution": disposition}, receipt=receipt)


def read_followups(options: Options, reply: Reply, head: str, receipt: Receipt) -> Outcome:
    """Call 5, to learn whether call 6 was done: one of the texts begins with our head.

    `not_found` only when the list is whole and shows the text of every follow-up; otherwise nothing is known.
    """
    results = as_object(as_object(parsed(reply.body)).get("results"))
    rows = results.get("data")
    if not isinstance(rows, list):
        return _outcome(DEFERRED, "no_list", reply)
    texts = [as_object(row).get(options.followup_text_field) for row in rows]
    if any(isinstance(text, str) and plain_text(text).startswith(head) for text in texts):
        return _outcome(DELIVERED, "found", reply, receipt=receipt)
    total = as_number(results.get("total"))
    if (total is not None and total > len(rows)) or not all(isinstance(text, str) for text in texts):
        return _outcome(DEFERRED, "list_not_whole", reply)
    return _outcome(REFUSED, "not_found", reply)


def _receipt(options: Options, case: Case, at: datetime, **extra: Json) -> Receipt:
    """The proof of a step after the complaint. LAPOR! gives a later message no number of its own, so far."""
    complaint = complaint_of(case)
    if case.kind is HandoffKind.REPORT:
        return _complaint_receipt(options, complaint, at, **extra)
    return Receipt(received_at=at, extra={"complaint_id": complaint.get("complaint_id"), **extra})


def _complaint_receipt(options: Options, complaint: dict[str, Json], at: datetime, **extra: Json) -> Receipt:
    tracking_id = complaint.get("tracking_id")
    page = options.public_url.replace("{tracking_id}", tracking_id) if options.public_url and tracking_id else None
    return Receipt(reference=complaint.get("complaint_id"), received_at=at, public_url=page, extra=extra)


def _is_about_request(options: Options, case: Case, step: str, reply: Reply) -> bool:
    """Whether the answer turns away fields that we sent, and nothing else."""
    sent = pass_on_fields(options, "") if step == PASS_ON else complaint_fields(options, case, "", [])
    return names_fields(as_object(parsed(reply.body)), sent)


def _read_plain(reply: Reply, yields: dict[str, Json], receipt: Receipt) -> Outcome:
    """Calls 3 and 6: any 2xx that does not say the opposite. A page in HTML is likelier a login form than an answer."""
    if reply.body.strip():
        body = parsed(reply.body)
        if body is UNREADABLE:
            return _outcome(UNCERTAIN, "unreadable", reply)
        if states_error(as_object(body)):
            return _outcome(UNCERTAIN, "error_in_answer", reply)
    return _outcome(DELIVERED, "acknowledged", reply, yields=yields, receipt=receipt)


def _outcome(
    kind: OutcomeKind,
    reason: str,
    reply: Reply,
    *,
    yields: dict[str, Json] | None = None,
    receipt: Receipt | None = None,
) -> Outcome:
    return Outcome(kind=kind, reason=reason, status=reply.status or None, yields=yields or {}, receipt=receipt)
