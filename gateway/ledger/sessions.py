"""Sessions of the console and failed tries to sign in. Tokens are kept as digests, names and addresses as hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.people import sessions, sign_in_failures, users
from schemas.base import Json

LONGEST_SESSION = timedelta(hours=12)
"""After so long a session ends, whatever is done in it."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session. `digest` is the SHA-256 of its token; `seen_at` moves at most once a minute."""

    id: UUID
    digest: bytes
    user_name: str
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row somebody failed to sign in, and when last."""

    key: bytes
    count: int
    last_at: datetime


def open_session(conn: Connection, session: SessionRow, by: str | None = None) -> None:
    """Keep a session that begins, and who signed in; `by`: who vouched for them, None for their password."""
    conn.execute(
        insert(sessions).values(
            id=session.id,
            digest=session.digest,
            user_name=session.user_name,
            created_at=session.created_at,
            seen_at=session.seen_at,
            address=session.address,
            agent=session.agent,
        )
    )
    detail: dict[str, Json] = {"address": session.address} | ({"by": by} if by is not None else {})
    note_each(conn, [session.user_name], "sign_in", session.user_name, session.created_at, **detail)


def find_session(conn: Connection, digest: bytes) -> tuple[SessionRow, str] | None:
    """The session of a token and the role of its user; None when it is revoked, unknown, or its user locked out."""
    query = (
        select(*sessions.c, users.c.role)
        .join(users, users.c.name == sessions.c.user_name)
        .where(sessions.c.digest == digest, sessions.c.revoked_at.is_(None), users.c.locked_at.is_(None))
    )
    row = conn.execute(query).first()
    return (SessionRow(*row[:-1]), row[-1]) if row else None


def touch_session(conn: Connection, session_id: UUID, now: datetime) -> None:
    """Note that a session is used."""
    conn.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now))


def revoke_session(conn: Connection, session_id: UUID, actor: str, now: datetime) -> bool:
    """End a session; False when it has ended or is not there."""
    statement = update(sessions).where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None))
    name = conn.execute(statement.values(revoked_at=now).returning(sessions.c.user_name)).scalar()
    if name is None:
        return False
    note_each(conn, [name], "sign_out", actor, now, session=str(session_id))
    return True


def revoke_sessions(conn: Connection, name: str, now: datetime) -> None:
    """End every session of a user."""
    conn.execute(
        update(sessions).where(sessions.c.user_name == name, sessions.c.revoked_at.is_(None)).values(revoked_at=now)
    )


def list_sessions(conn: Connection, since: datetime, name: str | None = None) -> list[SessionRow]:
    """Sessions that were begun since then and not revoked, newest first."""
    query = select(sessions).where(sessions.c.created_at >= since, sessions.c.revoked_at.is_(None))
    if name is not None:
        query = query.where(sessions.c.user_name == name)
    return [SessionRow(*row) for row in conn.execute(query.order_by(sessions.c.created_at.desc()))]


def failures_of(conn: Connection, keys: Sequence[bytes]) -> list[Failures]:
    """The failures that are kept under these keys, as far as there are any."""
    rows = conn.execute(select(sign_in_failures).where(sign_in_failures.c.key.in_(keys)))
    return [Failures(*row) for row in rows]


def count_try(conn: Connection, keys: Sequence[bytes], now: datetime, forget_before: datetime) -> None:
    """Count a try as failed under each key before it is checked; what is older than `forget_before` is forgotten."""
    conn.execute(delete(sign_in_failures).where(sign_in_failures.c.last_at < forget_before))
    for key in keys:
        one_more = update(sign_in_failures).where(sign_in_failures.c.key == key)
        values = {"failures": sign_in_failures.c.failures + 1, "last_at": now}
        if conn.execute(one_more.values(values)).rowcount != 1:
            conn.execute(insert(sign_in_failures).values(key=key, failures=1, last_at=now))


def forget_tries(conn: Connection, keys: Sequence[bytes]) -> None:
    """Somebody signed in: nothing is held against them any more."""
    conn.execute(delete(sign_in_failures).where(sign_in_failures.c.key.in_(keys)))
