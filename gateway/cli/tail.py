"""`tail`: deliveries as they happen, read from the ledger beside whatever process makes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import typer

from gateway.cli.desk import Desk, at_desk
from gateway.cli.say import clean, console, note, print_json_line, spelled_time
from gateway.cli.words import STYLES
from gateway.ledger import Ledger
from gateway.ledger.deliveries import Delivery, deliveries_after, recent_deliveries
from schemas.errors import LedgerUnavailable

app = typer.Typer(add_completion=False)

LOOK_AGAIN = 0.5
"""Seconds between two looks into the ledger."""


@app.command()
def tail(
    destination: Annotated[str | None, typer.Option("--destination", "-d", help="Only this destination.")] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, max=1000, help="Begin with the last so many.")] = 10,
    follow: Annotated[bool, typer.Option(help="Go on with what happens next, until Ctrl-C.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document a line.")] = False,
) -> None:
    """Follow deliveries: each attempt's outcome, the destination's reference, and where the handoff stands."""

    async def work(desk: Desk) -> None:
        place, recent = await desk.ledger.read(recent_deliveries, lines, destination)
        for delivery in recent:
            _show(delivery, as_json=as_json)
        if not follow:
            return
        async for delivery in followed(desk.ledger, place, destination):
            _show(delivery, as_json=as_json)

    with suppress(KeyboardInterrupt):
        at_desk(work)


async def followed(ledger: Ledger, place: Any, destination: str | None = None) -> AsyncIterator[Delivery]:
    """Every delivery after a place, as it comes, for ever. A ledger that is away is waited for."""
    while True:
        try:
            found = await ledger.read(deliveries_after, place, destination)
        except LedgerUnavailable as error:
            note(f"Menunggu basis data / Waiting for the ledger: {error.detail}")
            found = []
        for delivery in found:
            place = delivery.place
            yield delivery
        await asyncio.sleep(LOOK_AGAIN)


def delivery_line(delivery: Delivery) -> str:
    """A delivery on one line."""
    reference = f"  {delivery.reference}" if delivery.reference else ""
    seconds = (delivery.ended_at - delivery.started_at).total_seconds()
    return clean(
        f"{spelled_time(delivery.ended_at)}  {delivery.tracking_code}  {delivery.destination:<14} "
        f"{delivery.step:<10} #{delivery.number}  {delivery.told} "
        f"({seconds:.2f} s) → {delivery.state}{reference}"
    )


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    """A delivery for JSON."""
    return {
        "at": delivery.ended_at,
        "tracking_code": delivery.tracking_code,
        "channel": delivery.channel,
        "destination": delivery.destination,
        "handoff_id": str(delivery.handoff_id),
        "attempt_id": str(delivery.attempt_id),
        "step": delivery.step,
        "number": delivery.number,
        "started_at": delivery.started_at,
        "source": delivery.source,
        "outcome": delivery.outcome,
        "reason": delivery.reason,
        "status": delivery.status,
        "receipt": delivery.receipt,
        "state": delivery.state,
        "reference": delivery.reference,
    }


def _show(delivery: Delivery, *, as_json: bool) -> None:
    if as_json:
        print_json_line(delivery_document(delivery))
        return
    out = console()
    out.print(delivery_line(delivery), style=STYLES.get(delivery.outcome), soft_wrap=True)
    out.file.flush()
