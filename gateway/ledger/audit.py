"""Reads journal and ledger for verification, in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, func, select

from gateway import evidence
from gateway.evidence import Verification
from gateway.ledger import log_reading
from gateway.ledger.journal import read_head
from gateway.ledger.recorded import UNREADABLE, fetched, raw_receipt, record_of, records_at, reference_in
from gateway.ledger.tables import attempts, handoffs, reports, results
from gateway.logbook import Batch, Entry, Head, RecordKind, SignedCheckpoint
from gateway.notes import Verifier
from gateway.numbers import PAGE, PAGE_BITS
from gateway.stored import AttemptFacts, Bearing, HandoffFacts, Recorded, ResultFacts

_HANDOFFS_A_TIME = 500


def verify_journal(
    conn: Connection, trusted: Sequence[Verifier], origin: str, against: Sequence[str] = ()
) -> Verification:
    """Verify the journal against the ledger (see gateway.evidence); through `Ledger.read`, which sees one state."""
    return evidence.verify(StoredJournal(conn), trusted, origin, against)


class StoredJournal:
    """The journal in the ledger (a gateway.stored.Journal)."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def head(self) -> Head | None:
        """Where the log ends."""
        return read_head(self._conn)

    def batches(self) -> Iterator[Batch]:
        """All batches in order."""
        return log_reading.batches(self._conn)

    def checkpoints(self) -> Iterator[SignedCheckpoint]:
        """All checkpoints in order of size."""
        return log_reading.stored_checkpoints(self._conn)

    def records(self, kind: RecordKind, seqs: Sequence[int]) -> dict[int, Recorded | None]:
        """The rows at these numbers."""
        return records_at(self._conn, kind, seqs)

    def find(self, entry: Entry) -> Recorded | None:
        """The row of an entry by its id."""
        return record_of(self._conn, entry)

    def bearing(self, attempt_id: UUID) -> Bearing | None:
        """What an attempt is about; None also when its row is damaged."""
        query = select(attempts.c.report_id, attempts.c.destination).where(attempts.c.id == attempt_id)
        try:
            rows = fetched(self._conn, query)
        except UNREADABLE:
            return None
        return Bearing(rows[0].report_id, rows[0].destination) if rows else None

    def pages(self, kind: RecordKind) -> Iterator[tuple[int, int]]:
        """How many rows there are in each page of numbers, wherever there are any."""
        seq = _table(kind).c.seq
        first = self._conn.execute(select(func.min(seq))).scalar_one()
        while first is not None:
            page = first >> PAGE_BITS
            last = page * PAGE + PAGE - 1
            of_page = select(func.count()).select_from(_table(kind)).where(seq.between(first, last))
            yield page, self._conn.execute(of_page).scalar_one()
            first = self._conn.execute(select(func.min(seq)).where(seq > last)).scalar_one()

    def numbers(self, kind: RecordKind, page: int) -> list[int]:
        """The numbers of all rows of a page."""
        seq = _table(kind).c.seq
        query = select(seq).where(seq.between(page * PAGE, page * PAGE + PAGE - 1)).order_by(seq)
        return list(self._conn.execute(query).scalars())

    def handoffs(self) -> Iterator[HandoffFacts]:
        """All handoffs with their attempts and results."""
        table = handoffs.c
        columns = (table.id, table.report_id, table.destination, table.state, table.owner, table.evidence)
        query = select(*columns, table.reference, reports.c.channel).order_by(table.id).limit(_HANDOFFS_A_TIME)
        query = query.join_from(handoffs, reports, reports.c.id == table.report_id, isouter=True)
        found = fetched(self._conn, query)
        while found:
            made = self._attempts([row.id for row in found])
            for row in found:
                bearing = Bearing(row.report_id, row.destination)
                held = row.owner is not None
                of_it = tuple(made.get(row.id, ()))
                yield HandoffFacts(row.id, bearing, row.state, held, row.evidence, row.reference, of_it, row.channel)
            found = fetched(self._conn, query.where(table.id > found[-1].id))

    def strays(self, kind: RecordKind, page: int) -> list[UUID]:
        """Attempts of a page whose handoff is not there, or results whose attempt is not."""
        if kind is RecordKind.ATTEMPT:
            ident, there = attempts.c.id, exists().where(handoffs.c.id == attempts.c.handoff_id)
        else:
            ident, there = results.c.attempt_id, exists().where(attempts.c.id == results.c.attempt_id)
        seq = _table(kind).c.seq
        query = select(ident).where(seq.between(page * PAGE, page * PAGE + PAGE - 1), ~there).order_by(seq)
        try:
            return [row[0] for row in fetched(self._conn, query)]
        except UNREADABLE:
            return []  # a row with an id of no sense is told of already, as one that cannot be read

    def _attempts(self, handoff_ids: Sequence[UUID]) -> dict[UUID, list[AttemptFacts]]:
        table = attempts.c
        query = select(table.id, table.handoff_id, table.report_id, table.destination, table.number, table.channel)
        query = query.where(table.handoff_id.in_(handoff_ids)).order_by(table.handoff_id, table.number, table.seq)
        rows = fetched(self._conn, query)
        came_of = self._results([row.id for row in rows])
        return {
            handoff_id: [
                AttemptFacts(
                    row.id,
                    row.number,
                    Bearing(row.report_id, row.destination),
                    tuple(came_of.get(row.id, ())),
                    row.channel,
                )
                for row in of_handoff
            ]
            for handoff_id, of_handoff in groupby(rows, key=lambda row: row.handoff_id)
        }

    def _results(self, attempt_ids: Sequence[UUID]) -> dict[UUID, list[ResultFacts]]:
        came_of: dict[UUID, list[ResultFacts]] = {}
        for start in range(0, len(attempt_ids), _HANDOFFS_A_TIME):
            part = attempt_ids[start : start + _HANDOFFS_A_TIME]
            query = select(results.c.attempt_id, results.c.source, results.c.outcome, raw_receipt())
            for row in fetched(self._conn, query.where(results.c.attempt_id.in_(part)).order_by(results.c.seq)):
                facts = ResultFacts(row.source, row.outcome, reference_in(row.receipt))
                came_of.setdefault(row.attempt_id, []).append(facts)
        return came_of


def _table(kind: RecordKind) -> Any:
    return attempts if kind is RecordKind.ATTEMPT else results
