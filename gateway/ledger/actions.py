"""What people did, through commands, API or console."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, select

from gateway.ledger.shapes import ACTION
from gateway.ledger.tables import actions
from gateway.ledger.values import ActionRow
from schemas.base import Json
from schemas.ids import new_id, uuid7

_NOTE = insert(actions)
_NOTHING = bytes(10)
_NEXT = timedelta(milliseconds=1)


def note(conn: Connection, action: ActionRow) -> None:
    """Keep an action."""
    conn.execute(_NOTE, ACTION.parameters(action))


def note_each(
    conn: Connection, subjects: Iterable[UUID | str], action: str, actor: str, now: datetime, **detail: Json
) -> None:
    """Keep the same action on several subjects."""
    rows = [ActionRow(new_id(now), now, actor, action, str(subject), detail) for subject in subjects]
    if rows:
        conn.execute(_NOTE, [ACTION.parameters(row) for row in rows])


def actions_at(conn: Connection, at: datetime, actor: str, names: Sequence[str]) -> list[tuple[str, str, Json]]:
    """What somebody did at that very moment, of the actions of these names: subject, name and detail, by subject."""
    query = select(actions.c.subject, actions.c.action, actions.c.detail).where(
        actions.c.id >= uuid7(at, _NOTHING),  # ids sort by time
        actions.c.id < uuid7(at + _NEXT, _NOTHING),
        actions.c.at == at,
        actions.c.actor == actor,
        actions.c.action.in_(names),
    )
    return [(subject, name, detail) for subject, name, detail in conn.execute(query.order_by(actions.c.subject))]


def list_actions(
    conn: Connection,
    *,
    subject: str | None = None,
    actor: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[ActionRow]:
    """Actions, newest first; `after` is the last id of the page before."""
    query = select(*ACTION.columns).order_by(actions.c.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(actions.c.subject == subject)
    if actor is not None:
        query = query.where(actions.c.actor == actor)
    if after is not None:
        query = query.where(actions.c.id < after)
    return [ACTION.value(row) for row in conn.execute(query)]
