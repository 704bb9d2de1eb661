"""The books: what was accepted against what became of it, counted from different tables so that they can disagree."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, func, select

from gateway.ledger.tables import handoffs, messages, notices, parked
from gateway.ledger.values import AT, NOWHERE, BalanceRow
from schemas.handoff import HandoffState

Account = tuple[str, str]

_ACCEPTED = (
    select(messages.c.channel, messages.c.routed, func.count())
    .where(messages.c.routed.is_not(None))
    .group_by(messages.c.channel, messages.c.routed)
)
_TOLD = select(notices.c.channel, func.count()).group_by(notices.c.channel)
_HANDOFFS = select(handoffs.c.channel, handoffs.c.destination, handoffs.c.state, func.count()).group_by(
    handoffs.c.channel, handoffs.c.destination, handoffs.c.state
)
_PARKED = select(parked.c.channel, parked.c.report_id.is_(None), parked.c.state, func.count()).group_by(
    parked.c.channel, parked.c.report_id.is_(None), parked.c.state
)


def balance(conn: Connection) -> list[BalanceRow]:
    """Every channel and destination with its sums; where `difference` is not 0, something was lost or doubled.

    `accepted` comes from what each message was owed to when it was kept, and from the notices for a channel as a
    destination. A report without a destination, and a part that nobody understood, is booked under `NOWHERE` until it
    is released.
    """
    accepted: Counter[Account] = Counter()
    states: dict[Account, Counter[str]] = {}
    for channel, routed, count in conn.execute(_ACCEPTED):
        for destination in (routed or NOWHERE).split(","):
            accepted[channel, destination] += count
    for channel, count in conn.execute(_TOLD):
        accepted[channel, AT + channel] += count
    for channel, destination, state, count in conn.execute(_HANDOFFS):
        states.setdefault((channel, destination), Counter())[state] += count
    for channel, is_no_report, state, count in conn.execute(_PARKED):
        if state == "released":
            continue
        states.setdefault((channel, NOWHERE), Counter())[state] += count
        accepted[channel, NOWHERE] += count if is_no_report else 0
    return [
        _row(account, accepted[account], states.get(account, Counter())) for account in sorted({*accepted, *states})
    ]


def _row(account: Account, accepted: int, states: Counter[str]) -> BalanceRow:
    return BalanceRow(
        *account,
        accepted,
        delivered=states[HandoffState.DELIVERED],
        pending=states[HandoffState.PENDING],
        uncertain=states[HandoffState.UNCERTAIN],
        parked=states[HandoffState.PARKED],
        cancelled=states[HandoffState.CANCELLED],
    )
