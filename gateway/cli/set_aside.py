"""Everything that was set aside, found by id or by what it is: handoffs, and what never became one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.cli.paging import all_pages
from gateway.cli.say import note
from gateway.ledger import Ledger
from gateway.ledger.set_aside import list_parked, show_parked
from gateway.ledger.values import HandoffFilter, HandoffRow, ParkedRow
from gateway.ledger.views import list_handoffs, show_handoff
from gateway.operations.documents import parked_handoff_row, parked_row
from schemas.handoff import HandoffState, ParkStage

PARKED = "parked"


@dataclass(frozen=True, slots=True)
class SetAside:
    """Parked handoffs, and parked messages and reports."""

    handoffs: Sequence[HandoffRow]
    others: Sequence[ParkedRow]

    def rows(self) -> list[dict[str, Any]]:
        """For a table or JSON."""
        return [*map(parked_row, self.others), *map(parked_handoff_row, self.handoffs)]


async def set_aside(ledger: Ledger, stage: ParkStage | None, channel: str | None, limit: int | None = None) -> SetAside:
    """What is parked at a stage and from a channel; of each kind at most `limit`, the newest first."""

    async def others(after: UUID | None, wanted: int) -> list[ParkedRow]:
        return await ledger.read(list_parked, stage=stage, channel=channel, after=after, limit=wanted)

    async def handoffs(after: UUID | None, wanted: int) -> list[HandoffRow]:
        which = HandoffFilter(state=HandoffState.PARKED, channel=channel)
        return await ledger.read(list_handoffs, which, after, wanted)

    found = await all_pages(handoffs, limit)
    return SetAside([one for one in found if stage in (None, one.stage)], await all_pages(others, limit))


async def set_aside_named(ledger: Ledger, ids: Sequence[UUID]) -> SetAside:
    """What is parked under these ids; the others are said."""
    handoffs: list[HandoffRow] = []
    others: list[ParkedRow] = []
    for each in ids:
        other = await ledger.read(show_parked, each)
        handoff = await ledger.read(show_handoff, each)
        if other is not None and other[0].state == PARKED:
            others.append(other[0])
        elif handoff is not None and handoff.state is HandoffState.PARKED:
            handoffs.append(handoff)
        else:
            note(f"{each}: tidak disisihkan, dilewati / not parked, left out")
    return SetAside(handoffs, others)
