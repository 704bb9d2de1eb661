"""What became of a complaint: calls 4 and 5 read into events, their templates filled in with the reply's own data.

The status is asked first, then the follow-ups, page by page. LAPOR!'s times are local and have no zone: they are
Jakarta's (`d-m-Y H:i:s`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.contract import Reply
from adapters.destinations.sp4n.loose import as_identity, as_list, as_object, parsed, plain_text
from adapters.destinations.sp4n.options import Options
from adapters.destinations.sp4n.plan import COMPLAINT
from adapters.http import classify
from adapters.status import Heard, Inquiry, WatchedCase
from schemas.base import Json
from schemas.handoff import Outcome, OutcomeKind
from schemas.status import STATUS_NAME_LIMIT, CaseEvent, EventKind, status_of
from schemas.vocabulary import CaseStatus

STATUS, FOLLOWUPS = "status", "followups"

_JAKARTA = ZoneInfo("Asia/Jakarta")
_FORMATS = ("%d-%m-%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y")
_BLANK = re.compile(r"\{\{\s*(\w+?)(?:_link)?\s*\}\}")
_NAMED = ("institution_from", "institution_to", "status_old", "status_new")


def complaint_id_of(case: WatchedCase) -> str | None:
    """The complaint's id: as call 2 yielded it, or as a person found it out."""
    return as_identity(case.progress.get(COMPLAINT, {}).get("complaint_id")) or as_identity(case.reference)


def hear_status(case: WatchedCase, reply: Reply, at: datetime) -> Heard:
    """Call 4: every line of the log, and the status if no line tells that it changed."""
    data, failure = _data(reply, at, "status_name")
    if failure is not None:
        return Heard(failure=failure)
    results = as_object(as_object(parsed(reply.body)).get("results"))
    events = _log_events(as_list(results.get("data_logs")), as_list(data.get("status_logs")))
    name = _name(data.get("status_name"))
    place = dict(case.place)
    told = next((event.status_name for event in reversed(_in_order(events)) if event.status_name), None)
    if name is not None and name not in (told, place.get("status")):
        place["turns"] = _count(place.get("turns")) + 1
        events.append(_status_event(f"status:{place['turns']}:{name}"[:255], name, "", _latest(events)))
    place |= {"status": name, "seen": None, "names": _names([data, *as_list(results.get("data_logs"))])}
    return Heard(tuple(events), place, Inquiry(FOLLOWUPS, _count(place.get("page")) or 1))


def hear_followups(options: Options, case: WatchedCase, inquiry: Inquiry, reply: Reply, at: datetime) -> Heard:
    """One page of call 5. Our own follow-ups, which begin with the tracking code, are nobody's answer.

    A list whose oldest entry comes first is read on from its last page the next time; one whose newest comes first is
    read from its first page until one that holds nothing new. A list that has no pages repeats itself, which ends it.
    """
    rows, failure = _rows(reply, at)
    if failure is not None:
        return Heard(failure=failure)
    keys = _keys(rows)
    events = tuple(
        event for key, row in zip(keys, rows, strict=True) if (event := _followup_event(options, case, key, row))
    )
    place, times = dict(case.place), [moment(row.get("created_at")) for row in rows]
    known, place["seen"] = place.get("seen"), keys[:1] + keys[-1:]
    newest_first = len(times) > 1 and times[0] is not None and times[-1] is not None and times[0] > times[-1]
    place["page"] = 1 if newest_first else inquiry.page
    place["newest_now"] = _later(place.get("newest_now"), times)
    is_old = newest_first and times[-1] is not None and times[-1].isoformat() < str(place.get("newest") or "")
    if len(rows) < options.followups_page_size or is_old or place["seen"] == known:
        return Heard(events, {**place, "newest": place.pop("newest_now")})
    return Heard(events, place, Inquiry(FOLLOWUPS, inquiry.page + 1))


def moment(value: Any) -> datetime | None:
    """A time as LAPOR! writes it, in Jakarta's zone unless it names one; None for anything else."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=_JAKARTA)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=_JAKARTA)


def rendered(template: str, data: Mapping[str, Any]) -> str:
    """A text with its blanks filled in from the reply; what the reply does not tell is left out."""

    def value(found: re.Match[str]) -> str:
        known = data.get(found[1])
        return " ".join(known.split()) if isinstance(known, str) else ""

    return _BLANK.sub(value, template)


def _log_events(named: Sequence[Any], plain: Sequence[Any]) -> list[CaseEvent]:
    """The lines of both lists, each once; `data_logs` has the names that its templates want."""
    events, seen = [], Counter[str]()
    rows = [as_object(row) for row in (*named, *plain)]
    lines = [(*_line(row), row) for row in rows]
    in_named = Counter((note, stamp) for note, stamp, _ in lines[: len(named)])
    for place, (note, stamp, row) in enumerate(lines):
        if not note or (place >= len(named) and in_named[note, stamp] > 0):
            continue
        key = _digest("log", stamp, note)
        seen[key] += 1
        events.append(_log_event(f"{key}:{seen[key]}", note, stamp, row))
    return events


def _line(row: Mapping[str, Any]) -> tuple[str, str]:
    note, stamp = row.get("note"), row.get("timestamp") or row.get("created_at")
    return (note if isinstance(note, str) else "", stamp if isinstance(stamp, str) else "")


def _log_event(key: str, note: str, stamp: str, row: Mapping[str, Any]) -> CaseEvent:
    text, happened_at = rendered(note, {name: row.get(name) for name in _NAMED}), moment(stamp)
    name = _name(row.get("status_new"))
    if name is not None:
        return _status_event(key, name, text, happened_at)
    return CaseEvent(key=key, kind=EventKind.LOG, text=text, happened_at=happened_at)


def _status_event(key: str, name: str, text: str, happened_at: datetime | None) -> CaseEvent:
    waits = status_of(name) is CaseStatus.WAITING_FOR_REPORTER
    kind = EventKind.QUESTION if waits else EventKind.STATUS
    return CaseEvent(key=key, kind=kind, status_name=name, text=text, happened_at=happened_at)


def _followup_event(options: Options, case: WatchedCase, key: str, row: Mapping[str, Any]) -> CaseEvent | None:
    text = row.get(options.followup_text_field)
    if not isinstance(text, str) or plain_text(text).startswith(case.tracking_code):
        return None
    names = as_object(case.place.get("names"))
    known = {side: row.get(side) or names.get(str(row.get(f"{side}_id"))) for side in _NAMED}
    return CaseEvent(
        key=key, kind=EventKind.ANSWER, text=rendered(text, known), happened_at=moment(row.get("created_at"))
    )


def _names(rows: Sequence[Any]) -> dict[str, str]:
    """The names of institutions by their ids, as far as rows tell both: call 5 tells only the ids."""
    return {
        identity: row[side]
        for row in map(as_object, rows)
        for side in ("disposition_name", "institution_from", "institution_to")
        if (identity := as_identity(row.get(side.removesuffix("_name") + "_id"))) and isinstance(row.get(side), str)
    }


def _keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    keys, seen = [], Counter[str]()
    for row in rows:
        number = as_identity(row.get("id"))
        told = [str(row.get(name)) for name in ("created_at", "institution_from_id", "user_id", "content")]
        key = f"followup:{number}" if number else _digest("followup", *told)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}:{seen[key]}")
    return keys


def _later(known: Json, times: Sequence[datetime | None]) -> str | None:
    """The latest of all, as text: times of one zone sort as their texts do."""
    told = [time.isoformat() for time in times if time is not None]
    return max([*told, *([known] if isinstance(known, str) else [])], default=None)


def _data(reply: Reply, at: datetime, wanted: str) -> tuple[dict[str, Any], Outcome | None]:
    failure = classify(reply, at)
    data = as_object(as_object(as_object(parsed(reply.body)).get("results")).get("data"))
    if failure is None and wanted not in data:
        failure = Outcome(kind=OutcomeKind.REFUSED, reason="unreadable", status=reply.status or None)
    return data, failure


def _rows(reply: Reply, at: datetime) -> tuple[list[dict[str, Any]], Outcome | None]:
    failure = classify(reply, at)
    rows = as_object(as_object(parsed(reply.body)).get("results")).get("data")
    if failure is None and not isinstance(rows, list):
        failure = Outcome(kind=OutcomeKind.REFUSED, reason="unreadable", status=reply.status or None)
    return [as_object(row) for row in as_list(rows)], failure


def _in_order(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """By time as far as it is told; lines of one second stay in the order of the list."""
    return sorted(events, key=lambda event: event.happened_at.timestamp() if event.happened_at else 0.0)


def _latest(events: Sequence[CaseEvent]) -> datetime | None:
    return max((event.happened_at for event in events if event.happened_at), default=None)


def _name(value: Any) -> str | None:
    return " ".join(value.split())[:STATUS_NAME_LIMIT] or None if isinstance(value, str) else None


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return f"{parts[0]}:{hashlib.sha256(joined).hexdigest()[:32]}"
