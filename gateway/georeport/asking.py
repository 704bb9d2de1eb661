"""What a client asks for: which requests, of which time, read from the query as GeoReport v2 lays it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gateway.georeport.services import load_services
from schemas.errors import Invalid, NotFound

LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1000
"""The specification's default limit: 90 days or the first 1000 requests, whichever is smaller."""

STATUSES = frozenset({"open", "closed"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests. `ids` override everything else; empty sets mean all. Both times are included."""

    since: datetime
    until: datetime
    ids: tuple[UUID, ...] | None = None
    categories: frozenset[int | None] = frozenset()
    statuses: frozenset[str] = frozenset()


def read_wanted(query: Mapping[str, str], now: datetime) -> Wanted:
    """The filter of GET requests. Raises Invalid, or NotFound for a `service_code` that is not in the list."""
    ids = _listed(query, "service_request_id")
    if ids:
        return Wanted(now, now, ids=read_ids(ids))
    since, until = read_span(query, now)
    statuses = frozenset(each.lower() for each in _listed(query, "status"))
    if statuses - STATUSES:
        raise Invalid("`status` may be open or closed")
    return Wanted(since, until, None, _categories(_listed(query, "service_code")), statuses)


def read_ids(given: tuple[str, ...]) -> tuple[UUID, ...]:
    """The ids that can be ours; what cannot is no request's id, which is not an error of a list."""
    if len(given) > MOST_REQUESTS:
        raise Invalid(f"ask for {MOST_REQUESTS} requests at a time at most")
    return tuple(found for each in given if (found := read_id(each)) is not None)


def read_id(given: str) -> UUID | None:
    """A `service_request_id`, or None for a text that never was one."""
    try:
        return UUID(given)
    except ValueError:
        return None


def read_span(query: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """`start_date` to `end_date`; one alone spans 90 days, none means the last 90 days. Raises Invalid."""
    start, end = _time(query, "start_date"), _time(query, "end_date")
    if start is not None and end is not None and not timedelta(0) <= end - start <= LONGEST_SPAN:
        raise Invalid("`start_date` to `end_date` may span 90 days at most; ask for one span after the other")
    if start is not None:
        return start, end or _moved(start, LONGEST_SPAN)
    until = end or now
    return _moved(until, -LONGEST_SPAN), until


def _moved(time: datetime, by: timedelta) -> datetime:
    try:
        return time + by
    except OverflowError:
        raise Invalid("the dates are outside of the calendar") from None


def _time(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text.replace(" ", "+"))  # a `+` that was not encoded arrives as a space
    except ValueError:
        time = None
    if time is None or time.tzinfo is None or time.utcoffset() is None:
        raise Invalid(f"`{name}` must be a time with its zone, such as 2026-01-31T08:00:00+07:00 or …Z")
    return time


def _listed(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for each in query.get(name, "").split(",") if (part := each.strip())))


def _categories(codes: tuple[str, ...]) -> frozenset[int | None]:
    services = load_services()
    unknown = [code for code in codes if code not in services]
    if unknown:
        raise NotFound("a `service_code` provided was not found; the codes are listed by GET services")
    return frozenset(services[code].category_id for code in codes)
