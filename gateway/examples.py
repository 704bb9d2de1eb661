"""Officers' decisions as examples to learn from: made sealed, and read again in the form that `evaluate` takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from gateway.categories import load_categories
from gateway.ledger import Ledger
from gateway.ledger.examples import list_examples, note_export
from gateway.ledger.values import ExampleRow
from gateway.titles import UNTITLED
from gateway.vault import SubjectKey, Vault
from schemas.ids import new_id
from schemas.report import Report

EXAMPLE_PART = "example"
CORRECTED, RELEASED, REJECTED = "corrected", "released", "rejected"
_AT_ONCE = 500


def example_of(report_id: UUID, report: Report, decided: str, key: SubjectKey, now: datetime) -> ExampleRow:
    """What was decided about a report: its text and what it really is, sealed under the report's own key."""
    known = load_categories().by_id.get(report.category_id) if report.category_id is not None else None
    told = {
        "text": report.content,
        "title": report.title if report.title != UNTITLED else None,
        "label": "junk" if decided == REJECTED else "genuine",
        "parent_category": known.parent if known and decided != REJECTED else None,
        "category_id": report.category_id,
        "classification": report.classification.value,
        "region_code": report.location.region_code if report.location else None,
        "decided": decided,
    }
    return ExampleRow(new_id(now), report_id, now, decided, key.seal(EXAMPLE_PART, orjson.dumps(told)))


async def exported(ledger: Ledger, vault: Vault, actor: str, reason: str, now: datetime) -> list[dict[str, Any]]:
    """Every example, of each report the newest; that they are taken out, by whom and why, is recorded first.

    Those of erased reports are gone. Raises LedgerUnavailable.
    """
    await ledger.write(note_export, actor, reason, now)
    newest = {report_id: told async for report_id, told in _opened(ledger, vault)}
    return list(newest.values())


def lines_of(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The examples as JSON lines."""
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


async def _opened(ledger: Ledger, vault: Vault) -> AsyncIterator[tuple[UUID, dict[str, Any]]]:
    after = None
    while page := await ledger.read(list_examples, after=after, limit=_AT_ONCE):
        for one in page:
            key = vault.open_key(one.key.subject_id, one.key.wrapped, one.key.master_key_id)
            yield one.row.report_id, orjson.loads(key.open(EXAMPLE_PART, one.row.sealed))
        after = page[-1].row.id
