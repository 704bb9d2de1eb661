"""Views of the delivery log that somebody gave a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, or_, select

from gateway.ledger.people import saved_views


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view: the query part of the log's address under a name. `shared`: everybody sees it."""

    id: UUID
    owner: str
    name: str
    query: str
    shared: bool
    created_at: datetime


def save_view(conn: Connection, view: SavedView) -> None:
    """Keep a view; one of the same owner and name is replaced."""
    conn.execute(delete(saved_views).where(saved_views.c.owner == view.owner, saved_views.c.name == view.name))
    conn.execute(
        insert(saved_views).values(
            id=view.id,
            owner=view.owner,
            name=view.name,
            query=view.query,
            shared=view.shared,
            created_at=view.created_at,
        )
    )


def list_views(conn: Connection, owner: str) -> list[SavedView]:
    """Somebody's own views, and those that others share, by name."""
    query = select(saved_views).where(or_(saved_views.c.owner == owner, saved_views.c.shared))
    return [SavedView(*row) for row in conn.execute(query.order_by(saved_views.c.name, saved_views.c.id))]


def drop_view(conn: Connection, view_id: UUID, owner: str) -> bool:
    """Forget a view; False when it is not there or somebody else's."""
    statement = delete(saved_views).where(saved_views.c.id == view_id, saved_views.c.owner == owner)
    return conn.execute(statement).rowcount == 1
