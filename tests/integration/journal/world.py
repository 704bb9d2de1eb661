"""An invented ledger for the tests of the journal: handoffs of every fate with their attempts and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, update

from gateway.evidence import Verification, verify
from gateway.keyring import KeyRing, make_key_ring
from gateway.ledger.audit import StoredJournal
from gateway.ledger.journal import sequence
from gateway.ledger.tables import attempts, handoffs, report_keys, reports, results
from gateway.merkle import leaf_hash
from gateway.notes import Checkpoint, sign_checkpoint
from gateway.records import attempt_record, result_record
from gateway.vault import SubjectKey, Vault
from schemas.ids import uuid7
from tests.integration.journal.databases import Database

NOW = datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC)
WORKER = UUID(int=77)
ORIGIN = "jurnal.example.go.id/uji"
CHANNEL = "wa-dinsos"


def ring() -> KeyRing:
    """Always the same keys."""
    return make_key_ring(Random(7).randbytes, ORIGIN)


RING = ring()


def sign(size: int, root: bytes) -> str:
    """Signs as the worker does."""
    return sign_checkpoint(Checkpoint(ORIGIN, size, root), RING.journal)


def sequenced(conn: Connection, limit: int = 1000) -> int:
    """One turn of the sequencer."""
    return sequence(conn, limit, NOW, sign)


def wait_until_final(base: Database) -> None:
    """Until every row may be logged: transactions in other databases of the same server may hold that up."""
    deadline = monotonic() + 60
    while not base.run(all_final):
        assert monotonic() < deadline, "some transaction on this server never ends"


def all_final(conn: Connection) -> bool:
    """Whether every row may be logged."""
    if conn.dialect.name != "postgresql":
        return True
    oldest, unborn = (f"pg_snapshot_{edge}(pg_current_snapshot())::text::bigint" for edge in ("xmin", "xmax"))
    running = f"tx >= {oldest} AND tx < {unborn}"
    query = f"SELECT EXISTS (SELECT FROM attempts WHERE {running}) OR EXISTS (SELECT FROM results WHERE {running})"
    return not conn.exec_driver_sql(query).scalar_one()


def log_all(base: Database, limit: int = 1000) -> int:
    """One turn of the sequencer, once every row is final."""
    wait_until_final(base)
    return base.run(sequenced, limit)


def verified(conn: Connection, against: tuple[str, ...] = ()) -> Verification:
    """The verification of what this transaction sees."""
    return verify(StoredJournal(conn), RING.trusted, ORIGIN, against)


# -------------------------------------------------------------------------------------------------------------- records


@dataclass
class Records:
    """Makes rows with the leaves that belong to them. Ids and times follow from how many there were before."""

    vault: Vault = field(default_factory=lambda: Vault(RING, Random(8).randbytes))
    chance: Random = field(default_factory=lambda: Random(9))
    worker: UUID = WORKER
    made: int = 0
    keys: dict[UUID, SubjectKey] = field(default_factory=dict)

    def ident(self) -> UUID:
        """A fresh id, later ones greater."""
        self.made += 1
        return uuid7(NOW + timedelta(seconds=self.made), self.chance.randbytes(10))

    def key(self, conn: Connection, report_id: UUID) -> SubjectKey:
        """The key of a report, kept in the ledger, as the report is, from its first use on."""
        if report_id not in self.keys:
            key = self.keys[report_id] = self.vault.new_key(report_id)
            values = {"subject_id": report_id, "wrapped": key.wrapped, "master_key_id": key.master_key_id}
            conn.execute(insert(report_keys).values(values))
            report = {
                "id": report_id, "tracking_code": f"{report_id.int % 10**14:014}", "channel": CHANNEL,
                "received_at": NOW, "last_message_at": NOW, "messages": 1, "classification": "aspirasi",
                "is_anonymous": False, "is_secret": False, "is_priority": False, "verdict": "accept", "decision": {},
                "sealed_report": b"sealed",
            }  # fmt: skip
            conn.execute(insert(reports).values(report))
        return self.keys[report_id]

    def handoff(self, conn: Connection, report_id: UUID, destination: str, **given: Any) -> UUID:
        """A handoff, pending and in a worker's hands unless told otherwise."""
        self.key(conn, report_id)
        values = {
            "id": self.ident(), "report_id": report_id, "channel": CHANNEL, "destination": destination,
            "kind": "report", "first_sequence": 0, "last_sequence": 0, "parameters": {}, "state": "pending",
            "progress": {}, "released": False, "tries": 0, "step_tries": 0, "owner": self.worker, "priority": 1,
            "clock_from": NOW, "created_at": NOW, "updated_at": NOW,
        } | given  # fmt: skip
        conn.execute(insert(handoffs).values(values))
        return UUID(str(values["id"]))

    def attempt(
        self,
        conn: Connection,
        handoff_id: UUID,
        report_id: UUID,
        destination: str,
        number: int = 1,
        ident: UUID | None = None,
    ) -> UUID:
        """An attempt, about to be made."""
        ident = ident or self.ident()
        body = f'{{"isi": "Lampu jalan padam di RT {number}"}}'.encode()
        facts = {
            "id": ident, "handoff_id": handoff_id, "report_id": report_id, "destination": destination, "step": "create",
            "number": number, "started_at": NOW + timedelta(seconds=self.made), "worker": self.worker,
            "request": self.key(conn, report_id).commitment("request", ident, body),
        }  # fmt: skip
        conn.execute(insert(attempts).values(**facts, leaf=leaf_hash(attempt_record(**facts)), channel=CHANNEL))
        return ident

    def result(self, conn: Connection, attempt_id: UUID, report_id: UUID, source: str = "reply", **given: Any) -> None:
        """A result; deferred unless told otherwise."""
        body = b'{"results": {"id": "8123456"}}'
        key = self.key(conn, report_id)
        facts = {
            "attempt_id": attempt_id, "source": source, "ended_at": NOW + timedelta(seconds=self.made, microseconds=1),
            "outcome": "deferred", "reason": "http_503", "status": 503, "actor": None,
            "response": key.commitment("response", attempt_id, body), "receipt": None,
            "sealed_excerpt": key.seal("excerpt", body),
        } | given  # fmt: skip
        conn.execute(insert(results).values(**facts, leaf=leaf_hash(result_record(**facts))))

    def end(self, conn: Connection, handoff_id: UUID, state: str, **given: Any) -> None:
        """Where the handoff came to rest."""
        conn.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(state=state, owner=None, **given))


def receipt(reference: str | None) -> dict[str, Any]:
    """What a destination answered as proof."""
    return {"reference": reference, "received_at": "2026-03-02T01:00:05Z", "public_url": None, "extra": {"kanal": "é"}}


DELIVERED = {"outcome": "delivered", "reason": "ok", "status": 200}
UNCERTAIN = {"outcome": "uncertain", "reason": "worker_died", "status": None, "response": None, "sealed_excerpt": None}


@dataclass(frozen=True)
class World:
    """Who is who in the invented ledger."""

    report: UUID
    other_report: UUID
    delivered: UUID
    confirmed: UUID
    late: UUID
    in_flight: UUID
    attempts: tuple[UUID, ...]
    """Of `delivered` three, of `confirmed` one, of `late` one, of `in_flight` one."""


def fill(base: Database) -> World:
    """Record handoffs of every fate, with the sequencer running in between: six batches."""
    make = Records()
    report, other = make.ident(), make.ident()

    def begin(conn: Connection, report_id: UUID, destination: str) -> tuple[UUID, UUID]:
        handoff_id = make.handoff(conn, report_id, destination)
        return handoff_id, make.attempt(conn, handoff_id, report_id, destination)

    first, one = base.run(begin, report, "sp4n")
    second, four = base.run(begin, report, "dinas-pu")
    log_all(base)
    base.run(make.result, one, report)
    two = base.run(lambda conn: make.attempt(conn, first, report, "sp4n", 2))
    base.run(lambda conn: make.result(conn, four, report, "reaper", **UNCERTAIN))
    log_all(base)
    base.run(lambda conn: make.result(conn, two, report, **DELIVERED))
    three = base.run(lambda conn: make.attempt(conn, first, report, "sp4n", 3))
    log_all(base)
    base.run(lambda conn: make.result(conn, three, report, **DELIVERED, receipt=receipt("8123456")))
    base.run(lambda conn: make.end(conn, first, "delivered", evidence="referenced", reference="8123456"))
    proof = UNCERTAIN | DELIVERED | {"reason": "resolved", "actor": "petugas.siti", "receipt": receipt(None)}
    base.run(lambda conn: make.result(conn, four, report, "operator", **proof))
    base.run(lambda conn: make.end(conn, second, "delivered", evidence="confirmed"))
    log_all(base)
    third, five = base.run(begin, other, "sp4n")
    base.run(lambda conn: make.result(conn, five, other, "reaper", **UNCERTAIN))
    base.run(lambda conn: make.result(conn, five, other, "late", **DELIVERED, receipt=receipt("8123499")))
    base.run(lambda conn: make.end(conn, third, "delivered", evidence="referenced", reference="8123499"))
    log_all(base)
    fourth, six = base.run(begin, other, "dinas-pu")
    log_all(base)
    return World(report, other, first, second, third, fourth, (one, two, three, four, five, six))
