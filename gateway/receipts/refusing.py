"""What follows when an agency says that a case is not its matter: it goes on to the next, or a person is asked."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from gateway.ledger.not_ours import CLOSED, NotOurs, settle, unsettled
from gateway.ledger.rerouting import ask_a_person
from gateway.ledger.views import show_report
from gateway.rerouting import Rerouting, rerouting_of
from gateway.review import Reviewing
from schemas.errors import GatewayError, LedgerUnavailable
from schemas.handoff import NOT_OURS

log = structlog.get_logger("gateway.refusing")

RULE = "rule:not_ours"
"""Who sends reports on that an agency did not take."""

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Refusing:
    """What acting on refusals needs."""

    rerouting: Rerouting

    async def send_on(self) -> None:
        """Act on each refusal once. Raises LedgerUnavailable."""
        while refusals := await self.rerouting.ledger.read(unsettled, _AT_ONCE):
            for one in refusals:
                try:
                    await self._send_on(one)
                except LedgerUnavailable:
                    raise
                except GatewayError as error:
                    await self._ask(one, error.detail)

    async def _send_on(self, one: NotOurs) -> None:
        ledger = self.rerouting.ledger
        record = await ledger.read(show_report, one.report_id)
        handoff = next((row for row in record.handoffs if row.id == one.handoff_id), None) if record else None
        if record is None or handoff is None or record.report.erased_at is not None:
            await ledger.write(settle, one.event_id, CLOSED, self.rerouting.clock.now())
            return
        reached = await self.rerouting.reroute(record, handoff, NOT_OURS, RULE, settles=one.event_id)
        log.info("report.rerouted", report=str(one.report_id), left=one.destination, reached=reached)

    async def _ask(self, one: NotOurs, why: str) -> None:
        """What cannot be sent on is a person's."""
        now = self.rerouting.clock.now()
        log.warning("report.not_rerouted", report=str(one.report_id), left=one.destination)
        detail = {"from": one.destination, "reason": NOT_OURS, "because": why[:200]}
        await self.rerouting.ledger.write(ask_a_person, one.report_id, RULE, now, detail, one.event_id)


def refusing_of(reviewing: Reviewing) -> Refusing:
    """With what decisions about reports are made with."""
    return Refusing(rerouting_of(reviewing))
