"""Keeps what comes in: first messages with all that follows from them, and parts that nobody understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection, select

from gateway.ledger.additions import add_messages as add_messages
from gateway.ledger.alike import LINKS, SKETCHES, sketch_rows, told_apart, with_kept_leads
from gateway.ledger.conversations import find_conversation as find_conversation
from gateway.ledger.conversations import find_thread as find_thread
from gateway.ledger.dialects import Both
from gateway.ledger.known import Known, all_new, known_messages, known_one
from gateway.ledger.many import Inserts, Together
from gateway.ledger.notices import note_addresses, owe_notices
from gateway.ledger.reporters import REPORTER_KEYS
from gateway.ledger.shapes import FILE, KEY, LINK, MESSAGE, PARKED, REPORT
from gateway.ledger.tables import awaited_words, messages, parked, reports
from gateway.ledger.values import Kept, NewReport, ParkedInbound, ReportRow
from gateway.ledger.writing import (
    FILES,
    HANDOFFS,
    KEYS,
    PARKED_ROWS,
    handoff_parameters,
    insert_keys,
    insert_parked,
    routed,
)
from schemas.errors import GatewayError
from schemas.tracking import new_tracking_code

_CODES_TO_TRY = 5

_MESSAGES = Inserts(messages)
_REPORTS = Inserts(reports)
_AWAITED = Inserts(awaited_words)
_WHAT_FOLLOWS = Together(KEYS, LINKS, SKETCHES, REPORTER_KEYS, FILES, PARKED_ROWS, HANDOFFS)
_CODES = Both(lambda dialect: select(reports.c.id, reports.c.tracking_code).where(dialect.among(reports.c.id, "ids")))
_PARKED_ALREADY = Both(
    lambda dialect: select(parked.c.channel, parked.c.message_key, parked.c.stage, parked.c.id).where(
        dialect.among(parked.c.message_key, "keys"), dialect.among(parked.c.channel, "channels")
    )
)


def keep_reports(conn: Connection, items: list[NewReport]) -> list[Kept]:
    """Keep new reports, each complete or not at all; one whose message is here already is not kept again.

    The messages go first: whoever's row stands for a message owns its report, also when several processes are given the
    same message at once. Run again with the same items, it finds its own rows and answers the same. A report that tells
    of an event again is linked to the one that told it first.
    """
    items = told_apart(conn, items)
    told = [item.message for item in items]
    known = all_new(told) if _insert_messages(conn, items) == len(items) else known_messages(conn, told)
    kept_as = {item.report.id: known[_its_key(item)].report_id for item in items if not _is_fresh(item, known)}
    fresh = {item.report.id: with_kept_leads(item, kept_as) for item in items if item.report.id not in kept_as}
    codes = _insert_reports(conn, [item.report for item in fresh.values()])
    _insert_what_follows(conn, fresh.values())
    note_addresses(conn, [(each.report.id, each.address, each.report.received_at) for each in fresh.values()])
    owe_notices(conn, [told for each in fresh.values() for told in each.notices if _names_its_code(each, codes)])
    return [_kept(item, known, codes) for item in items]


def find_message(conn: Connection, channel: str, message_key: bytes) -> Kept | None:
    """What became of a message, by the channel's own id; None when it is not here."""
    found = known_one(conn, channel, message_key)
    if found is None or found.tracking_code is None:
        return None
    return Kept(found.report_id, found.tracking_code, duplicate=True, sequence=found.sequence)


def park_inbound(conn: Connection, items: list[ParkedInbound]) -> list[bool]:
    """Set parts aside that nobody understood; False for one that was set aside before."""
    insert_parked(conn, [item.parked for item in items])
    rows = conn.execute(
        _PARKED_ALREADY.on(conn),
        {
            "keys": [item.parked.message_key for item in items],
            "channels": list({item.parked.channel for item in items}),
        },
    )
    owner = {(channel, key, stage): identity for channel, key, stage, identity in rows}
    new = [
        owner.get((item.parked.channel, item.parked.message_key, item.parked.stage.value)) == item.parked.id
        for item in items
    ]
    fresh = [item for item, is_new in zip(items, new, strict=True) if is_new]
    insert_keys(conn, [item.key for item in fresh])
    _AWAITED.run(
        conn,
        [{"parked_id": one.parked.id, "due_at": one.parked.parked_at, "tries": 0} for one in fresh if one.to_fetch],
    )
    return new


def _insert_messages(conn: Connection, items: list[NewReport]) -> int:
    """In one order in every process, so that two of them never wait for each other. Returns how many were not here."""
    rows = [
        {**MESSAGE.parameters(item.message), "routed": routed(handoff.destination for handoff in item.handoffs)}
        for item in sorted(items, key=_message_key)
    ]
    return _MESSAGES.count_new(conn, rows)


def _its_key(item: NewReport) -> tuple[str, bytes]:
    return item.message.channel, item.message.message_key


def _message_key(item: NewReport) -> bytes:
    return item.message.message_key


def _is_fresh(item: NewReport, known: Known) -> bool:
    found = known[_its_key(item)]
    return found.message_id == item.message.id and found.tracking_code is None


def _insert_reports(conn: Connection, rows: list[ReportRow]) -> dict[UUID, str]:
    """Insert the reports and tell their tracking codes. One whose code is taken gets another."""
    codes: dict[UUID, str] = {}
    for _ in range(_CODES_TO_TRY):
        if not rows:
            return codes
        if _REPORTS.count_new(conn, [REPORT.parameters(row) for row in rows]) == len(rows):
            return codes | {row.id: row.tracking_code for row in rows}
        written = conn.execute(_CODES.on(conn), {"ids": [row.id for row in rows]})
        codes.update((identity, code) for identity, code in written)
        rows = [replace(row, tracking_code=new_tracking_code()) for row in rows if row.id not in codes]
    if rows:
        raise GatewayError("no free tracking code was found: this does not happen by chance, look at the random source")
    return codes


def _names_its_code(item: NewReport, codes: dict[UUID, str]) -> bool:
    return codes[item.report.id] == item.report.tracking_code


def _insert_what_follows(conn: Connection, items: Iterable[NewReport]) -> None:
    items = list(items)
    _WHAT_FOLLOWS.run(
        conn,
        [KEY.parameters(item.key) for item in items],
        [LINK.parameters(item.link) for item in items if item.link is not None],
        [row for item in items for row in sketch_rows(item)],
        [{"key": key, "report_id": item.report.id} for item in items for key in item.reporter_keys],
        [FILE.parameters(file) for item in items for file in item.files],
        [PARKED.parameters(item.parked) for item in items if item.parked is not None],
        [
            handoff_parameters(handoff, item.report.id, item.report.channel, 0, 0)
            for item in items
            for handoff in item.handoffs
        ],
    )


def _kept(item: NewReport, known: Known, codes: dict[UUID, str]) -> Kept:
    found = known[_its_key(item)]
    code = found.tracking_code or codes[found.report_id]
    if found.message_id == item.message.id:
        return Kept(found.report_id, code, linked=item.link is not None)
    conflict = found.message_digest != item.message.message_digest
    return Kept(found.report_id, code, duplicate=True, conflict=conflict, sequence=found.sequence)
