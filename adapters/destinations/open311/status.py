"""What became of a service request: GET /requests/{id} and FixMyStreet's updates read into events.

https://wiki.open311.org/GeoReport_v2/ · https://wiki.open311.org/GeoReport_v2/Service_Request_Updates/
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.contract import Reply
from adapters.destinations.open311.options import Options
from adapters.destinations.open311.reading import Row, rows_of
from adapters.http import classify
from adapters.status import Heard, Inquiry, WatchedCase
from schemas.handoff import Outcome, OutcomeKind
from schemas.status import STATUS_NAME_LIMIT, CaseEvent, EventKind
from schemas.vocabulary import CaseStatus

REQUEST, UPDATES = "request", "updates"

NOT_OURS = "not_councils_responsibility"
MEANINGS: Mapping[str, CaseStatus] = {
    "open": CaseStatus.UNVERIFIED,
    "acknowledged": CaseStatus.VERIFIED,
    "confirmed": CaseStatus.VERIFIED,
    "investigating": CaseStatus.IN_PROCESS,
    "planned": CaseStatus.IN_PROCESS,
    "in_progress": CaseStatus.IN_PROCESS,
    "action_scheduled": CaseStatus.IN_PROCESS,
    "closed": CaseStatus.DONE,
    "fixed": CaseStatus.DONE,
    "completed": CaseStatus.DONE,
    "no_further_action": CaseStatus.CLOSED_BY_ADMIN,
    "duplicate": CaseStatus.CLOSED_BY_ADMIN,
}
"""GeoReport's two words and FixMyStreet's; the options add a server's own. Others are kept as they come."""

_GONE = (404, 410)
_REMEMBERED = 1000
_ABOUT_US = 400
"""So many characters of an update are searched for our tracking code."""


def first_inquiry(options: Options, case: WatchedCase) -> Inquiry | None:
    """The updates where there are any, since they tell more; None for a request whose number is not known."""
    if request_id_of(case) is None:
        return None
    return Inquiry(UPDATES if options.updates else REQUEST)


def request_id_of(case: WatchedCase) -> str | None:
    """The number of the request: from its answer, from its token, or as a person found it out."""
    told = (yields.get("service_request_id") for yields in case.progress.values())
    return next((each for each in told if isinstance(each, str) and each), case.reference)


def hear_updates(options: Options, case: WatchedCase, reply: Reply, at: datetime) -> Heard:
    """Every update of this request, oldest first. Our own, which name our tracking code, are nobody's answer.

    A server without the list answers 404; then the request itself tells.
    """
    failure = classify(reply, at)
    if reply.fault is None and reply.status in _GONE:
        return Heard(place=case.place, following=Inquiry(REQUEST))
    if failure is not None:
        return Heard(failure=failure)
    number, place = request_id_of(case), dict(case.place)
    rows = [row for row in rows_of(options.format, reply.body) if row.get("service_request_id", number) == number]
    rows.sort(key=lambda row: _seconds(row.get("updated_datetime", "")))
    heard = place.get("heard")
    known = [str(key) for key in heard] if isinstance(heard, list) else []
    events = []
    for row in rows:
        key, name = _key(row), status_name(options, row.get("status", ""))
        if key in known or _is_ours(case, row):
            continue
        kind = _kind(row, name, is_news=name is not None and name != place.get("status"))
        events.append(_event(key, kind, name, row.get("description", ""), row.get("updated_datetime", "")))
        place |= {"status": name or place.get("status"), "notes": row.get("description", "")}
        known.append(key)
    return Heard(tuple(events), place | {"heard": known[-_REMEMBERED:]}, Inquiry(REQUEST))


def hear_request(options: Options, case: WatchedCase, reply: Reply, at: datetime) -> Heard:
    """The request: its status and notes, if they are not what was last told."""
    failure = classify(reply, at)
    if reply.fault is None and reply.status in _GONE:  # of this request alone: others can be asked about
        failure = Outcome(kind=OutcomeKind.REFUSED, reason="not_found", status=reply.status)
    if failure is not None:
        return Heard(failure=failure)
    number = request_id_of(case)
    row = next((one for one in rows_of(options.format, reply.body) if one.get("service_request_id") == number), None)
    if row is None:
        return Heard(failure=Outcome(kind=OutcomeKind.REFUSED, reason="unreadable", status=reply.status))
    name, notes, place = status_name(options, row.get("status", "")), row.get("status_notes", ""), dict(case.place)
    kind = _kind(row, name, is_news=name is not None and name != place.get("status"))
    if kind is EventKind.ANSWER and (not notes or notes == place.get("notes")):
        return Heard((), place)
    turns = place.get("turns")
    place |= {"status": name, "notes": notes, "turns": turns + 1 if isinstance(turns, int) else 1}
    key = _digest("request", str(place["turns"]), name or "", notes)
    return Heard((_event(key, kind, name, notes, row.get("updated_datetime", "")),), place)


def status_name(options: Options, word: str) -> str | None:
    """What a server's word means in LAPOR!'s names, or the word itself; None where nothing is told."""
    plain = " ".join(word.split())[:STATUS_NAME_LIMIT]
    known = options.statuses.get(plain.casefold(), MEANINGS.get(plain.casefold().replace(" ", "_")))
    return str(known) if known is not None else plain or None


def moment(text: str) -> datetime | None:
    """A time with its zone, as GeoReport wants it; None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else None


def _key(row: Row) -> str:
    number = row.get("update_id", "")
    told = [row.get(name, "") for name in ("updated_datetime", "status", "description")]
    return f"update:{number}"[:255] if number else _digest("update", *told)


def _kind(row: Row, name: str | None, *, is_news: bool) -> EventKind:
    if row.get("status", "").casefold().replace(" ", "_") == NOT_OURS and is_news:
        return EventKind.NOT_OURS
    return EventKind.STATUS if is_news and name is not None else EventKind.ANSWER


def _event(key: str, kind: EventKind, name: str | None, text: str, at: str) -> CaseEvent:
    told = name if kind is not EventKind.ANSWER else None
    return CaseEvent(key=key, kind=kind, status_name=told, text=text, happened_at=moment(at))


def _is_ours(case: WatchedCase, row: Row) -> bool:
    return case.tracking_code in row.get("description", "")[:_ABOUT_US]


def _seconds(text: str) -> float:
    at = moment(text)
    return at.timestamp() if at else 0.0


def _digest(*parts: str) -> str:
    return f"{parts[0]}:{hashlib.sha256(_joined(parts)).hexdigest()[:32]}"


def _joined(parts: Sequence[str]) -> bytes:
    return "\0".join(parts).encode("utf-8", "surrogatepass")
