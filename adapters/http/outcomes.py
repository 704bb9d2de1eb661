"""What an answer, or the lack of one, means before its body is read: the one table from status or fault to outcome.

Deferred and refused claim that the request was surely not acted upon. Whatever does not allow that claim is uncertain.
Sources: RFC 9110 section 15 (statuses), section 10.2.3 (Retry-After); Cloudflare's 52x pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from adapters.contract import Reply
from schemas.handoff import Outcome, OutcomeKind

DEFERRED, REFUSED, UNCERTAIN = OutcomeKind.DEFERRED, OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN

RETRY_AFTER_LIMIT = 24 * 3600.0
"""Seconds; a destination that asks for more is asked again after this."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some statuses mean. Without a reason it is `http_` and the status."""

    statuses: Iterable[int]
    kind: OutcomeKind
    reason: str | None = None
    final: bool = False


TABLE = (
    # The first row that has the status decides.
    Meaning((301, 307, 308), DEFERRED, "redirect_refused"),  # the address is wrong; never followed: it may lead inside
    Meaning(range(300, 400), UNCERTAIN),  # "see other" is how many servers answer what they have just taken
    Meaning((401, 403, 404, 405, 407), DEFERRED),  # credentials or address are wrong, which the operator mends
    Meaning((408, 421, 423, 425, 429), DEFERRED),  # not now, says the server
    Meaning((409,), DEFERRED, "conflict"),  # adapters that know what it conflicts with override this
    Meaning((410,), REFUSED, final=True),  # gone for good
    Meaning(range(400, 500), REFUSED),  # this request will never do
    Meaning((521, 522, 523), DEFERRED),  # the proxy says that it could not reach the server
    Meaning((503,), DEFERRED),  # not taken, if it comes with a Retry-After: see UNSURE_WITHOUT_RETRY_AFTER
    Meaning(range(500, 600), UNCERTAIN),  # it broke while working, or a proxy lost it: it may have been done
)
"""Statuses that are not here are 2xx, which the adapter reads, or no statuses at all: uncertain."""

UNSURE_WITHOUT_RETRY_AFTER = frozenset({503})
"""Says "not now" only with a Retry-After. Without one, proxies also send it when they lost the server half-way."""

_BY_STATUS: dict[int, Meaning] = {status: row for row in reversed(TABLE) for status in row.statuses}
_UNKNOWN = Meaning((), UNCERTAIN)


def classify(reply: Reply, at: datetime | None = None) -> Outcome | None:
    """The outcome of whatever is not a whole 2xx; None for that, because only the adapter can read it.

    `at` is when the reply came; it is needed only for a Retry-After that is a date, from a server that sends no Date.
    """
    if reply.fault is not None:
        return Outcome(kind=UNCERTAIN if reply.fault.sent else DEFERRED, reason=reply.fault.reason)
    if 200 <= reply.status < 300:
        if reply.truncated:
            return Outcome(kind=UNCERTAIN, reason="truncated", status=reply.status)
        return None
    meaning, wait = _BY_STATUS.get(reply.status, _UNKNOWN), retry_after(reply.headers, at)
    unsure = wait is None and reply.status in UNSURE_WITHOUT_RETRY_AFTER
    return Outcome(
        kind=UNCERTAIN if unsure else meaning.kind,
        reason=meaning.reason or f"http_{reply.status}",
        status=reply.status or None,
        retry_after=wait,
        final=meaning.final,
    )


def retry_after(headers: Mapping[str, str], at: datetime | None = None) -> float | None:
    """The seconds that a Retry-After asks for, 0 to a day; None without one that can be read.

    A date counts from the server's own Date where it sends one, so that its clock may be wrong.
    """
    wish = headers.get("retry-after", "").strip()
    if not wish:
        return None
    if re.fullmatch(r"[0-9]+", wish):
        return min(float(wish[:12]), RETRY_AFTER_LIMIT)
    until, since = _http_date(wish), _http_date(headers.get("date", "")) or at
    if until is None or since is None:
        return None
    return min(max((until - since).total_seconds(), 0.0), RETRY_AFTER_LIMIT)


def _http_date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
