"""`handoff`: look at what is owed to destinations, and repair it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from gateway.cli.asked import agreed, exact, identities, identity, moment
from gateway.cli.desk import Desk, at_desk
from gateway.cli.paging import all_pages
from gateway.cli.rows import HANDOFF_HEADINGS
from gateway.cli.say import listing, note, print_json, print_table, tell
from gateway.cli.settling import settle, settle_all
from gateway.cli.timeline import print_handoff
from gateway.ledger.cancelling import cancel as cancel_handoffs
from gateway.ledger.clocks import alarms_of
from gateway.ledger.repairs import redrive as redrive_handoffs
from gateway.ledger.undoing import take_back
from gateway.ledger.values import HandoffFilter, HandoffRow
from gateway.ledger.views import list_handoffs, show_handoff, show_report
from gateway.operations.documents import handoff_document, handoff_row
from schemas.errors import Invalid, NotFound
from schemas.handoff import HandoffState

app = typer.Typer(add_completion=False, no_args_is_help=True)

PREVIEW = 20

Destination = Annotated[str | None, typer.Option("--destination", "-d", help="Only of this destination.")]
Channel = Annotated[str | None, typer.Option("--channel", "-c", help="Only of this channel.")]
Reason = Annotated[str | None, typer.Option(help="Only with this reason, such as http_503.")]
Since = Annotated[str | None, typer.Option(help="Only made since: 2h or 3d ago, or a date.")]
Until = Annotated[str | None, typer.Option(help="Only made before: 2h or 3d ago, or a date.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of handoffs.")]


@app.command("list")
def list_(
    destination: Destination = None,
    state: Annotated[HandoffState | None, typer.Option(help="Only in this state.")] = None,
    reason: Reason = None,
    channel: Channel = None,
    code: Annotated[str | None, typer.Option(help="Only of the report with this tracking code.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    after: Annotated[str | None, typer.Option(help="Go on after this id, the last of the page before.")] = None,
    as_json: AsJson = False,
) -> None:
    """List handoffs, newest first."""

    async def work(desk: Desk) -> tuple[list[HandoffRow], dict[UUID, str]]:
        wanted = HandoffFilter(
            destination, state, reason, channel, code, moment(since, desk.now), moment(until, desk.now)
        )
        start = identity(after) if after else None
        found = await desk.ledger.read(list_handoffs, wanted, start, limit)
        return found, await desk.ledger.read(alarms_of, [row.id for row in found])

    rows, alarms = at_desk(work)
    listing(
        [handoff_row(row) | {"clock": alarms.get(row.id)} for row in rows],
        HANDOFF_HEADINGS,
        as_json=as_json,
        empty="Tidak ada / None.",
    )
    if len(rows) == limit:
        note(f"Masih ada lagi mungkin / There may be more: --after {rows[-1].id}")


@app.command()
def show(handoff: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> None:
    """Show one handoff with each of its attempts."""

    async def work(desk: Desk) -> None:
        row = await _known(desk, handoff)
        record = await desk.ledger.read(show_report, row.report_id)
        if record is None:
            raise NotFound("the report of this handoff is not in the ledger")
        if as_json:
            print_json(handoff_document(row, record))
        else:
            print_handoff(row, record)

    at_desk(work)


@app.command()
def redrive(
    handoffs: Ids = None,
    destination: Destination = None,
    reason: Reason = None,
    channel: Channel = None,
    since: Since = None,
    until: Until = None,
    every: Annotated[bool, typer.Option("--all", help="Every parked handoff.")] = False,
    yes: Yes = False,
) -> None:
    """Put parked handoffs back to be delivered: those named, or all that the filter finds. Shows them first."""
    given = (destination, reason, channel, since, until)
    if not handoffs and not every and not any(given):
        raise Invalid("say which: ids, a filter such as --destination, or --all")
    if handoffs and (every or any(given)):
        raise Invalid("give ids or a filter, not both")

    async def work(desk: Desk) -> None:
        if handoffs:
            found = [await _known(desk, text) for text in handoffs]
        else:
            wanted = _parked(desk.now, destination, reason, channel, since, until)
            found = await _everything(desk, wanted)
        await _redrive(desk, [row for row in found if row.state is HandoffState.PARKED], len(found), yes=yes)

    at_desk(work)


@app.command()
def undo(
    at: Annotated[str, typer.Argument(metavar="AT", help="The moment of the redrive, as it was said.")],
    by: Annotated[str | None, typer.Option(help="Who redrove; usually you, as `audit` names you.")] = None,
) -> None:
    """Take a redrive back: what has not begun is parked again as it was, what has begun stays as it is."""

    async def work(desk: Desk) -> None:
        count = await desk.ledger.write(take_back, exact(at), by or desk.actor, desk.actor, desk.now)
        if not count:
            raise NotFound("nothing was redriven at that moment by that person, or all of it has begun; see `audit`")
        tell(f"Disisihkan kembali / Parked again: {count}")

    at_desk(work)


@app.command()
def cancel(
    handoffs: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of handoffs.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the record.", prompt="Alasan / Reason")],
    yes: Yes = False,
) -> None:
    """Decide that handoffs are not to be sent. A cancelled handoff cannot be brought back."""
    ids = identities(handoffs)

    async def work(desk: Desk) -> None:
        preview([await _known(desk, str(each)) for each in ids])
        if not agreed(f"Batalkan {len(ids)} handoff / Cancel {len(ids)}?", yes=yes):
            raise typer.Exit(1)
        done = await desk.ledger.write(cancel_handoffs, ids, desk.actor, reason, desk.now)
        tell(f"Dibatalkan / Cancelled: {done}")
        if done < len(ids):
            note("Yang sudah terkirim atau sedang dikirim tetap / Delivered ones and those under way stay as they are.")

    at_desk(work)


@app.command()
def resolve(
    handoff: Annotated[str | None, typer.Argument(metavar="[ID]", help="Id of an uncertain handoff.")] = None,
    arrived: Annotated[bool | None, typer.Option("--arrived/--not-arrived", help="What was found out.")] = None,
    reference: Annotated[str | None, typer.Option(help="The destination's number for the case.")] = None,
    destination: Destination = None,
    every: Annotated[bool, typer.Option("--all", help="Every uncertain one of a destination; shown first.")] = False,
    yes: Yes = False,
) -> None:
    """Say whether an uncertain handoff arrived, after asking the destination.

    Arrived: it counts as delivered, confirmed by a person. Not arrived: it is sent again.
    """
    if arrived is None:
        raise Invalid("say --arrived or --not-arrived")
    if reference and (not arrived or every):
        raise Invalid("--reference goes with --arrived and one handoff only")
    if (handoff is None) != (every and destination is not None):
        raise Invalid("name one handoff, or --destination together with --all")

    async def work(desk: Desk) -> None:
        wanted = HandoffFilter(destination, HandoffState.UNCERTAIN)
        rows = [await _known(desk, handoff)] if handoff else await _everything(desk, wanted)
        if not rows:
            raise NotFound("no uncertain handoff fits")
        preview(rows)
        question = "Nyatakan sudah tiba / Say that it arrived?" if arrived else "Kirim lagi / Send it again?"
        if not agreed(f"{question} ({len(rows)})", yes=yes):
            raise typer.Exit(1)
        if handoff:
            state = await settle(desk, rows[0], arrived=arrived, reference=reference)
            tell(f"{rows[0].id}: {state.value}")
        else:
            tell(f"Diselesaikan / Resolved: {await settle_all(desk, rows, arrived=arrived)}")

    at_desk(work)


def preview(rows: list[HandoffRow]) -> None:
    """The first of the handoffs that are about to be changed, on stdout."""
    if rows:
        print_table([handoff_row(row) for row in rows[:PREVIEW]], HANDOFF_HEADINGS)
    if len(rows) > PREVIEW:
        note(f"… dan {len(rows) - PREVIEW} lagi / and {len(rows) - PREVIEW} more")


async def _redrive(desk: Desk, parked: list[HandoffRow], looked_at: int, *, yes: bool) -> None:
    preview(parked)
    if looked_at > len(parked):
        note(f"{looked_at - len(parked)} tidak diparkir, dilewati / not parked, left out")
    if not parked:
        raise NotFound("no parked handoff fits")
    if not agreed(f"Kirim ulang {len(parked)} handoff / Redrive {len(parked)}?", yes=yes):
        raise typer.Exit(1)
    done = await desk.ledger.write(redrive_handoffs, [row.id for row in parked], desk.actor, desk.now)
    tell(f"Dikirim ulang / Redriven: {done}")
    note(f"Batalkan / Take back: handoff undo {desk.now.isoformat()}")


async def _known(desk: Desk, text: str) -> HandoffRow:
    row = await desk.ledger.read(show_handoff, identity(text))
    if row is None:
        raise NotFound(f"there is no handoff {text}")
    return row


async def _everything(desk: Desk, wanted: HandoffFilter) -> list[HandoffRow]:
    async def page(after: UUID | None, limit: int) -> list[HandoffRow]:
        return await desk.ledger.read(list_handoffs, wanted, after, limit)

    return await all_pages(page)


def _parked(
    now: datetime,
    destination: str | None,
    reason: str | None,
    channel: str | None,
    since: str | None,
    until: str | None,
) -> HandoffFilter:
    return HandoffFilter(
        destination, HandoffState.PARKED, reason, channel, None, moment(since, now), moment(until, now)
    )
