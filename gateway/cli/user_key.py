"""`user key`: the keys with which people use the API, in the role that they have in the console."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from gateway.channels import ENTROPY_BYTES
from gateway.cli.desk import Desk, at_desk
from gateway.cli.one_key import ask_to_revoke, show_once
from gateway.cli.rows import USER_KEY_HEADINGS
from gateway.cli.say import listing, tell
from gateway.ledger.user_keys import add_user_key, find_user_key, list_user_keys, revoke_user_key
from gateway.operations.rows import user_key_row
from gateway.user_access import make_user_key

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Make, list and revoke a user's keys of the API.")


@app.command()
def add(name: Annotated[str, typer.Argument(metavar="NAME", help="The user.")]) -> None:
    """Make another key for a user, shown this one time. It may do what the user's role may, at any time."""

    async def work(desk: Desk) -> None:
        row, key = make_user_key(name, os.urandom(ENTROPY_BYTES), desk.now)
        await desk.ledger.write(add_user_key, row, desk.actor)
        show_once(key)

    at_desk(work)


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this user's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List keys by their public half."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [user_key_row(row) for row in await desk.ledger.read(list_user_keys, name)]

    listing(at_desk(work), USER_KEY_HEADINGS, as_json=as_json, empty="Belum ada kunci / No key yet.")


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="The key's public half, as listed.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Revoke a key: requests with it are refused at once."""

    async def work(desk: Desk) -> None:
        known = await desk.ledger.read(find_user_key, key) is not None
        ask_to_revoke(key, known=known, listed_by="user key list", yes=yes)
        done = await desk.ledger.write(revoke_user_key, key, desk.actor, desk.now)
        tell(f"Dicabut / Revoked: {key}" if done else f"{key}: sudah dicabut / revoked already")

    at_desk(work)
