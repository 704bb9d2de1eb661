"""Users of console and API, for the admin; and everybody's own sessions and password."""

from __future__ import annotations

import asyncio
import os
import secrets
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from gateway.api.ops.asked import Asked, answer, asked, published
from gateway.channels import ENTROPY_BYTES
from gateway.ledger.sessions import LONGEST_SESSION, list_sessions, revoke_session
from gateway.ledger.user_keys import add_user_key, list_user_keys, revoke_user_key
from gateway.ledger.users import UserRow, add_user, list_users, load_user, lock_user, set_password, set_role
from gateway.operations.rows import session_row, user_key_row, user_row
from gateway.passwords import fits, hash_password
from gateway.roles import Permission, Role
from gateway.user_access import USER_NAME, make_user_key
from schemas.base import Schema
from schemas.errors import Forbidden, NotFound

router = APIRouter(prefix="/v1/ops", tags=["operations"])

_PASSWORD_BYTES = 15
_USER = ("name", "role", "signs_in_by", "created_at", "locked_at")
_SESSION = ("id", "user", "created_at", "seen_at", "address", "agent")
_KEY = ("id", "user", "created_at", "revoked_at")


class NewUser(Schema):
    """A user; the password is made and shown once."""

    name: str = Field(pattern=USER_NAME)
    role: Role = Role.VIEWER


class NewRole(Schema):
    """What a user may do from now on."""

    role: Role


class Lock(Schema):
    """Whether a user is locked out."""

    locked: bool


class NewPassword(Schema):
    """One's own password, the one before it and the new one."""

    old: str = Field(max_length=1024)
    new: str = Field(max_length=1024)


@router.get("/users", summary="List users", **published("By name", *_USER, rows=True))
async def get_users(request: Request) -> Response:
    """Everybody who may use console and API."""
    one = await asked(request, Permission.SET_UP)
    return answer({"rows": [user_row(user) for user in await one.ledger.read(list_users)], "next": None})


@router.post("/users", summary="Make a user", **published("The password, once", "name", "password", body=NewUser))
async def post_user(request: Request) -> Response:
    """With a password of chance, shown this one time."""
    one = await asked(request, Permission.SET_UP)
    given = await one.body(NewUser)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    row = UserRow(given.name, given.role, await _hashed(one, password), one.now, one.now)
    await one.ledger.write(add_user, row, one.actor)
    return answer({"name": given.name, "password": password})


@router.post("/users/{name}/role", summary="Give a user a role", **published("Done", body=NewRole, problems=("404",)))
async def post_role(request: Request, name: str) -> Response:
    """It holds from the next request, in the console and for every key."""
    one = await asked(request, Permission.SET_UP)
    await one.ledger.write(set_role, name, (await one.body(NewRole)).role, one.actor, one.now)
    return answer({})


@router.post("/users/{name}/lock", summary="Lock a user out", **published("Done", body=Lock, problems=("404",)))
async def post_lock(request: Request, name: str) -> Response:
    """Every session ends and no key opens anything; or let them in again."""
    one = await asked(request, Permission.SET_UP)
    locked = (await one.body(Lock)).locked
    await one.ledger.write(lock_user, name, one.actor, one.now, locked=locked)
    return answer({})


@router.post(
    "/users/{name}/password", summary="Reset a password", **published("Once", "name", "password", problems=("404",))
)
async def post_reset(request: Request, name: str) -> Response:
    """A new password of chance, shown this one time; every session of the user ends."""
    one = await asked(request, Permission.SET_UP)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    await one.ledger.write(set_password, name, await _hashed(one, password), one.actor, one.now)
    return answer({"name": name, "password": password})


@router.get("/users/keys", summary="List keys of the API", **published("By user", *_KEY, rows=True))
async def get_keys(request: Request) -> Response:
    """By their public half."""
    one = await asked(request, Permission.SET_UP)
    return answer({"rows": [user_key_row(key) for key in await one.ledger.read(list_user_keys)], "next": None})


@router.post("/users/{name}/keys", summary="Make a key", **published("Shown once", "id", "key", problems=("404",)))
async def post_key(request: Request, name: str) -> Response:
    """A key of the API for a user, shown this one time. It may do what the user's role may."""
    one = await asked(request, Permission.SET_UP)
    row, key = make_user_key(name, os.urandom(ENTROPY_BYTES), one.now)
    await one.ledger.write(add_user_key, row, one.actor)
    return answer({"id": row.id, "key": key})


@router.post("/users/keys/{key}/revoke", summary="Revoke a key", **published("Done", "changed"))
async def post_revoke(request: Request, key: str) -> Response:
    """Requests with it are refused at once."""
    one = await asked(request, Permission.SET_UP)
    return answer({"changed": await one.ledger.write(revoke_user_key, key, one.actor, one.now)})


@router.get("/sessions", summary="List sessions", **published("Newest first", *_SESSION, rows=True))
async def get_sessions(request: Request) -> Response:
    """Your own sessions of the console; everybody's for an admin."""
    one = await asked(request, Permission.LOOK)
    whose = None if one.operator.may(Permission.SET_UP) else one.operator.name
    rows = await one.ledger.read(list_sessions, one.now - LONGEST_SESSION, whose)
    return answer({"rows": [session_row(row) for row in rows], "next": None})


@router.post("/sessions/{session}/end", summary="End a session", **published("Done", problems=("404",)))
async def post_end(request: Request, session: UUID) -> Response:
    """One of your own; of anybody for an admin."""
    one = await asked(request, Permission.LOOK)
    whose = None if one.operator.may(Permission.SET_UP) else one.operator.name
    known = await one.ledger.read(list_sessions, one.now - LONGEST_SESSION, whose)
    if all(row.id != session for row in known):
        raise NotFound("there is no session of this id, or it is not yours")
    await one.ledger.write(revoke_session, session, one.actor, one.now)
    return answer({})


@router.post("/me/password", summary="Change your password", **published("Done", body=NewPassword))
async def post_password(request: Request) -> Response:
    """Every session of yours ends; keys stay."""
    one = await asked(request, Permission.LOOK)
    given = await one.body(NewPassword)
    user = await one.ledger.read(load_user, one.operator.name)
    async with one.ops.hashing:
        right = await asyncio.to_thread(fits, given.old, user.password if user else None)
    if not right:
        raise Forbidden("the old password is wrong")
    await one.ledger.write(set_password, one.operator.name, await _hashed(one, given.new), one.actor, one.now)
    return answer({})


async def _hashed(one: Asked, password: str) -> str:
    async with one.ops.hashing:
        return await asyncio.to_thread(hash_password, password)
