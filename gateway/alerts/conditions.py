"""Which conditions of the installation somebody should know about, decided from what was seen at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import NamedTuple

from schemas.base import Json


class Kind(StrEnum):
    """What is wrong."""

    DESTINATION_DOWN = "destination_down"
    """A worker's breaker of a destination is not closed: it fails or does not answer."""
    BACKLOG_OLD = "backlog_old"
    """Handoffs are due and nobody takes them in hand."""
    PARKED_GROWTH = "parked_growth"
    """Many handoffs were parked of late."""
    CLOCK_BROKEN = "clock_broken"
    """A deadline of the law ran out within the last day."""
    CLOCK_APPROACHING = "clock_approaching"
    """A deadline of the law is near."""
    NOT_DELIVERED = "not_delivered"
    """Reports were not taken in time by a destination, and their channel was told so."""
    JOURNAL_BROKEN = "journal_broken"
    """The last verification of the journal found something that does not fit."""
    JOURNAL_UNVERIFIED = "journal_unverified"
    """Nobody verified the journal for too long."""
    JOURNAL_UNSIGNED = "journal_unsigned"
    """Records wait for their signature for too long."""
    LEDGER_WENT_BACK = "ledger_went_back"
    """The ledger is older than what was seen of it, and nothing is sent until somebody says that it was put back."""
    DISK = "disk"
    """Little space is left where attachments or keys lie."""
    CERTIFICATE = "certificate"
    """Our client certificate for a destination runs out soon, or has."""


GRAVE = frozenset(
    {
        Kind.DESTINATION_DOWN,
        Kind.CLOCK_BROKEN,
        Kind.JOURNAL_BROKEN,
        Kind.DISK,
        Kind.BACKLOG_OLD,
        Kind.NOT_DELIVERED,
        Kind.LEDGER_WENT_BACK,
    }
)
"""What somebody is woken up for; the rest can wait for the morning."""


class Condition(NamedTuple):
    """Something that is so now. `subject` is a destination, a folder, or `-`; `detail` are its figures."""

    kind: Kind
    subject: str
    detail: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on it matters. Times in seconds, free space in bytes, certificates in days."""

    backlog: float = 900.0
    parked: int = 20
    free: int = 1024**3
    certificate_days: int = 14
    unsigned: float = 600.0
    unverified: float = 0.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen at one moment, by destination where it has one.

    `gates`: the worst state of any worker's gate. `late`: how many are due and since when the oldest. `parked` and
    `not_delivered`: how many of late. `clocks`: how many by destination and state. `verified`: when, and whether whole.
    `held_since`: since when everything is held because the ledger went back.
    """

    at: datetime
    gates: Mapping[str, str] = field(default_factory=dict)
    late: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)
    parked: Mapping[str, int] = field(default_factory=dict)
    not_delivered: Mapping[str, int] = field(default_factory=dict)
    clocks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    verified: tuple[datetime, bool] | None = None
    unsigned_since: datetime | None = None
    held_since: datetime | None = None
    free: Mapping[str, int] = field(default_factory=dict)
    certificates: Mapping[str, datetime] = field(default_factory=dict)


NO_SUBJECT = "-"
_WIB = timezone(timedelta(hours=7), "WIB")
_FAILING = ("breaker open", "breaker half-open")
_CLOCKS = {"broken": Kind.CLOCK_BROKEN, "approaching": Kind.CLOCK_APPROACHING}


def conditions(sight: Sight, limits: Limits) -> list[Condition]:
    """Every condition that holds."""
    return [
        *_of_deliveries(sight, limits),
        *_of_the_law(sight),
        *_of_the_journal(sight, limits),
        *_of_the_ledger(sight),
        *_of_means(sight, limits),
    ]


def _of_deliveries(sight: Sight, limits: Limits) -> Iterator[Condition]:
    for name, state in sight.gates.items():
        if state in _FAILING:
            yield Condition(Kind.DESTINATION_DOWN, name, {"gate": state})
    for name, (count, oldest) in sight.late.items():
        seconds = (sight.at - oldest).total_seconds()
        if seconds >= limits.backlog:
            yield Condition(Kind.BACKLOG_OLD, name, {"count": count, "minutes": int(seconds // 60)})
    for name, count in sight.parked.items():
        if count >= limits.parked:
            yield Condition(Kind.PARKED_GROWTH, name, {"count": count})
    for name, count in sight.not_delivered.items():
        yield Condition(Kind.NOT_DELIVERED, name, {"count": count})


def _of_the_law(sight: Sight) -> Iterator[Condition]:
    for (name, state), count in sight.clocks.items():
        yield Condition(_CLOCKS[state], name, {"count": count})


def _of_the_journal(sight: Sight, limits: Limits) -> Iterator[Condition]:
    if sight.verified is not None and not sight.verified[1]:
        yield Condition(Kind.JOURNAL_BROKEN, NO_SUBJECT, {"verified_at": sight.verified[0].isoformat()})
    if limits.unverified and sight.verified is not None:
        since = (sight.at - sight.verified[0]).total_seconds()
        if since >= limits.unverified:
            yield Condition(Kind.JOURNAL_UNVERIFIED, NO_SUBJECT, {"hours": int(since // 3600)})
    if sight.unsigned_since is not None:
        waited = (sight.at - sight.unsigned_since).total_seconds()
        if waited >= limits.unsigned:
            yield Condition(Kind.JOURNAL_UNSIGNED, NO_SUBJECT, {"minutes": int(waited // 60)})


def _of_the_ledger(sight: Sight) -> Iterator[Condition]:
    if sight.held_since is not None:
        yield Condition(Kind.LEDGER_WENT_BACK, NO_SUBJECT, {"since": sight.held_since.isoformat()})


def _of_means(sight: Sight, limits: Limits) -> Iterator[Condition]:
    for folder, free in sight.free.items():
        if free < limits.free:
            yield Condition(Kind.DISK, folder, {"free_mib": free // 1024**2})
    for name, expiry in sight.certificates.items():
        left = expiry - sight.at
        if left <= timedelta(days=limits.certificate_days):
            yield Condition(
                Kind.CERTIFICATE, name, {"until": expiry.astimezone(_WIB).date().isoformat(), "days": left.days}
            )
