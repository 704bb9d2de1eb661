"""How far the ledger has come, for whoever remembers that elsewhere, and holding everything when it went back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from gateway.ledger.channels import list_channels
from gateway.ledger.destinations import pause
from gateway.ledger.dialects import Both
from gateway.ledger.notice_values import AT
from gateway.ledger.restoring import WENT_BACK_RULE
from gateway.ledger.tables import attempts, checkpoints, destinations, handoffs, reports, restorations
from gateway.tidemark import Mark, Tide

_KNOWN = Both(lambda dialect: select(handoffs.c.id).where(dialect.among(handoffs.c.id, "ids")))
TOLD = "an older ledger than was seen before: run `sp4n-gateway restored`"
"""Why nothing is sent, as it stands beside each destination."""


def tide_of(conn: Connection, mark: Mark | None) -> Tide:
    """How it stands, and what it knows of a mark."""
    last = conn.execute(select(checkpoints.c.size, checkpoints.c.root).order_by(checkpoints.c.size.desc()).limit(1))
    size, root = last.one_or_none() or (0, b"")
    newest = conn.execute(select(reports.c.id).order_by(reports.c.id.desc()).limit(1)).scalar_one_or_none()
    then, knows = None, True
    if mark is not None:
        same = select(checkpoints.c.root).where(checkpoints.c.size == mark.size)
        then = conn.execute(same).scalar_one_or_none()
        its = select(reports.c.id).where(reports.c.id == mark.report)
        knows = mark.report is None or conn.execute(its).one_or_none() is not None
    highest = conn.execute(select(func.max(attempts.c.seq))).scalar_one() or 0
    said = select(restorations.c.at).order_by(restorations.c.at.desc()).limit(1)
    return Tide(size, root, highest, newest, then, knows, conn.execute(said).scalar_one_or_none())


def hold_everything(conn: Connection, names: Iterable[str], now: datetime) -> bool:
    """Send nothing, to no destination and no reporter, until somebody has run `restored`; False: so it was already."""
    answering = [AT + row.name for row in list_channels(conn) if row.answers]
    held = [pause(conn, name, WENT_BACK_RULE, TOLD, now) for name in (*names, *answering)]
    return any(held)


def strangers(conn: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the handoffs that are not in the ledger."""
    return set(ids) - set(conn.execute(_KNOWN.on(conn), {"ids": list(ids)}).scalars()) if ids else set()


def held_since(conn: Connection) -> datetime | None:
    """Since when everything is held because the ledger went back; None when it is not."""
    query = select(destinations.c.paused_at).where(destinations.c.paused_by == WENT_BACK_RULE)
    return conn.execute(query.order_by(destinations.c.paused_at).limit(1)).scalar_one_or_none()
