"""`park`: everything that was set aside, handoffs and what never became one; each can go on, or be given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from adapters.channels import CHANNELS
from gateway.app import opened
from gateway.cli.asked import agreed, identities
from gateway.cli.desk import Desk, at_desk
from gateway.cli.rows import PARKED_HEADINGS
from gateway.cli.say import complain, listing, note, print_table, tell
from gateway.cli.set_aside import SetAside, set_aside, set_aside_named
from gateway.ledger import Ledger
from gateway.ledger.cancelling import cancel as cancel_handoffs
from gateway.ledger.repairs import redrive as redrive_handoffs
from gateway.ledger.set_aside import cancel_parked
from gateway.ledger.values import ParkedRow
from gateway.readmitting import Readmission
from schemas.errors import GatewayError, Invalid, NotFound
from schemas.handoff import ParkStage

app = typer.Typer(add_completion=False, no_args_is_help=True)

Stage = Annotated[ParkStage | None, typer.Option(help="Only from this stage.")]
Channel = Annotated[str | None, typer.Option("--channel", "-c", help="Only of this channel.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids, as listed.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("list")
def list_(
    stage: Stage = None,
    channel: Channel = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of each kind at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what was set aside, newest first."""

    async def work(desk: Desk) -> SetAside:
        return await set_aside(desk.ledger, stage, channel, limit)

    listing(
        at_desk(work).rows(), PARKED_HEADINGS, as_json=as_json, empty="Tidak ada yang disisihkan / Nothing is parked."
    )


@app.command()
def redrive(
    ids: Ids = None,
    stage: Stage = None,
    channel: Channel = None,
    every: Annotated[bool, typer.Option("--all", help="Everything that is parked.")] = False,
    to: Annotated[list[str] | None, typer.Option("--to", help="Send held reports to this destination.")] = None,
    yes: Yes = False,
) -> None:
    """Let parked work go on: held reports are routed, messages read anew, handoffs sent again. Shows them first."""

    async def work(desk: Desk) -> int:
        chosen = await _asked_for(desk.ledger, ids, stage, channel, every=every)
        print_table(chosen.rows(), PARKED_HEADINGS)
        if not agreed(f"Teruskan {len(chosen.rows())} / Let {len(chosen.rows())} go on?", yes=yes):
            raise typer.Exit(1)
        if chosen.handoffs:
            parked = [one.id for one in chosen.handoffs]
            done = await desk.ledger.write(redrive_handoffs, parked, desk.actor, desk.now)
            tell(f"Dikirim ulang / Redriven: {done} handoff")
        return await _readmit_all(desk, chosen.others, to or ()) if chosen.others else 0

    if at_desk(work):
        raise typer.Exit(1)


@app.command()
def cancel(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, as listed.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the record.", prompt="Alasan / Reason")],
    yes: Yes = False,
) -> None:
    """Decide that nothing is to become of parked work.

    Held reports and messages wait again by `review undo`; a cancelled handoff cannot be brought back.
    """

    async def work(desk: Desk) -> None:
        chosen = await _asked_for(desk.ledger, ids, None, None, every=False)
        print_table(chosen.rows(), PARKED_HEADINGS)
        if not agreed(f"Batalkan {len(chosen.rows())} / Cancel {len(chosen.rows())}?", yes=yes):
            raise typer.Exit(1)
        handoffs = [one.id for one in chosen.handoffs]
        done = await desk.ledger.write(cancel_handoffs, handoffs, desk.actor, reason, desk.now)
        others = [one.id for one in chosen.others]
        done += await desk.ledger.write(cancel_parked, others, desk.actor, reason, desk.now)
        tell(f"Dibatalkan / Cancelled: {done}")
        if others:
            note(f"Tarik kembali, kecuali handoff / Take back, but for handoffs: review undo {desk.now.isoformat()}")

    at_desk(work)


async def _readmit_all(desk: Desk, others: Sequence[ParkedRow], to: Sequence[str]) -> int:
    """Each by itself; how many could not go on."""
    failed = []
    async with opened(desk.settings) as gateway:
        readmission = Readmission(
            gateway.reviewing(),
            gateway.access,
            gateway.intake.enrolment,
            CHANNELS,
            desk.actor,
            desk.now,
            to,
        )
        for one in others:
            try:
                tell(await readmission.readmit(one))
            except GatewayError as error:
                failed.append(f"{one.id}: {error.detail}")
    if failed:
        complain("Tetap disisihkan / Still parked", f"{len(failed)} could not go on", failed)
    return len(failed)


async def _asked_for(
    ledger: Ledger, ids: list[str] | None, stage: ParkStage | None, channel: str | None, *, every: bool
) -> SetAside:
    if bool(ids) == bool(every or stage or channel):
        raise Invalid("say which: ids, or --stage, --channel or --all")
    chosen = await set_aside_named(ledger, identities(ids)) if ids else await set_aside(ledger, stage, channel)
    if not chosen.rows():
        raise NotFound("nothing that is parked fits")
    return chosen
