"""Which master key the ledger's keys and secrets lie under, and putting them under another."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select, union_all, update

from gateway.ledger.alert_tables import alert_hooks
from gateway.ledger.registers import channels
from gateway.ledger.tables import report_keys
from gateway.ledger.values import KeyRow


def count_by_master(conn: Connection) -> dict[str, int]:
    """How many keys and secrets lie under each master key."""
    of_reports = select(report_keys.c.master_key_id).where(report_keys.c.wrapped.is_not(None))
    of_channels = select(channels.c.master_key_id).where(channels.c.sealed_secrets.is_not(None))
    of_hooks = select(alert_hooks.c.master_key_id)
    every = union_all(of_reports, of_channels, of_hooks).subquery()
    query = select(every.c.master_key_id, func.count()).group_by(every.c.master_key_id)
    return {row[0] or "-": row[1] for row in conn.execute(query)}


def keys_under_others(conn: Connection, current: str, limit: int) -> list[KeyRow]:
    """Keys of reports that lie under another master key than the current one; erased ones lie under none."""
    query = (
        select(report_keys.c.subject_id, report_keys.c.wrapped, report_keys.c.master_key_id)
        .where(report_keys.c.wrapped.is_not(None), report_keys.c.master_key_id != current)
        .limit(limit)
    )
    return [KeyRow(row.subject_id, row.wrapped, row.master_key_id) for row in conn.execute(query)]


def put_keys(conn: Connection, pairs: Sequence[tuple[KeyRow, KeyRow]]) -> None:
    """Replace keys, each old one by a new one of the same subject. One erased or rewrapped meanwhile stays."""
    statement = (
        update(report_keys)
        .where(report_keys.c.subject_id == bindparam("subject"), report_keys.c.wrapped == bindparam("old"))
        .values(wrapped=bindparam("new"), master_key_id=bindparam("master"))
    )
    values = [
        {"subject": old.subject_id, "old": old.wrapped, "new": new.wrapped, "master": new.master_key_id}
        for old, new in pairs
    ]
    if values:
        conn.execute(statement, values)


def put_secrets(conn: Connection, channel: str, old: bytes, sealed: bytes, master_key_id: str) -> bool:
    """Replace the sealed secrets of a channel, if they are still the old ones."""
    statement = update(channels).where(channels.c.name == channel, channels.c.sealed_secrets == old)
    return conn.execute(statement.values(sealed_secrets=sealed, master_key_id=master_key_id)).rowcount == 1
