"""Settling an uncertain handoff at the command line, with the destinations of the configuration where they matter."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.app import opened
from gateway.cli.desk import Desk
from gateway.cli.say import note
from gateway.ledger.values import HandoffRow
from gateway.resolving import Settler, resolve_handoff
from schemas.errors import Conflict, Invalid
from schemas.handoff import HandoffState


async def settle(desk: Desk, row: HandoffRow, *, arrived: bool, reference: str | None) -> HandoffState:
    """Say whether it arrived; where it stands then. Raises as `resolve_handoff` does."""
    if not arrived:
        settler = Settler(desk.ledger, desk.vault(), {}, desk.actor, desk.now)
        return await resolve_handoff(settler, row, arrived=False, reference=None)
    async with opened(desk.settings) as gateway:
        destinations = {name: line.destination for name, line in gateway.lines.items()}
        settler = Settler(gateway.ledger, gateway.vault, destinations, desk.actor, desk.now)
        return await resolve_handoff(settler, row, arrived=True, reference=reference)


async def settle_all(desk: Desk, rows: Sequence[HandoffRow], *, arrived: bool) -> int:
    """Settle many alike and return how many; what somebody else settled meanwhile is left out, and what cannot go on
    without the destination's reference is said.
    """
    settled = 0
    for row in rows:
        try:
            await settle(desk, row, arrived=arrived, reference=None)
            settled += 1
        except (Conflict, Invalid) as error:
            note(f"{row.id}: {error.detail}")
    return settled
