"""What operations decided about destinations, and the destinations' own vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from adapters.contract import Term
from gateway.ledger.actions import note_each
from gateway.ledger.many import Inserts
from gateway.ledger.shapes import DESTINATION, TERM
from gateway.ledger.tables import destinations, terms
from gateway.ledger.values import DestinationRow, TermRow

_DESTINATIONS = Inserts(destinations)
_TERMS = Inserts(terms)
_SEEN = (
    update(terms)
    .where(
        terms.c.destination == bindparam("at_destination"),
        terms.c.kind == bindparam("of_kind"),
        terms.c.code == bindparam("with_code"),
    )
    .values(name=bindparam("new_name"), parent=bindparam("new_parent"), seen_at=bindparam("now"), gone_at=None)
)
_GONE = (
    update(terms)
    .where(
        terms.c.destination == bindparam("at_destination"),
        terms.c.seen_at < bindparam("now"),
        terms.c.gone_at.is_(None),
    )
    .values(gone_at=bindparam("now"))
)


class TermChanges(NamedTuple):
    """How many entries of a vocabulary are new, have another name or parent, are not there any more."""

    added: int
    renamed: int
    gone: int


def pause(conn: Connection, name: str, actor: str, reason: str, now: datetime) -> bool:
    """Send nothing to a destination until it is resumed; False when it is paused already."""
    _DESTINATIONS.run(conn, [{"name": name}])
    statement = update(destinations).where(destinations.c.name == name, destinations.c.paused_at.is_(None))
    if conn.execute(statement.values(paused_at=now, paused_by=actor, reason=reason)).rowcount != 1:
        return False
    note_each(conn, [name], "pause", actor, now, reason=reason)
    return True


def resume(conn: Connection, name: str, actor: str, now: datetime) -> bool:
    """Send to a destination again; False when it was not paused."""
    statement = update(destinations).where(destinations.c.name == name, destinations.c.paused_at.is_not(None))
    if conn.execute(statement.values(paused_at=None, paused_by=None, reason=None)).rowcount != 1:
        return False
    note_each(conn, [name], "resume", actor, now)
    return True


def list_destinations(conn: Connection) -> list[DestinationRow]:
    """Destinations about which anything was ever decided or read, by name."""
    query = select(*DESTINATION.columns).order_by(destinations.c.name)
    return [DESTINATION.value(row) for row in conn.execute(query)]


def keep_terms(conn: Connection, destination: str, found: Sequence[Term], now: datetime) -> TermChanges:
    """Keep a destination's vocabulary as it was just read. One that is empty changes nothing: it has none."""
    if not found:
        return TermChanges(0, 0, 0)
    _DESTINATIONS.run(conn, [{"name": destination}])
    conn.execute(update(destinations).where(destinations.c.name == destination).values(synced_at=now))
    before = {(row.kind, row.code): row for row in list_terms(conn, destination)}
    present = {(term.kind, term.code): term for term in found}
    rows = [TermRow(destination, term.kind, term.code, term.name, term.parent, now) for term in present.values()]
    _TERMS.run(conn, [TERM.parameters(row) for row in rows])
    conn.execute(_SEEN, [_seen(row, now) for row in rows])
    conn.execute(_GONE, {"at_destination": destination, "now": now})
    both = before.keys() & present.keys()
    renamed = sum((before[at].name, before[at].parent) != (present[at].name, present[at].parent) for at in both)
    return TermChanges(len(present.keys() - before.keys()), renamed, len(before.keys() - present.keys()))


def list_terms(conn: Connection, destination: str, kind: str | None = None, gone: bool = False) -> list[TermRow]:
    """A destination's vocabulary as it was last read; with those that are no longer there, if `gone`."""
    query = select(*TERM.columns).where(terms.c.destination == destination).order_by(terms.c.kind, terms.c.code)
    if kind is not None:
        query = query.where(terms.c.kind == kind)
    if not gone:
        query = query.where(terms.c.gone_at.is_(None))
    return [TERM.value(row) for row in conn.execute(query)]


def _seen(row: TermRow, now: datetime) -> dict[str, object]:
    return {
        "at_destination": row.destination,
        "of_kind": row.kind,
        "with_code": row.code,
        "new_name": row.name,
        "new_parent": row.parent,
        "now": now,
    }
