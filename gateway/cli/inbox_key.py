"""`destination inbox-key`: the keys with which ministries empty their inboxes."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from adapters.destinations import DESTINATIONS
from gateway.app import prepare
from gateway.channels import ENTROPY_BYTES
from gateway.cli.desk import Desk, at_desk
from gateway.cli.one_key import ask_to_revoke, show_once
from gateway.cli.rows import INBOX_KEY_HEADINGS
from gateway.cli.say import listing, tell
from gateway.inbox_access import make_inbox_key
from gateway.ledger.inbox_keys import add_inbox_key, find_inbox_key, list_inbox_keys, revoke_inbox_key
from schemas.errors import Invalid

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Make, list and revoke the keys of a ministry's inbox."
)

INBOX = DESTINATIONS["inbox"].name


@app.command()
def make(name: Annotated[str, typer.Argument(metavar="NAME", help="The destination.")]) -> None:
    """Make another key for an inbox, shown this one time. The others stay valid until they are revoked."""

    async def work(desk: Desk) -> None:
        configured = prepare(desk.settings).config.destinations.get(name)
        if configured is None or configured.kind.name != INBOX:
            raise Invalid(f"the configuration has no destination {name} with the adapter {INBOX}")
        row, key = make_inbox_key(name, os.urandom(ENTROPY_BYTES), desk.now)
        await desk.ledger.write(add_inbox_key, row, desk.actor)
        show_once(key)

    at_desk(work, begin=True)


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this destination's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List keys by their public half."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        rows = await desk.ledger.read(list_inbox_keys, name)
        return [{heading: getattr(row, heading) for heading in INBOX_KEY_HEADINGS} for row in rows]

    listing(at_desk(work), INBOX_KEY_HEADINGS, as_json=as_json, empty="Belum ada kunci / No key yet.")


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="The key's public half, as listed.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Revoke a key: requests with it are refused at once."""

    async def work(desk: Desk) -> None:
        known = await desk.ledger.read(find_inbox_key, key) is not None
        ask_to_revoke(key, known=known, listed_by="destination inbox-key list", yes=yes)
        done = await desk.ledger.write(revoke_inbox_key, key, desk.actor, desk.now)
        tell(f"Dicabut / Revoked: {key}" if done else f"{key}: sudah dicabut / revoked already")

    at_desk(work)
