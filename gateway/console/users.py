"""Users of the console, for the admin; and everybody's own sessions and password."""

from __future__ import annotations

import asyncio
import re
import secrets
from datetime import timedelta

from starlette.responses import Response

from gateway.console.sessions import WHOLE
from gateway.console.visit import Visit
from gateway.ledger.sessions import list_sessions, revoke_session
from gateway.ledger.users import UserRow, add_user, list_users, load_user, lock_user, set_password, set_role
from gateway.passwords import LONGEST, fits, hash_password
from gateway.roles import ALLOWED, Role
from gateway.user_access import USER_NAME
from schemas.errors import NotFound

_PASSWORD_BYTES = 15


async def show_users(visit: Visit) -> Response:
    """Everybody, and who is signed in."""
    return await _page(visit, None)


async def take_user(visit: Visit) -> Response:
    """Make a user with a password of chance, shown this one time."""
    name = visit.needed("name")
    if not re.fullmatch(USER_NAME, name):
        raise visit.wrong("name", "users.name_rule")
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    row = UserRow(name, _role(visit), await _hashed(visit, password), visit.now, visit.now)
    await visit.desk.ledger.write(add_user, row, visit.actor)
    return await _page(visit, (name, password))


async def take_role(visit: Visit) -> Response:
    """Give a user another role."""
    name = visit.request.path_params["name"]
    await visit.desk.ledger.write(set_role, name, _role(visit), visit.actor, visit.now)
    return visit.go("/users", done="role_set")


async def take_lock(visit: Visit) -> Response:
    """Lock a user out, or let them in again."""
    name, locked = visit.request.path_params["name"], visit.field("locked") != "no"
    await visit.desk.ledger.write(lock_user, name, visit.actor, visit.now, locked=locked)
    return visit.go("/users", done="locked" if locked else "unlocked")


async def take_reset(visit: Visit) -> Response:
    """Give a user a new password of chance, shown this one time."""
    name = visit.request.path_params["name"]
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    await visit.desk.ledger.write(set_password, name, await _hashed(visit, password), visit.actor, visit.now)
    return await _page(visit, (name, password))


async def show_me(visit: Visit) -> Response:
    """One's own sessions and password."""
    since = visit.now - WHOLE
    mine = await visit.desk.ledger.read(list_sessions, since, visit.me.name)
    user = await visit.desk.ledger.read(load_user, visit.me.name)
    by_provider = user is not None and user.is_from_provider
    return visit.page("me.html", sessions=mine, current=visit.me.session.id, by_provider=by_provider)


async def take_password(visit: Visit) -> Response:
    """Change one's own password; every session ends, this one too."""
    user = await visit.desk.ledger.read(load_user, visit.me.name)
    visit.filled("old", "new", most=LONGEST)
    old, new = visit.form["old"][0], visit.form["new"][0]
    async with visit.desk.hashing:
        right = await asyncio.to_thread(fits, old, user.password if user else None)
    if not right:
        raise visit.wrong("old", "me.wrong_password")
    await visit.desk.ledger.write(set_password, visit.me.name, await _hashed(visit, new), visit.actor, visit.now)
    return visit.go("/sign-in")


async def take_end(visit: Visit) -> Response:
    """End one of one's own sessions."""
    mine = await visit.desk.ledger.read(list_sessions, visit.now - timedelta(days=1), visit.me.name)
    wanted = visit.path_id("session")
    if all(one.id != wanted for one in mine):
        raise NotFound(visit.told("me.session_over"))
    await visit.desk.ledger.write(revoke_session, wanted, visit.actor, visit.now)
    return visit.go("/me", done="session_ended")


async def _page(visit: Visit, made: tuple[str, str] | None) -> Response:
    ledger = visit.desk.ledger
    return visit.page(
        "users.html",
        here="/users",
        users=await ledger.read(list_users),
        sessions=await ledger.read(list_sessions, visit.now - WHOLE),
        allowed=ALLOWED,
        made=made,
    )


async def _hashed(visit: Visit, password: str) -> str:
    async with visit.desk.hashing:
        return await asyncio.to_thread(hash_password, password)


def _role(visit: Visit) -> Role:
    try:
        return Role(visit.needed("role"))
    except ValueError as error:
        raise visit.wrong("role", "error.id") from error
