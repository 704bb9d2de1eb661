"""Trying changed rules on everything in the ledger: which reports they would send elsewhere. Nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from gateway.casework import REPORT_PART
from gateway.config import Config
from gateway.ledger import Ledger
from gateway.ledger.routed import list_routed
from gateway.ledger.values import KeyRow, ReportRecord, ReportRow
from gateway.ledger.views import show_report
from gateway.review import whole_report
from gateway.route import route
from gateway.route.moves import Move, move_of
from gateway.vault import SubjectKey, Vault
from schemas.report import Report

_AT_ONCE = 200
_report = TypeAdapter(Report)


@dataclass(frozen=True, slots=True)
class Tried:
    """A report that was routed before, and its move; None when it stays."""

    move: Move | None


async def trials(ledger: Ledger, vault: Vault, changed: Config) -> AsyncIterator[Tried]:
    """Each report that was routed, tried with the changed rules. Raises LedgerUnavailable."""
    asks_identity = {name for name, entry in changed.destinations.items() if entry.identity}
    after = None
    while page := await ledger.read(list_routed, after, _AT_ONCE):
        for row, key in page:
            before = _targets(row.decision)
            if before is None:
                continue
            report = await _report_of(ledger, row, key, vault)
            decided = route(report, row.channel, changed.rules)
            yield Tried(
                move_of(
                    row.tracking_code,
                    row.channel,
                    before,
                    decided.targets,
                    may_be_named=row.sealed_reporter is not None and not row.is_anonymous,
                    asks_identity=asks_identity,
                )
            )
        after = page[-1][0].id


async def _report_of(ledger: Ledger, row: ReportRow, key: KeyRow, vault: Vault) -> Report:
    opened = vault.open_key(key.subject_id, key.wrapped, key.master_key_id)
    record: ReportRecord | None = await ledger.read(show_report, row.id) if row.messages > 1 else None
    return whole_report(record, opened) if record else _alone(row, opened)


def _alone(row: ReportRow, key: SubjectKey) -> Report:
    return _report.validate_json(key.open(REPORT_PART, row.sealed_report))


def _targets(decision: Any) -> list[str] | None:
    """Where a report was sent; None when it was not routed."""
    found = decision.get("route") if isinstance(decision, Mapping) else None
    return list(found["targets"]) if found else None
