"""What the gateway promises, checked against the ledger and the simulators' books. SQL here only reads."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, RowMapping, Table, exists, func, select

from gateway.ledger.audit import verify_journal
from gateway.ledger.books import balance
from gateway.ledger.tables import attempts, files, handoffs, log_head, reports, results, workers
from schemas.handoff import HandoffKind, HandoffState
from tests.acceptance.processes import Site, until
from tests.integration.installation import MINISTRY, SP4N

_STEPS = (
    (SP4N, "POST", r"/complaints/complaint/file", "files"),
    (SP4N, "POST", r"/complaints/complaint", "complaint"),
    (SP4N, "POST", r"/complaints/process/\d+/reject", "pass_on"),
    (SP4N, "GET", r"/complaints/\d+/complaint", "find_pass_on"),
    (SP4N, "POST", r"/complaints/followup/add", "followup"),
    (SP4N, "GET", r"/complaints/\d+/followups", "find_followup"),
    (MINISTRY, "POST", r"/cases", "post"),
    (MINISTRY, "GET", r"/cases", "lookup"),
)
"""Which requests the steps make."""

_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True)
class Ledgerful:
    """Everything in the ledger that the promises speak of, as it stood at one moment."""

    reports: list[RowMapping]
    handoffs: list[RowMapping]
    attempts: list[RowMapping]
    results: list[RowMapping]
    files: list[RowMapping]
    workers: list[RowMapping]

    @property
    def open_attempts(self) -> list[RowMapping]:
        """The attempts without a result."""
        ended = {row["attempt_id"] for row in self.results}
        return [row for row in self.attempts if row["id"] not in ended]

    def in_state(self, *states: HandoffState) -> list[RowMapping]:
        return [row for row in self.handoffs if row["state"] in states]


async def look(site: Site) -> Ledgerful:
    """The ledger as it stands."""
    return await site.ledger.read(_everything)


async def pending(site: Site) -> int:
    """How many handoffs have not come to an end."""
    return await site.ledger.read(_pending)


async def settled(site: Site) -> Ledgerful:
    """The ledger once nothing is pending and everything recorded is under a signed checkpoint."""

    async def done() -> bool:
        return await pending(site) == 0 and await site.ledger.read(_unsigned) == 0

    await until(done)
    return await look(site)


async def stranded(site: Site, dead: Collection[UUID]) -> list[str]:
    """What is still in the hands of these workers, in words."""
    return await site.ledger.read(_stranded, dead)


def _everything(conn: Connection) -> Ledgerful:
    def rows(table: Table) -> list[RowMapping]:
        plain = [column for column in table.c if not isinstance(column.type, LargeBinary)]
        return list(conn.execute(select(*plain)).mappings())

    return Ledgerful(*(rows(table) for table in (reports, handoffs, attempts, results, files, workers)))


def _pending(conn: Connection) -> int:
    query = select(func.count()).select_from(handoffs).where(handoffs.c.state == HandoffState.PENDING)
    return conn.execute(query).scalar_one()


def _unsigned(conn: Connection) -> int:
    recorded = sum(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in (attempts, results))
    return recorded - (conn.execute(select(log_head.c.size)).scalar() or 0)


def _stranded(conn: Connection, dead: Collection[UUID]) -> list[str]:
    owned = select(handoffs.c.id).where(handoffs.c.owner.in_(dead))
    ended = exists().where(results.c.attempt_id == attempts.c.id)
    still_open = select(attempts.c.id).where(attempts.c.worker.in_(dead), ~ended)
    return [
        *(f"handoff {identity} is owned by the dead" for identity in conn.execute(owned).scalars()),
        *(f"attempt {identity} is open" for identity in conn.execute(still_open).scalars()),
    ]


async def broken_promises(site: Site, kept: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What is not as it must be once everything has settled, in words."""
    seen = await look(site)
    found = await site.ledger.read(verify_journal, site.ring.trusted, site.ring.origin)
    return [
        *_lost(seen, kept),
        *(f"the file {row['stored']} is gone" for row in seen.files if not _file(site, row).exists()),
        *_unsettled(seen),
        *_unrecorded(site, seen),
        *_doubled(site, seen),
        *_unfounded(site, seen),
        *(f"the books differ: {row}" for row in await site.ledger.read(balance) if row.difference),
        *(f"verify: {finding.sentence}" for finding in found.findings),
        *([f"verify: {found.waiting} records are not signed"] if found.waiting else []),
    ]


def _lost(seen: Ledgerful, kept: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """202 means kept, with a handoff for each of both destinations."""
    codes = {str(row["id"]): row["tracking_code"] for row in seen.reports}
    owed = Counter(str(row["report_id"]) for row in seen.handoffs if row["kind"] == HandoffKind.REPORT)
    for message_id, accepted in kept.items():
        if codes.get(accepted["id"]) != accepted["tracking_code"]:
            yield f"{message_id} got a 202 and is not in the ledger"
        elif owed[accepted["id"]] != 2:
            yield f"{message_id} has {owed[accepted['id']]} handoffs"
    if len({accepted["id"] for accepted in kept.values()}) != len(kept):
        yield "two messages got the same report"
    if len(seen.reports) != len(kept):
        yield f"{len(kept)} messages got a 202, and {len(seen.reports)} reports are in the ledger"


def strays(site: Site, seen: Ledgerful) -> int:
    """How many files lie in the storage that no row of the ledger knows: a death left them, sealed with a lost key."""
    there = sum(path.is_file() for path in site.settings.files_path.rglob("*"))
    return there - sum(row[column] is not None for row in seen.files for column in ("stored", "travels"))


def _file(site: Site, row: RowMapping) -> Path:
    return site.settings.files_path / str(row["stored"])


def _unsettled(seen: Ledgerful) -> Iterator[str]:
    ended = (HandoffState.DELIVERED, HandoffState.UNCERTAIN)
    for row in seen.handoffs:
        what = f"{row['destination']}: {row['state']} ({row['reason']}, {row['uncertain_step']})"
        if row["state"] not in ended or row["owner"] is not None:
            yield f"{what}: it did not come to an end"
        if row["state"] == HandoffState.UNCERTAIN and row["uncertain_step"] != "complaint":
            yield f"{what}: only a complaint may be uncertain"


def _unrecorded(site: Site, seen: Ledgerful) -> Iterator[str]:
    """No call without its row: at no step did a destination see more requests than attempts were recorded."""
    recorded = Counter((row["destination"], row["step"]) for row in seen.attempts)
    for step, count in requests_by_step(site).items():
        if count > recorded[step]:
            yield f"{step} saw {count} requests, {recorded[step]} attempts are recorded"


def requests_by_step(site: Site) -> Counter[tuple[str, str]]:
    """How many requests the simulators saw for each destination and step."""
    simulators = {SP4N: site.simulators.sp4n, MINISTRY: site.simulators.ministry}
    seen = [(name, one.method, one.path) for name, simulator in simulators.items() for one in simulator.requests]
    return Counter((name, _step_of(name, method, path)) for name, method, path in seen)


def _step_of(name: str, method: str, path: str) -> str:
    for destination, verb, pattern, step in _STEPS:
        if (destination, verb) == (name, method) and re.fullmatch(pattern, path):
            return step
    raise AssertionError(f"no step makes {method} {path} at {name}")


def _doubled(site: Site, seen: Ledgerful) -> Iterator[str]:
    """Nothing is sent twice that cannot be undone."""
    complaints = Counter(tracking_code(entry["fields"]["content"], seen) for entry in site.simulators.complaints())
    passed_on = Counter(entry["complaint_id"] for entry in site.simulators.sp4n.book.of("pass_on"))
    cases = Counter(entry["tracking_code"] for entry in site.simulators.cases())
    for what, counted in (("complaints", complaints), ("pass-ons", passed_on), ("cases", cases)):
        yield from (f"{which} has {count} {what}" for which, count in counted.items() if count > 1)


def tracking_code(text: str, seen: Ledgerful) -> str:
    """The tracking code in a text; it must be that of one report."""
    found = {row["tracking_code"] for row in seen.reports} & set(_CODE.findall(text))
    assert len(found) == 1, f"a complaint of no report, or of several: {text[:80]}"
    return str(found.pop())


def _unfounded(site: Site, seen: Ledgerful) -> Iterator[str]:
    """Each delivered handoff's reference is in the book of its destination, under the report's own code."""
    codes = {row["id"]: row["tracking_code"] for row in seen.reports}
    books = {
        SP4N: {str(entry["id"]): json.dumps(entry) for entry in site.simulators.complaints()},
        MINISTRY: {entry["reference"]: json.dumps(entry) for entry in site.simulators.cases()},
    }
    moved = {str(entry["complaint_id"]) for entry in site.simulators.sp4n.book.of("pass_on")}
    for row in seen.in_state(HandoffState.DELIVERED):
        if row["kind"] != HandoffKind.REPORT:
            continue
        entry = books[row["destination"]].get(row["reference"], "")
        if codes[row["report_id"]] not in entry:
            yield f"{row['destination']} {row['reference']} is delivered, and not in the book"
        if row["destination"] == SP4N and row["reference"] not in moved:
            yield f"complaint {row['reference']} is delivered, and was not passed on"
