"""Sending a report on when an agency says that it is not its matter, until a person must decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.rerouting import REROUTE, ask_a_person, send_onward
from gateway.ledger.values import HandoffRow, NewHandoff, ReportRecord
from gateway.review import Reviewing, whole_report
from gateway.route import Rules
from gateway.route.onward import LIMIT, onward
from gateway.vault import Vault
from schemas.errors import Conflict, Invalid
from schemas.ids import new_id


@dataclass(frozen=True, slots=True)
class Rerouting:
    """What sending on needs."""

    ledger: Ledger
    vault: Vault
    rules: Rules
    destinations: Collection[str]
    clock: Clock

    async def reroute(
        self,
        record: ReportRecord,
        handoff: HandoffRow,
        reason: str,
        actor: str,
        to: str | None = None,
        settles: UUID | None = None,
    ) -> str | None:
        """Send a report on from this handoff's destination to the next agency, or to `to`; where it went.

        None: a person is asked, because nobody is left or `LIMIT` agencies did not take it; `to` is that person's
        answer. The handoff itself, and what the agency said, stay as they are. `settles` is the refusal that a rule
        acts on. Raises Invalid, or Conflict when it was there before.
        """
        if to is not None and to not in self.destinations:
            raise Invalid(f"no destination is called {to!r}", cause="no_destination", about=to)
        now = self.clock.now()
        detail: dict[str, Any] = {"from": handoff.destination, "reason": reason, "category": record.report.category_id}
        chosen = to or self._next(record)
        if chosen is None:
            await self.ledger.write(ask_a_person, record.report.id, actor, now, detail, settles)
            return None
        new = NewHandoff(new_id(now), chosen, now, now, priority=0 if record.report.is_priority else 1)
        if not await self.ledger.write(send_onward, record.report.id, new, actor, now, detail, settles):
            told = f"{record.report.tracking_code} was at {chosen} before, or is erased"
            raise Conflict(told, cause="was_there", about=chosen)
        return chosen

    def _next(self, record: ReportRecord) -> str | None:
        passed_on = sum(action.action == REROUTE for action in record.actions)
        if passed_on >= LIMIT:
            return None
        key = record.key
        report = whole_report(record, self.vault.open_key(key.subject_id, key.wrapped, key.master_key_id))
        tried = {one.destination for one in record.handoffs}
        return onward(report, record.report.channel, self.rules, tried, _likely(record.report.decision))


def rerouting_of(reviewing: Reviewing) -> Rerouting:
    """With what decisions about reports are made with."""
    return Rerouting(reviewing.ledger, reviewing.vault, reviewing.rules, reviewing.destinations, reviewing.clock)


def left_by(record: ReportRecord, destination: str) -> HandoffRow:
    """The report's handoff to a destination that does not take it. Raises Invalid where there is none."""
    found = next((one for one in record.handoffs if one.destination == destination), None)
    if found is None:
        detail = f"{record.report.tracking_code} was not handed to {destination!r}"
        raise Invalid(detail, cause="was_not_there", about=destination)
    return found


def _likely(decision: Any) -> list[str]:
    """The categories that the report seems to be about, as the decision keeps them."""
    suggestion = decision.get("suggestion") if isinstance(decision, Mapping) else None
    if not suggestion:
        return []
    return [one["parent"] for one in (suggestion["category"], *suggestion.get("alternatives", ()))]
