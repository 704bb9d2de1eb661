"""The delivery log: attempts by filter, newest first, in pages that stay fast over millions.

An attempt's id sorts by the time at which it began, so it is both the order and the cursor, and a time is a bound of
ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from gateway.ledger.dialects import Both
from gateway.ledger.log_filter import LogFilter, asked_of, fitting
from gateway.ledger.log_search import AT_FIRST, find_attempts
from gateway.ledger.shapes import ATTEMPT, RESULT
from gateway.ledger.tables import attempts, handoffs, reports, results
from gateway.ledger.values import AttemptRow, ResultRow
from schemas.handoff import HandoffState


@dataclass(frozen=True, slots=True)
class LogLine:
    """An attempt with what came of it, beside its report and where its handoff stands now."""

    attempt: AttemptRow
    results: tuple[ResultRow, ...]
    tracking_code: str
    channel: str
    state: HandoffState
    reference: str | None

    @property
    def last(self) -> ResultRow | None:
        """The newest result; None while the attempt is under way."""
        return self.results[-1] if self.results else None


_LINES = Both(
    lambda dialect: (
        select(*ATTEMPT.columns, reports.c.tracking_code, handoffs.c.channel, handoffs.c.state, handoffs.c.reference)
        .join(handoffs, handoffs.c.id == attempts.c.handoff_id)
        .join(reports, reports.c.id == attempts.c.report_id)
        .where(dialect.among(attempts.c.id, "ids"))
        .order_by(attempts.c.id.desc())
    )
)
_RESULTS = Both(
    lambda dialect: select(*RESULT.columns).where(dialect.among(results.c.attempt_id, "ids")).order_by(results.c.seq)
)


def read_log(
    conn: Connection, wanted: LogFilter, before: UUID | None, limit: int, at_first: int = AT_FIRST
) -> list[LogLine]:
    """Attempts that the filter lets through, newest first; `before` is the last id of the page before."""
    return _lines(conn, find_attempts(conn, wanted, before, limit, at_first))


def lines_among(conn: Connection, wanted: LogFilter, attempt_ids: Collection[UUID], limit: int) -> list[LogLine]:
    """Those of these attempts that the filter lets through, newest first."""
    asked = asked_of(conn, wanted)
    those = select(attempts.c.id).where(attempts.c.id.in_(attempt_ids), *asked.within(attempts.c.id))
    return _lines(conn, fitting(conn, asked, those, limit))


def _lines(conn: Connection, attempt_ids: Sequence[UUID]) -> list[LogLine]:
    if not attempt_ids:
        return []
    ids = {"ids": list(attempt_ids)}
    ends: dict[UUID, list[ResultRow]] = {}
    for row in conn.execute(_RESULTS.on(conn), ids):
        ends.setdefault(row.attempt_id, []).append(RESULT.value(row))
    width = len(ATTEMPT.columns)
    lines = []
    for row in conn.execute(_LINES.on(conn), ids):
        attempt = ATTEMPT.value(row[:width])
        code, channel, state, reference = row[width:]
        its = tuple(ends.get(attempt.id, ()))
        lines.append(LogLine(attempt, its, code, channel, HandoffState(state), reference))
    return lines
