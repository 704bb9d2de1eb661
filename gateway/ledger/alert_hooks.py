"""Who is told of alerts by webhook, and what each is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.alert_tables import alert_hooks, alert_notices
from schemas.errors import Invalid


@dataclass(frozen=True, slots=True)
class HookRow:
    """Somebody who is told. `private`: the host may be an inside address."""

    name: str
    url: str
    private: bool
    sealed_secret: bytes
    master_key_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """What a hook is owed: `id` is the webhook-id, `tries` those made so far."""

    id: UUID
    hook: str
    body: str
    made_at: datetime
    tries: int


_COLUMNS = (
    alert_hooks.c.name,
    alert_hooks.c.url,
    alert_hooks.c.private,
    alert_hooks.c.sealed_secret,
    alert_hooks.c.master_key_id,
    alert_hooks.c.created_at,
)


def add_hook(conn: Connection, hook: HookRow, actor: str) -> None:
    """Tell somebody of alerts from now on. Raises Invalid for a name that is taken."""
    if any(one.name == hook.name for one in list_hooks(conn)):
        raise Invalid(f"there is a hook {hook.name} already")
    values = {"sealed_secret": hook.sealed_secret, "master_key_id": hook.master_key_id, "created_at": hook.created_at}
    conn.execute(insert(alert_hooks).values(name=hook.name, url=hook.url, private=hook.private, **values))
    note_each(conn, [hook.name], "alert_hook.add", actor, hook.created_at)


def drop_hook(conn: Connection, name: str, actor: str, now: datetime) -> bool:
    """Tell them nothing more, and forget what they were owed; False when there is no such hook."""
    if conn.execute(delete(alert_hooks).where(alert_hooks.c.name == name)).rowcount != 1:
        return False
    conn.execute(delete(alert_notices).where(alert_notices.c.hook == name, alert_notices.c.due_at.is_not(None)))
    note_each(conn, [name], "alert_hook.drop", actor, now)
    return True


def list_hooks(conn: Connection) -> list[HookRow]:
    """All of them by name."""
    return [HookRow(*row) for row in conn.execute(select(*_COLUMNS).order_by(alert_hooks.c.name))]


def notices_due(conn: Connection, now: datetime, limit: int) -> list[OwedNotice]:
    """What is to be told now, oldest first."""
    columns = (
        alert_notices.c.id,
        alert_notices.c.hook,
        alert_notices.c.body,
        alert_notices.c.made_at,
        alert_notices.c.tries,
    )
    query = select(*columns).where(alert_notices.c.due_at <= now).order_by(alert_notices.c.due_at).limit(limit)
    return [OwedNotice(*row) for row in conn.execute(query)]


def settle_notice(conn: Connection, identity: UUID, reason: str | None, due_at: datetime | None, now: datetime) -> None:
    """Keep what a try came to: told (no reason), to be tried again at `due_at`, or given up."""
    told = now if reason is None else None
    statement = update(alert_notices).where(alert_notices.c.id == identity)
    conn.execute(statement.values(tries=alert_notices.c.tries + 1, due_at=due_at, told_at=told, reason=reason))


def put_hook_secret(conn: Connection, hook: HookRow, old: bytes) -> bool:
    """Replace the sealed secret of a hook, if it is still the old one."""
    statement = update(alert_hooks).where(alert_hooks.c.name == hook.name, alert_hooks.c.sealed_secret == old)
    values = {"sealed_secret": hook.sealed_secret, "master_key_id": hook.master_key_id}
    return conn.execute(statement.values(**values)).rowcount == 1
