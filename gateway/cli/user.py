"""`user`: who may use the console, in which role."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any

import typer

from gateway.cli.asked import agreed, identity, secret
from gateway.cli.desk import Desk, at_desk
from gateway.cli.rows import SESSION_HEADINGS
from gateway.cli.say import listing, note, tell
from gateway.cli.user_key import app as user_key
from gateway.ledger.sessions import LONGEST_SESSION, list_sessions, revoke_session
from gateway.ledger.users import UserRow, add_user, list_users, lock_user, set_password, set_role
from gateway.operations.rows import session_row, user_row
from gateway.passwords import hash_password
from gateway.roles import Role
from gateway.user_access import USER_NAME
from schemas.errors import Invalid, NotFound

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(user_key, name="key")

HEADINGS = {"name": "user", "role": "role", "signs_in_by": "by", "created_at": "made", "locked_at": "locked"}

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user.")]
Password = Annotated[str | None, typer.Option("--password", help="@file, - for stdin; asked for unseen when left out.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.VIEWER,
    password: Password = None,
    generate: Annotated[bool, typer.Option("--generate", help="Make a password and print it, once.")] = False,
) -> None:
    """Make a user of the console. With the first one the console opens."""
    if not re.fullmatch(USER_NAME, name):
        raise Invalid("a name is small letters, digits, . _ and -, begins with a letter, at most 32")
    chosen = _password(password, generate=generate)

    async def work(desk: Desk) -> None:
        row = UserRow(name, role, hash_password(chosen), desk.now, desk.now)
        await desk.ledger.write(add_user, row, desk.actor)
        tell(f"Pengguna dibuat / User made: {name} ({role.value})")
        _show(chosen, generate=generate)

    at_desk(work, begin=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the users of the console."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [user_row(user) for user in await desk.ledger.read(list_users)]

    listing(at_desk(work), HEADINGS, as_json=as_json, empty="Belum ada pengguna / No user yet: user add")


@app.command()
def role(name: Name, to: Annotated[Role, typer.Argument(metavar="ROLE", help="The new role.")]) -> None:
    """Give a user another role; it holds from the next request."""

    async def work(desk: Desk) -> None:
        await desk.ledger.write(set_role, name, to, desk.actor, desk.now)
        tell(f"{name}: {to.value}")

    at_desk(work)


@app.command()
def lock(
    name: Name,
    off: Annotated[bool, typer.Option("--off", help="Let the user in again.")] = False,
    yes: Yes = False,
) -> None:
    """Lock a user out and end every session of theirs."""

    async def work(desk: Desk) -> None:
        if not off and not agreed(f"Kunci {name} / Lock {name} out?", yes=yes):
            raise typer.Exit(1)
        changed = await desk.ledger.write(lock_user, name, desk.actor, desk.now, locked=not off)
        told = "dibuka / let in" if off else "dikunci / locked out"
        tell(f"{name}: {told}" if changed else f"{name}: sudah begitu / that is so already")

    at_desk(work)


@app.command()
def password(
    name: Name,
    given: Password = None,
    generate: Annotated[bool, typer.Option("--generate", help="Make a password and print it, once.")] = False,
) -> None:
    """Give a user a new password; every session of theirs ends."""
    chosen = _password(given, generate=generate)

    async def work(desk: Desk) -> None:
        await desk.ledger.write(set_password, name, hash_password(chosen), desk.actor, desk.now)
        tell(f"{name}: kata sandi diganti / password changed")
        _show(chosen, generate=generate)

    at_desk(work)


@app.command()
def sessions(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this user's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List who is signed in to the console: where from, since when, and when last seen."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [session_row(row) for row in await desk.ledger.read(list_sessions, desk.now - LONGEST_SESSION, name)]

    listing(at_desk(work), SESSION_HEADINGS, as_json=as_json, empty="Tidak ada yang masuk / Nobody is signed in.")


@app.command("end-session")
def end_session(session: Annotated[str, typer.Argument(metavar="ID", help="The session, as listed.")]) -> None:
    """End a session of the console: its browser must sign in again."""
    wanted = identity(session)

    async def work(desk: Desk) -> None:
        if not await desk.ledger.write(revoke_session, wanted, desk.actor, desk.now):
            raise NotFound(f"there is no session {session} that holds; see `user sessions`")
        tell(f"Diakhiri / Ended: {session}")

    at_desk(work)


def _password(given: str | None, *, generate: bool) -> str:
    return secrets.token_urlsafe(15) if generate else secret(given, "password")


def _show(chosen: str, *, generate: bool) -> None:
    if generate:
        note("Kata sandi ini hanya tampil sekali / This password is shown only once:")
        tell(chosen)
