"""`audit`: what everybody did, through console, API and commands."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli.asked import identity
from gateway.cli.desk import Desk, at_desk
from gateway.cli.rows import AUDIT_HEADINGS
from gateway.cli.say import listing, note
from gateway.ledger.actions import list_actions
from gateway.operations.rows import action_row

app = typer.Typer(add_completion=False)


@app.command()
def audit(
    actor: Annotated[str | None, typer.Option(help="Only what this person did.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Only what was done to this: an id, a destination, a user.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    after: Annotated[str | None, typer.Option(help="Go on after this id, the last of the page before.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List actions, newest first: when, who, what, to what, and why."""
    start = identity(after) if after else None

    async def work(desk: Desk) -> list[dict[str, Any]]:
        rows = await desk.ledger.read(list_actions, subject=subject, actor=actor, after=start, limit=limit)
        return [{"id": str(row.id), **action_row(row)} for row in rows]

    rows = at_desk(work)
    shown = rows if as_json else [row | {"detail": _told(row["detail"])} for row in rows]
    listing(shown, AUDIT_HEADINGS, as_json=as_json, empty="Belum ada tindakan / Nothing was done yet.")
    if len(rows) == limit:
        note(f"Masih ada lagi mungkin / There may be more: --after {rows[-1]['id']}")


def _told(detail: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in detail.items() if value is not None)
