"""Invented ledgers for the delivery log, and what a filter lets through of them, told without the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert

from gateway.ledger.log_filter import LogFilter
from gateway.ledger.tables import attempts, handoffs, reports, results
from schemas.handoff import HandoffState, OutcomeKind
from schemas.ids import uuid7

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
DESTINATIONS, CHANNELS = ("sp4n", "kemenkes", "pupr"), ("whatsapp-kota", "sms-1708", "desk")
REASONS = ("http_201", "http_422", "http_42", "read_timeout")
SOURCES = ("reply", "late", "reaper", "operator")
TABLES = (results, attempts, handoffs, reports)


@dataclass
class LogRows:
    """Reports, their handoffs, the attempts and what came of them. Of some attempts the channel is not filled in."""

    chance: Random
    reasons: tuple[str, ...] = REASONS
    reports: list[dict[str, Any]] = field(default_factory=list)
    handoffs: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    results: dict[UUID, list[dict[str, Any]]] = field(default_factory=dict)

    def ident(self) -> UUID:
        """An id of some moment within ten days."""
        at = BEGAN + timedelta(seconds=self.chance.randrange(864_000))
        return uuid7(at, self.chance.randbytes(10))

    def add_report(self) -> None:
        """Another report with all that belongs to it."""
        identity, channel = self.ident(), self.chance.choice(CHANNELS)
        self.reports.append(
            {
                "id": identity, "tracking_code": f"LPR{len(self.reports):011}", "channel": channel,
                "received_at": BEGAN, "last_message_at": BEGAN, "messages": 1, "classification": "aspirasi",
                "is_anonymous": False, "is_secret": False, "is_priority": False, "verdict": "accept", "decision": {},
                "sealed_report": b"sealed",
            }
        )  # fmt: skip
        for destination in self.chance.sample(DESTINATIONS, self.chance.randint(1, 2)):
            self._add_handoff(identity, channel, destination)

    def _add_handoff(self, report_id: UUID, channel: str, destination: str) -> None:
        identity, state = self.ident(), self.chance.choice(list(HandoffState))
        is_pending = state is HandoffState.PENDING
        self.handoffs[identity] = {
            "id": identity, "report_id": report_id, "channel": channel, "destination": destination, "kind": "report",
            "first_sequence": 0, "last_sequence": 0, "parameters": {}, "state": state.value, "progress": {},
            "released": False, "tries": 0, "step_tries": 0, "priority": 1, "clock_from": BEGAN, "created_at": BEGAN,
            "updated_at": BEGAN, "owner": self.chance.choice([None, UUID(int=5)]) if is_pending else None,
            "rung_at": self.chance.choice([None, BEGAN]) if is_pending else None,
        }  # fmt: skip
        for number in range(self.chance.randrange(4)):
            self._add_attempt(identity, report_id, channel, destination, number)

    def _add_attempt(self, handoff_id: UUID, report_id: UUID, channel: str, destination: str, number: int) -> None:
        identity = self.ident()
        self.attempts.append(
            {
                "id": identity, "handoff_id": handoff_id, "report_id": report_id, "destination": destination,
                "step": "create", "number": number, "started_at": BEGAN, "worker": UUID(int=5), "request": bytes(32),
                "leaf": bytes(32), "channel": self.chance.choice([None, channel, channel]),
            }
        )  # fmt: skip
        self.results[identity] = [
            {
                "attempt_id": identity, "source": source, "ended_at": BEGAN,
                "outcome": self.chance.choice(list(OutcomeKind)).value, "reason": self.chance.choice(self.reasons),
                "leaf": bytes(32),
            }
            for source in self.chance.sample(SOURCES, self.chance.randrange(4))
        ]  # fmt: skip

    def put(self, conn: Connection) -> None:
        """Into the ledger, in place of what was there."""
        ends = [result for of_attempt in self.results.values() for result in of_attempt]
        for table in TABLES:
            conn.execute(delete(table))
        for table, rows in zip(TABLES, (ends, self.attempts, list(self.handoffs.values()), self.reports), strict=True):
            if rows:
                conn.execute(insert(table), rows)

    def fitting(self, wanted: LogFilter) -> list[UUID]:
        """The attempts that the filter lets through, newest first."""
        return sorted((each["id"] for each in self.attempts if self._fits(each, wanted)), reverse=True)

    def _fits(self, attempt: dict[str, Any], wanted: LogFilter) -> bool:
        handoff, at = self.handoffs[attempt["handoff_id"]], moment(attempt["id"])
        return (
            wanted.destination in (None, attempt["destination"])
            and wanted.channel in (None, handoff["channel"])
            and wanted.state in (None, handoff["state"])
            and (wanted.report_ids is None or attempt["report_id"] in wanted.report_ids)
            and (wanted.since is None or at >= wanted.since)
            and (wanted.until is None or at < wanted.until)
            and self._ended(attempt, wanted)
        )

    def _ended(self, attempt: dict[str, Any], wanted: LogFilter) -> bool:
        """Whether one of its results has both the outcome and the reason."""
        if wanted.outcome is None and wanted.reason is None:
            return True
        known = {result["reason"] for of_attempt in self.results.values() for result in of_attempt}
        part = wanted.reason or ""
        reasons = {part} if part in known else {reason for reason in known if part.lower() in reason}
        return any(
            wanted.outcome in (None, result["outcome"]) and result["reason"] in reasons
            for result in self.results[attempt["id"]]
        )


def log_rows(seed: int, count: int = 12, reasons: tuple[str, ...] = REASONS) -> LogRows:
    """The rows of so many reports; the same for the same seed."""
    made = LogRows(Random(seed), reasons)
    for _ in range(count):
        made.add_report()
    return made


def moment(identity: UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=identity.int >> 80)


def some_filters(rows: LogRows, count: int) -> Iterator[LogFilter]:
    """Filters of every kind, with what the rows have and what they have not."""
    chance = rows.chance
    times = (None, *(BEGAN + timedelta(days=day) for day in (0, 3, 7)))
    for _ in range(count):
        yield LogFilter(
            destination=chance.choice([None, None, "gone", *DESTINATIONS]),
            channel=chance.choice([None, "closed", *CHANNELS]),
            state=chance.choice([None, None, *HandoffState]),
            outcome=chance.choice([None, *OutcomeKind]),
            reason=chance.choice([None, None, "http_42", "HTTP", "4", "time", "no such reason"]),
            report_ids=chance.choice([None, None, (), tuple(each["id"] for each in rows.reports[:6])]),
            since=chance.choice(times),
            until=chance.choice(times),
        )
