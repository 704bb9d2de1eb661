"""What goes into the ledger and comes out of it about reports that tell of one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.handoff import LinkKind


@dataclass(frozen=True, slots=True)
class LinkRow:
    """That a report tells of the event of its lead. `passed`: so many of its messages were looked at for news.

    `due_at`: something is to be passed on or told; `told_at`: up to when its reporter knows how the lead stands.
    """

    report_id: UUID
    lead_id: UUID
    kind: LinkKind
    linked_at: datetime
    linked_by: str
    unlinked_at: datetime | None = None
    due_at: datetime | None = None
    passed: int = 0
    told_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether nobody took it back."""
        return self.unlinked_at is None


@dataclass(frozen=True, slots=True)
class Tied:
    """A link as people are shown it: with the tracking code of the other report."""

    link: LinkRow
    tracking_code: str


@dataclass(frozen=True, slots=True)
class Ties:
    """The links of one report: the one to its lead, whether it holds or not, and those of its supporters that hold."""

    lead: Tied | None = None
    supporters: tuple[Tied, ...] = ()

    @property
    def followed(self) -> Tied | None:
        """The lead that the report follows now."""
        return self.lead if self.lead is not None and self.lead.link.holds else None
