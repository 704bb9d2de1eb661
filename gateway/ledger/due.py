"""What is due and has not been rung for lately: the work that the sweeper finds, the urgent first, fairly shared.

Within a priority the channels share alike, so that a flood from one does not starve another's single report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, select, tuple_, union, update

from gateway.ledger.prepared import Prepared
from gateway.ledger.tables import destinations, handoffs
from gateway.ledger.turns import is_free, is_in_turn

LEAST_URGENT = 32_767
MOST_URGENT = 0


class Due(NamedTuple):
    """A handoff to ring for."""

    destination: str
    id: UUID
    is_urgent: bool


class _Account(NamedTuple):
    """The handoffs of one channel and priority at one destination."""

    destination: str
    priority: int
    channel: str


def _is_unrung(of: Any) -> ColumnElement[bool]:
    return and_(is_free(of), of.c.rung_at.is_(None))


def _is_rung(of: Any) -> ColumnElement[bool]:
    return and_(is_free(of), of.c.rung_at.is_not(None))


def _accounts(name: str, condition: Any) -> Select[Any]:
    """The accounts with such handoffs: one look into the index for each, however many handoffs they have."""

    def key(of: Any) -> tuple[ColumnElement[Any], ...]:
        return of.c.destination, of.c.priority, of.c.channel

    first = handoffs.alias(f"{name}_first")
    begin = select(first.c.id).where(condition(first)).order_by(*key(first)).limit(1)
    start = select(*key(handoffs)).where(handoffs.c.id == begin.scalar_subquery()).cte(name, recursive=True)
    after, found = handoffs.alias(f"{name}_after"), handoffs.alias(f"{name}_found")
    following = (
        select(after.c.id)
        .where(condition(after), tuple_(*key(after)) > tuple_(*key(start)))
        .order_by(*key(after))
        .limit(1)
        .correlate(start)
        .scalar_subquery()
    )
    chain = start.union_all(select(*key(found)).select_from(start).join(found, found.c.id == following))
    paused = select(destinations.c.name).where(destinations.c.paused_at.is_not(None))
    return select(*key(chain)).where(chain.c.destination.not_in(paused))


def _some(condition: ColumnElement[bool], *order: ColumnElement[Any]) -> Select[Any]:
    return (
        select(handoffs.c.id)
        .where(
            handoffs.c.destination == bindparam("destination"),
            handoffs.c.priority == bindparam("priority"),
            handoffs.c.channel == bindparam("channel"),
            condition,
        )
        .where(handoffs.c.due_at <= bindparam("now"), is_in_turn(handoffs))
        .order_by(*order)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, of=handoffs)
    )


_ACCOUNTS = Prepared(lambda _: union(_accounts("unrung", _is_unrung), _accounts("rung", _is_rung)))
_NEVER_RUNG = Prepared(lambda _: _some(_is_unrung(handoffs), handoffs.c.due_at))
_RUNG_BEFORE = Prepared(
    lambda _: _some(and_(_is_rung(handoffs), handoffs.c.rung_at < bindparam("before")), handoffs.c.rung_at)
)
_RING = Prepared(
    lambda dialect: update(handoffs).where(dialect.among(handoffs.c.id, "ids")).values(rung_at=bindparam("now"))
)


def due(
    conn: Connection,
    now: datetime,
    ring_again_before: datetime,
    limit: int,
    rooms: Mapping[str, int] | None = None,
    *,
    urgent_again_before: datetime | None = None,
    urgent_only: Collection[str] = (),
) -> list[Due]:
    """Handoffs to ring for, and marks them as rung.

    At most `limit`, shared among the destinations so that none waits behind another's backlog; within one by priority;
    within that among the channels, the longest due first, then those that were rung for before `ring_again_before`
    (`urgent_again_before` for emergencies) and are still free. `rooms` is how many each destination may have, none
    where it names none: what a full lane would forget is not rung for. `urgent_only` take emergencies only.
    """
    search = _Search(conn, now, min(ring_again_before, now), min(urgent_again_before or ring_again_before, now))
    accounts: dict[str, list[_Account]] = defaultdict(list)
    for account in (_Account(*row) for row in _ACCOUNTS.rows(conn, {})):
        if account.destination not in urgent_only or account.priority == MOST_URGENT:
            accounts[account.destination].append(account)
    left = {name: limit if rooms is None else rooms.get(name, 0) for name in sorted(accounts)}
    places = [name for name, room in left.items() if room > 0]
    found: list[Due] = []
    while places and len(found) < limit:
        share = -(-(limit - len(found)) // len(places))
        more = []
        for name in places:
            room = min(share, limit - len(found), left[name])
            some = search.by_priority(accounts[name], room) if room else []
            found += some
            left[name] -= len(some)
            if room and len(some) == room:
                more.append(name)
        places = more
    return found


@dataclass(slots=True)
class _Search:
    """One sweep. What it finds it marks at once, so that it is not found again."""

    conn: Connection
    now: datetime
    again_before: datetime
    urgent_again_before: datetime
    exhausted: set[_Account] = field(default_factory=set)

    def by_priority(self, accounts: Sequence[_Account], limit: int) -> list[Due]:
        """At most `limit` of one destination, the urgent first."""
        found: list[Due] = []
        for priority in sorted({account.priority for account in accounts}):
            found += self._shared([one for one in accounts if one.priority == priority], limit - len(found))
        return found

    def _shared(self, accounts: Sequence[_Account], limit: int) -> list[Due]:
        """Of accounts alike, equal shares; what one leaves over, the others may have.

        The first to be asked is another one every time, lest a room for one always went to the same channel.
        """
        start = self.now.microsecond % max(1, len(accounts))
        asked = [one for one in (*accounts[start:], *accounts[:start]) if one not in self.exhausted]
        found: list[Due] = []
        while asked and len(found) < limit:
            share = -(-(limit - len(found)) // len(asked))
            for account in asked:
                found += self._of(account, min(share, limit - len(found)))
            asked = [account for account in asked if account not in self.exhausted]
        return found

    def _of(self, account: _Account, limit: int) -> list[Due]:
        if limit <= 0:
            return []
        values = {**account._asdict(), "now": self.now}
        is_urgent = account.priority == MOST_URGENT
        before = self.urgent_again_before if is_urgent else self.again_before
        ids = [row[0] for row in _NEVER_RUNG.rows(self.conn, {**values, "limit": limit})]
        if len(ids) < limit:
            again = {**values, "before": before, "limit": limit - len(ids)}
            ids += [row[0] for row in _RUNG_BEFORE.rows(self.conn, again)]
        if len(ids) < limit:
            self.exhausted.add(account)
        if ids:
            _RING.rows(self.conn, {"ids": ids, "now": self.now})
        return [Due(account.destination, identity, is_urgent) for identity in ids]
