"""People whom the sign-in provider knows: found by what it calls them, with the role that its groups give them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.ledger.actions import note_each
from gateway.ledger.owned_keys import keys_of
from gateway.ledger.people import sign_in_returns, user_keys, user_subjects, users
from gateway.ledger.sessions import SessionRow, open_session, revoke_sessions
from gateway.ledger.user_keys import revoke_user_key
from gateway.ledger.users import UserRow, add_user, load_user
from gateway.roles import Role
from schemas.errors import Forbidden, Invalid

PROVIDER = "provider"
"""Who acts when the provider's word changes something: in the record of actions."""
NOBODY = "?"
"""Whom a refusal is about when that is not known."""
_MOST_ALIKE = 99
_LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody as the provider knows them. `wish` is the user name that a new account gets, or one like it."""

    issuer: str
    subject: str
    wish: str


def take_return(conn: Connection, state: bytes, now: datetime, keep: timedelta) -> bool:
    """Take an answer of the provider, once; False when it was taken before. Older ones than `keep` are forgotten."""
    conn.execute(delete(sign_in_returns).where(sign_in_returns.c.at < now - keep))
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(sign_in_returns).values(state=state, at=now).on_conflict_do_nothing()
    return conn.execute(statement).rowcount == 1


def account_of(conn: Connection, who: Subject, role: Role, now: datetime) -> UserRow:
    """The account of somebody, made at their first sign-in, with this role from now on.

    An account that others made, with a password of its own, is never given to somebody of the same name. Raises
    Invalid when too many are called alike.
    """
    user = find_subject(conn, who)
    if user is None:
        return _made(conn, who, role, now)
    if user.role is not role:
        conn.execute(update(users).where(users.c.name == user.name).values(role=role))
        note_each(conn, [user.name], "user.role", PROVIDER, now, role=role, before=user.role)
    return replace(user, role=role)


def find_subject(conn: Connection, who: Subject) -> UserRow | None:
    """The account of somebody; None before their first sign-in."""
    query = select(user_subjects.c.user_name).where(
        user_subjects.c.issuer == who.issuer, user_subjects.c.subject == who.subject
    )
    name = conn.execute(query).scalar()
    return None if name is None else load_user(conn, name)


def enter(conn: Connection, who: Subject, role: Role, session: SessionRow) -> UserRow:
    """Begin a session of somebody in one step with their account and its role; its `user_name` is filled in here.

    Raises Forbidden when the account is locked out: nothing is begun, and nothing of it changed then.
    """
    known = find_subject(conn, who)
    if known is not None and known.locked_at is not None:
        raise Forbidden(f"{known.name} is locked out")
    user = account_of(conn, who, role, session.created_at)
    open_session(conn, replace(session, user_name=user.name), by=PROVIDER)
    return user


def turn_away(conn: Connection, who: Subject | None, reason: str, address: str, now: datetime) -> None:
    """Record that somebody was refused; who lost every role loses sessions and keys with it."""
    user = None if who is None else find_subject(conn, who)
    if user is not None and reason == "no_role":
        revoke_sessions(conn, user.name, now)
        for row in conn.execute(keys_of((user_keys.c.id, user_keys.c.revoked_at), user_keys.c.user_name, user.name)):
            if row.revoked_at is None:
                revoke_user_key(conn, row.id, PROVIDER, now)
    name = user.name if user is not None else who.wish if who is not None else NOBODY
    note_each(conn, [name], "sign_in.refused", PROVIDER, now, reason=reason, address=address)


def _made(conn: Connection, who: Subject, role: Role, now: datetime) -> UserRow:
    row = UserRow(_free_name(conn, who.wish), role, "", now, now)
    add_user(conn, row, PROVIDER)
    conn.execute(
        insert(user_subjects).values(issuer=who.issuer, subject=who.subject, user_name=row.name, created_at=now)
    )
    return row


def _free_name(conn: Connection, wish: str) -> str:
    for number in range(1, _MOST_ALIKE + 1):
        ending = "" if number == 1 else f"-{number}"
        name = wish[: _LONGEST_NAME - len(ending)] + ending
        if load_user(conn, name) is None:
            return name
    raise Invalid(f"there are {_MOST_ALIKE} users called {wish} already")
