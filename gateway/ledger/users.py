"""The people of the console: who they are, what role they have, whether they are locked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.people import users
from gateway.ledger.sessions import revoke_sessions
from gateway.roles import Role
from schemas.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person. `password` is the argon2id hash, set at `changed_at`; empty for who signs in by the provider."""

    name: str
    role: Role
    password: str
    created_at: datetime
    changed_at: datetime
    locked_at: datetime | None = None

    @property
    def is_from_provider(self) -> bool:
        """Whether the sign-in provider says who they are, and by its groups which role they have."""
        return not self.password


def add_user(conn: Connection, user: UserRow, actor: str) -> None:
    """Make a user. Raises Invalid when there is one of this name."""
    if load_user(conn, user.name) is not None:
        raise Invalid(f"there is a user {user.name} already", cause="user_there", about=user.name)
    conn.execute(
        insert(users).values(
            name=user.name,
            role=user.role,
            password=user.password,
            created_at=user.created_at,
            changed_at=user.changed_at,
            locked_at=user.locked_at,
        )
    )
    note_each(conn, [user.name], "user.add", actor, user.created_at, role=user.role)


def load_user(conn: Connection, name: str) -> UserRow | None:
    """A user by name."""
    row = conn.execute(select(users).where(users.c.name == name)).first()
    return user_of(row) if row else None


def list_users(conn: Connection) -> list[UserRow]:
    """All users by name."""
    return [user_of(row) for row in conn.execute(select(users).order_by(users.c.name))]


def has_users(conn: Connection) -> bool:
    """Whether anybody can sign in at all."""
    return conn.execute(select(users.c.name).limit(1)).first() is not None


def set_role(conn: Connection, name: str, role: Role, actor: str, now: datetime) -> None:
    """Give a user another role; it holds from the next request.

    Raises NotFound; Invalid for the last admin, and for a user whose role the sign-in provider says.
    """
    user = _known(conn, name)
    _spare_the_providers(user, "the role")
    if role is not Role.ADMIN:
        _spare_the_last_admin(conn, user)
    conn.execute(update(users).where(users.c.name == name).values(role=role))
    note_each(conn, [name], "user.role", actor, now, role=role, before=user.role)


def set_password(conn: Connection, name: str, password: str, actor: str, now: datetime) -> None:
    """Keep the hash of a new password and end the user's sessions.

    Raises NotFound; Invalid for a user who signs in by the provider.
    """
    _spare_the_providers(_known(conn, name), "the password")
    conn.execute(update(users).where(users.c.name == name).values(password=password, changed_at=now))
    revoke_sessions(conn, name, now)
    note_each(conn, [name], "user.password", actor, now)


def lock_user(conn: Connection, name: str, actor: str, now: datetime, *, locked: bool) -> bool:
    """Lock a user out and end the sessions, or let them in again; False when that is so already.

    Raises NotFound; Invalid for the last admin.
    """
    user = _known(conn, name)
    if (user.locked_at is not None) == locked:
        return False
    if locked:
        _spare_the_last_admin(conn, user)
        revoke_sessions(conn, name, now)
    conn.execute(update(users).where(users.c.name == name).values(locked_at=now if locked else None))
    note_each(conn, [name], "user.lock" if locked else "user.unlock", actor, now)
    return True


def user_of(row: object) -> UserRow:
    """The user of a row of the table."""
    values = row._mapping  # type: ignore[attr-defined]  # a row of SQLAlchemy
    return UserRow(
        values[users.c.name],
        Role(values[users.c.role]),
        values[users.c.password],
        values[users.c.created_at],
        values[users.c.changed_at],
        values[users.c.locked_at],
    )


def _known(conn: Connection, name: str) -> UserRow:
    user = load_user(conn, name)
    if user is None:
        raise NotFound(f"there is no user {name}; see `user list`", cause="no_user", about=name)
    return user


def _spare_the_providers(user: UserRow, what: str) -> None:
    if user.is_from_provider:
        detail = f"{what} of {user.name} is the sign-in provider's to change; here the user can be locked out"
        raise Invalid(detail, cause="providers_to_change", about=user.name)


def _spare_the_last_admin(conn: Connection, user: UserRow) -> None:
    query = select(func.count()).where(users.c.role == Role.ADMIN, users.c.locked_at.is_(None))
    if user.role is Role.ADMIN and user.locked_at is None and conn.execute(query).scalar_one() == 1:
        detail = f"{user.name} is the last admin who can sign in; make another one first"
        raise Invalid(detail, cause="last_admin", about=user.name)
