"""Reads out of the ledger what a citizen's receipt is made of: who received the report, with proofs towards the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, select

from gateway.citizen_receipt_format import Material, ProvenRecord, Received, Standing
from gateway.ledger.log_reading import batches, latest_checkpoint, unpacked
from gateway.ledger.proofs import StoredTree
from gateway.ledger.recorded import records_at
from gateway.ledger.tables import attempts, checkpoints, handoffs, reports, results
from gateway.logbook import RecordKind
from gateway.merkle import leaf_hash
from schemas.errors import Tampered
from schemas.handoff import HandoffKind, HandoffState, OutcomeKind, ResultSource

_CLOCKS_DIFFER = timedelta(days=1)
"""Records are looked for in the log from this long before their report came."""

_Key = tuple[RecordKind, int]


@dataclass(frozen=True, slots=True)
class _Placed:
    position: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class _Proven:
    record: ProvenRecord
    ended_at: str


def receipt_material(conn: Connection, report_id: UUID) -> Material | None:
    """What there is to say and to prove of a report; None where there is none. An erased one is told like any other.

    Run it through `Ledger.read`, which sees one state. Raises Tampered when a record does not fit the log.
    """
    report = conn.execute(
        select(reports.c.tracking_code, reports.c.received_at).where(reports.c.id == report_id)
    ).first()
    if report is None:
        return None
    owed = _handoffs(conn, report_id)
    keys = _keys_by_handoff(conn, [row.id for row in owed if row.state == HandoffState.DELIVERED])
    checkpoint = latest_checkpoint(conn)
    size = checkpoint.size if checkpoint else 0
    wanted = {key for each in keys.values() for key in each}
    placed = _places(conn, wanted, report.received_at, size)
    proven = _proven(conn, placed, size)
    received, opened = [], []
    for row in owed:
        its = keys.get(row.id, ())
        if its and all(key in proven for key in its):
            received.append(_received(row, [proven[key] for key in its]))
        elif row.state == HandoffState.DELIVERED:
            opened.append((row.destination, Standing.NOT_YET_SIGNED.value))
        else:
            opened.append((row.destination, str(row.state)))
    note = checkpoint.note if checkpoint and received else None
    return Material(str(report_id), report.tracking_code, note, tuple(received), tuple(opened))


def _handoffs(conn: Connection, report_id: UUID) -> Sequence[Any]:
    """The report's own handoffs: not its later messages, and not what its reporter is told."""
    query = select(
        handoffs.c.id, handoffs.c.destination, handoffs.c.state, handoffs.c.reference, handoffs.c.evidence
    ).where(handoffs.c.report_id == report_id, handoffs.c.kind == HandoffKind.REPORT)
    return conn.execute(query.order_by(handoffs.c.id)).all()


def _keys_by_handoff(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[_Key, ...]]:
    """For each handoff, every attempt that succeeded and the result that says so."""
    query = (
        select(attempts.c.handoff_id, attempts.c.seq, results.c.seq.label("result"))
        .join(results, results.c.attempt_id == attempts.c.id)
        .where(attempts.c.handoff_id.in_(ids), results.c.outcome == OutcomeKind.DELIVERED)
        .order_by(attempts.c.seq, results.c.seq)
    )
    found: dict[UUID, dict[_Key, None]] = defaultdict(dict)
    for handoff_id, attempt, result in conn.execute(query):
        found[handoff_id] |= {(RecordKind.ATTEMPT, attempt): None, (RecordKind.RESULT, result): None}
    return {handoff_id: tuple(keys) for handoff_id, keys in found.items()}


def _places(conn: Connection, wanted: set[_Key], since: datetime, size: int) -> dict[_Key, _Placed]:
    """Where the wanted rows stand in the log, as far as they do. Reads no further than it must."""
    before = select(func.max(checkpoints.c.size)).where(checkpoints.c.signed_at < since - _CLOCKS_DIFFER)
    start = conn.execute(before).scalar_one() or 0
    found: dict[_Key, _Placed] = {}
    if not wanted:
        return found
    for batch in batches(conn, start):
        for at, (entry, leaf) in enumerate(unpacked(batch)):
            if (entry.kind, entry.seq) in wanted and batch.start + at < size:
                found[entry.kind, entry.seq] = _Placed(batch.start + at, leaf)
        if len(found) == len(wanted):
            break
    return found


def _proven(conn: Connection, placed: Mapping[_Key, _Placed], size: int) -> dict[_Key, _Proven]:
    tree = StoredTree(conn, size)
    proven: dict[_Key, _Proven] = {}
    for kind in RecordKind:
        rows = records_at(conn, kind, [seq for of, seq in placed if of is kind])
        for seq, row in rows.items():
            place = placed[kind, seq]
            if row is None or leaf_hash(row.record) != place.leaf:
                raise Tampered(f"the {kind} at position {place.position} does not fit the log; run verify")
            shown = None if row.source == ResultSource.OPERATOR else row.record
            record = ProvenRecord(place.position, shown, place.leaf, tuple(tree.inclusion(place.position)))
            proven[kind, seq] = _Proven(record, orjson.loads(row.record).get("ended_at", ""))
    return proven


def _received(row: Any, proven: Sequence[_Proven]) -> Received:
    delivered_at = max(one.ended_at for one in proven)
    records = sorted((one.record for one in proven), key=lambda record: record.position)
    return Received(row.destination, str(row.id), row.reference, delivered_at, row.evidence, tuple(records))
