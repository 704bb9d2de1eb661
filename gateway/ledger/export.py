"""Writes evidence bundles out of the ledger: the records of one report, of a destination and time, or all."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select, true

from gateway.bundle import verify_bundle
from gateway.bundle_check import BundleReport
from gateway.bundle_format import BundleWriter, Opening
from gateway.durable import private, sync
from gateway.keyring import KeyRing
from gateway.ledger.log_reading import batch_holding, batches, latest_checkpoint, unpacked
from gateway.ledger.proofs import StoredTree
from gateway.ledger.recorded import records_at
from gateway.ledger.tables import attempts, checkpoints, handoffs, results
from gateway.logbook import Entry, RecordKind, SignedCheckpoint
from gateway.merkle import leaf_hash
from gateway.notes import InvalidNote, open_checkpoint
from gateway.numbers import Numbers
from schemas.errors import Invalid, NotFound, Tampered

_ROWS_A_TIME = 5000
_CLOCKS_DIFFER = timedelta(days=1)
"""A record is looked for in the log from this long before it was made; if it is not there, everywhere."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records: of one report, or of attempts to a destination begun from `since` to before `until`, or all."""

    report_id: UUID | None = None
    destination: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def described(self) -> dict[str, str]:
        """The selection as the bundle states it."""
        given = {
            "report_id": str(self.report_id) if self.report_id else None,
            "destination": self.destination,
            "since": self.since.astimezone(UTC).isoformat() if self.since else None,
            "until": self.until.astimezone(UTC).isoformat() if self.until else None,
        }
        return {name: value for name, value in given.items() if value is not None} or {"all": "records"}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, as its own verification found it. `waiting` records of the selection are not in the log yet."""

    report: BundleReport
    waiting: int


def export_bundle(
    conn: Connection,
    path: Path,
    selection: Selection,
    ring: KeyRing,
    now: datetime,
    *,
    openings: Sequence[Opening] = (),
    earlier: Sequence[str] = (),
) -> Exported:
    """Write a bundle, verify it, and only then give it its name. Run it through `Ledger.read`, which sees one state.

    `openings` show what was sent, for one report whose key is alive; `earlier` are older checkpoints to continue.
    Raises NotFound when nothing is selected, Invalid for openings without one report, Tampered when a record does not
    fit the log, or an opening its record.
    """
    if openings and selection.report_id is None:
        raise Invalid("contents can be shown only in the bundle of one report; select it by its id")
    checkpoint, positions, waiting = _held(conn, selection)
    partial = path.with_name(f".{path.name}.part")
    try:
        with private(partial) as out:
            writer = BundleWriter(out)
            made_at = now.astimezone(UTC).isoformat(timespec="seconds")
            key = ring.journal.verifier
            writer.begin(made_at=made_at, selection=selection.described(), checkpoint=checkpoint.note, key=key)
            _write(conn, writer, checkpoint, positions, ring, earlier)
            for opening in openings:
                writer.opening(opening)
            writer.end(ring.journal)
            sync(out)
        report = _verified(partial, ring)
        partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return Exported(report, waiting)


def _write(
    conn: Connection,
    writer: BundleWriter,
    checkpoint: SignedCheckpoint,
    positions: Sequence[int],
    ring: KeyRing,
    earlier: Sequence[str],
) -> None:
    tree = StoredTree(conn, checkpoint.size)
    for note in earlier:
        try:
            older = open_checkpoint(note, ring.trusted, ring.origin)
        except InvalidNote as error:
            raise Invalid(f"an earlier checkpoint is not one of this journal: {error}") from error
        if older.size > checkpoint.size:
            raise Tampered(f"the log ends before the checkpoint for {older.size} records; run verify against it")
        writer.earlier(note, tree.consistency(older.size))
    for position, record in _records(conn, positions):
        writer.record(position, record, tree.inclusion(position))


def _verified(path: Path, ring: KeyRing) -> BundleReport:
    report = verify_bundle(path, [str(verifier) for verifier in ring.trusted])
    if not report.whole:
        raise Tampered(f"no bundle was written: {report.findings[0].sentence}")
    return report


# ----------------------------------------------------------------------------------------------- which records they are


def _held(conn: Connection, selection: Selection) -> tuple[SignedCheckpoint, Sequence[int], int]:
    """The checkpoint to prove towards, the places of the selected records, and how many are not in the log yet."""
    checkpoint = latest_checkpoint(conn)
    if checkpoint is None:
        raise NotFound("nothing was recorded in the journal yet")
    positions, waiting = _positions(conn, selection, checkpoint.size)
    if not positions:
        raise NotFound("the journal holds no record of this selection")
    return checkpoint, positions, waiting


def _positions(conn: Connection, selection: Selection, size: int) -> tuple[Sequence[int], int]:
    """Where the selected records stand in the log, in order, and how many are not in it yet."""
    if selection == Selection():
        return range(size), 0
    wanted = {kind: _numbers(conn, kind, selection) for kind in RecordKind}
    total = sum(map(len, wanted.values()))
    start = _not_before(conn, selection)
    found = _places(conn, wanted, start, size)
    if len(found) < total and start > 0:
        found = _places(conn, wanted, 0, size)
    return found, total - len(found)


def _numbers(conn: Connection, kind: RecordKind, selection: Selection) -> Numbers:
    source = attempts if kind is RecordKind.ATTEMPT else results.join(attempts, attempts.c.id == results.c.attempt_id)
    seq = attempts.c.seq if kind is RecordKind.ATTEMPT else results.c.seq
    query = select(seq).select_from(source).where(_condition(selection)).order_by(seq).limit(_ROWS_A_TIME)
    numbers = Numbers()
    found = list(conn.execute(query).scalars())
    while found:
        for number in found:
            numbers.add(number)
        found = list(conn.execute(query.where(seq > found[-1])).scalars())
    return numbers


def _condition(selection: Selection) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = true()
    if selection.report_id is not None:
        of_report = select(handoffs.c.id).where(handoffs.c.report_id == selection.report_id)
        condition &= attempts.c.handoff_id.in_(of_report)
    if selection.destination is not None:
        condition &= attempts.c.destination == selection.destination
    if selection.since is not None:
        condition &= attempts.c.started_at >= selection.since
    if selection.until is not None:
        condition &= attempts.c.started_at < selection.until
    return condition


def _not_before(conn: Connection, selection: Selection) -> int:
    """A position before which none of the records is likely to stand."""
    since = selection.since
    if selection.report_id is not None:
        first = select(func.min(handoffs.c.created_at)).where(handoffs.c.report_id == selection.report_id)
        since = conn.execute(first).scalar_one()
    if since is None:
        return 0
    before = select(func.max(checkpoints.c.size)).where(checkpoints.c.signed_at < since - _CLOCKS_DIFFER)
    size: int | None = conn.execute(before).scalar_one()
    return size or 0


def _places(conn: Connection, wanted: dict[RecordKind, Numbers], start: int, size: int) -> array[int]:
    found = array("q")
    for batch in batches(conn, start):
        for at, (entry, _) in enumerate(unpacked(batch)):
            if batch.start + at < size and entry.seq in wanted[entry.kind]:
                found.append(batch.start + at)
    return found


# ----------------------------------------------------------------------------------------------------- reading them out


def _records(conn: Connection, positions: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(positions):
        batch = batch_holding(conn, positions[at])
        held = unpacked(batch)
        placed: list[tuple[int, Entry, bytes]] = []
        while at < len(positions) and positions[at] < batch.start + batch.size:
            placed.append((positions[at], *held[positions[at] - batch.start]))
            at += 1
        yield from _of_batch(conn, placed)


def _of_batch(conn: Connection, placed: Sequence[tuple[int, Entry, bytes]]) -> Iterator[tuple[int, bytes]]:
    rows: dict[RecordKind, dict[int, Any]] = {
        kind: records_at(conn, kind, [entry.seq for _, entry, _ in placed if entry.kind is kind]) for kind in RecordKind
    }
    for position, entry, leaf in placed:
        row = rows[entry.kind].get(entry.seq)
        if row is None or leaf_hash(row.record) != leaf:
            raise Tampered(f"the {entry.kind} at position {position} does not fit the log; run verify")
        yield position, row.record
