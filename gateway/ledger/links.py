"""Reports that follow an earlier one about the same event: who follows whom, and what is due because of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import Both, word
from gateway.ledger.link_values import LinkRow, Tied, Ties
from gateway.ledger.many import Inserts
from gateway.ledger.set_aside import cancel_parked
from gateway.ledger.shapes import LINK, PARKED
from gateway.ledger.tables import handoffs, parked, report_links, reports
from gateway.ledger.values import ParkedRow
from schemas.handoff import ParkStage

LINK_ACTION, UNLINK_ACTION = "link", "unlink"

_LINKS = Inserts(report_links)
_HOLDS = report_links.c.unlinked_at.is_(None)
_DUE = (
    select(*LINK.columns)
    .where(report_links.c.due_at.is_not(None), report_links.c.due_at <= bindparam("now"))
    .order_by(report_links.c.due_at)
    .limit(bindparam("most"))
)
_TENDED = (
    update(report_links)
    .where(report_links.c.report_id == bindparam("report"), report_links.c.due_at == bindparam("seen"))
    .values(due_at=bindparam("again"), passed=bindparam("count"), told_at=bindparam("told"))
)
_STIR = Both(
    lambda dialect: (
        update(report_links).where(dialect.among(report_links.c.lead_id, "ids"), _HOLDS).values(due_at=bindparam("now"))
    )
)
_STIR_SELF = (
    update(report_links).where(report_links.c.report_id == bindparam("report"), _HOLDS).values(due_at=bindparam("now"))
)
_PART = (
    update(report_links)
    .where(report_links.c.report_id == bindparam("report"), _HOLDS)
    .values(unlinked_at=bindparam("now"), due_at=None)
)
_ASIDE = (
    select(*PARKED.columns)
    .where(parked.c.report_id == bindparam("report"), parked.c.state == word("cancelled"))
    .where(parked.c.stage == word(ParkStage.SCREEN.value))
    .order_by(parked.c.id.desc())
    .limit(1)
)
_UNERASED = (
    select(reports.c.id).where(reports.c.id == bindparam("report"), reports.c.erased_at.is_(None)).with_for_update()
)
_REOPEN = (
    update(parked)
    .where(parked.c.id == bindparam("parked_id"))
    .values(state="parked", closed_at=None, parked_at=bindparam("now"))
)
_LEAD = select(*LINK.columns, reports.c.tracking_code).join(reports, reports.c.id == report_links.c.lead_id)
_SUPPORTERS = (
    select(*LINK.columns, reports.c.tracking_code)
    .join(reports, reports.c.id == report_links.c.report_id)
    .where(report_links.c.lead_id == bindparam("report"), _HOLDS)
    .order_by(report_links.c.report_id)
    .limit(bindparam("most"))
)
_LINKED = Both(
    lambda dialect: select(report_links.c.report_id).where(dialect.among(report_links.c.report_id, "ids"), _HOLDS)
)
_OWNERS = Both(lambda dialect: select(handoffs.c.report_id).where(dialect.among(handoffs.c.id, "ids")).distinct())
_SHOWN = 200


def ties_of(conn: Connection, report_id: UUID) -> Ties:
    """The links of one report; of many supporters the first 200."""
    lead = conn.execute(_LEAD.where(report_links.c.report_id == report_id)).first()
    supporters = conn.execute(_SUPPORTERS, {"report": report_id, "most": _SHOWN})
    return Ties(_tied(lead) if lead else None, tuple(map(_tied, supporters)))


def linked_among(conn: Connection, report_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the reports that follow another one."""
    ids = list(report_ids)
    return set(conn.execute(_LINKED.on(conn), {"ids": ids}).scalars()) if ids else set()


def due_links(conn: Connection, now: datetime, most: int) -> list[LinkRow]:
    """The links because of which something is to be passed on or told."""
    return [LINK.value(row) for row in conn.execute(_DUE, {"now": now, "most": most})]


def note_tended(
    conn: Connection, link: LinkRow, passed: int, told_at: datetime | None, again_at: datetime | None = None
) -> None:
    """What was due is done, unless more fell due meanwhile; `again_at`: it did not succeed, and is tried again then."""
    values = {"report": link.report_id, "seen": link.due_at, "again": again_at, "count": passed, "told": told_at}
    conn.execute(_TENDED, values)


def stir(conn: Connection, lead_ids: Iterable[UUID], now: datetime) -> None:
    """Something became of these reports that their followers are to know."""
    ids = list(lead_ids)
    if ids:
        conn.execute(_STIR.on(conn), {"ids": ids, "now": now})


def stir_owners(conn: Connection, handoff_ids: Sequence[UUID], now: datetime) -> None:
    """The same for the reports of these handoffs."""
    if handoff_ids:
        stir(conn, conn.execute(_OWNERS.on(conn), {"ids": list(handoff_ids)}).scalars().all(), now)


def stir_self(conn: Connection, report_id: UUID, now: datetime) -> None:
    """A report that follows another one has something to pass on."""
    conn.execute(_STIR_SELF, {"report": report_id, "now": now})


def link_parked(conn: Connection, link: LinkRow, aside: ParkedRow, reason: str) -> bool:
    """Let a report that is set aside follow another one; False when it is set aside no more."""
    if cancel_parked(conn, [aside.id], link.linked_by, reason, link.linked_at) != 1:
        return False
    _keep_link(conn, link)
    return True


def link_handed_on(conn: Connection, link: LinkRow) -> bool:
    """Let a report that was handed on follow another one; False when it is erased or follows one already.

    Whoever calls cancels what it is still owed.
    """
    report = conn.execute(_UNERASED, {"report": link.report_id}).scalar()
    if report is None or linked_among(conn, [link.report_id]):
        return False
    _keep_link(conn, link)
    return True


def _keep_link(conn: Connection, link: LinkRow) -> None:
    _LINKS.run(conn, [LINK.parameters(link)])
    again = {name: value for name, value in LINK.parameters(link).items() if name != "report_id"}
    conn.execute(update(report_links).where(report_links.c.report_id == link.report_id).values(again))
    for one, other in ((link.report_id, link.lead_id), (link.lead_id, link.report_id)):
        detail = {"with": str(other), "into": str(link.lead_id), "kind": link.kind.value}
        note_each(conn, [one], LINK_ACTION, link.linked_by, link.linked_at, **detail)


def part(conn: Connection, report_id: UUID, actor: str, reason: str, now: datetime) -> ParkedRow | None:
    """Let a report follow no other any more: it is set aside again until it is sent on.

    None when it follows none, or was handed on itself before it followed one.
    """
    if conn.execute(_PART, {"report": report_id, "now": now}).rowcount != 1:
        return None
    row = conn.execute(_ASIDE, {"report": report_id}).first()
    note_each(conn, [report_id], UNLINK_ACTION, actor, now, reason=reason)
    if row is None:
        return None
    aside = PARKED.value(row)
    conn.execute(_REOPEN, {"parked_id": aside.id, "now": now})
    return aside


def followed_by(conn: Connection, report_id: UUID) -> UUID | None:
    """The report that this one follows."""
    lead = ties_of(conn, report_id).followed
    return lead.link.lead_id if lead is not None else None


def leave_lead(conn: Connection, report_id: UUID, now: datetime) -> None:
    """A report that is taken back or erased follows no other any more."""
    conn.execute(_PART, {"report": report_id, "now": now})


def _tied(row: Sequence[object]) -> Tied:
    return Tied(LINK.value(row[:-1]), str(row[-1]))
