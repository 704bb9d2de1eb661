"""What can be seen of a running gateway at one moment, read from its ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.deliveries import Delivery, Place, count_verdicts, deliveries_after
from gateway.ledger.values import BalanceRow

STATES = ("delivered", "pending", "uncertain", "parked", "cancelled")


@dataclass(frozen=True, slots=True)
class Sight:
    """The books, the verdicts by channel, and the deliveries since the sight before."""

    books: Sequence[BalanceRow]
    verdicts: Sequence[tuple[str, str, int]]
    deliveries: Sequence[Delivery]
    place: Place

    @property
    def balanced(self) -> bool:
        """Whether accepted is what is accounted for, everywhere."""
        return all(row.difference == 0 for row in self.books)

    @property
    def pending(self) -> int:
        """How many handoffs are still owed."""
        return sum(row.pending for row in self.books)

    def by_destination(self) -> dict[str, Counter[str]]:
        """Handoffs by destination and state."""
        counted: dict[str, Counter[str]] = {}
        for row in self.books:
            states = counted.setdefault(row.destination, Counter())
            states.update({state: getattr(row, state) for state in STATES})
        return counted

    def by_channel(self) -> dict[str, Counter[str]]:
        """Reports by channel and verdict."""
        counted: dict[str, Counter[str]] = {}
        for channel, verdict, count in self.verdicts:
            counted.setdefault(channel, Counter())[verdict] += count
        return counted


@dataclass(slots=True)
class Tally:
    """What the channels posted, by what the gateway answered."""

    sent: int = 0
    again: int = 0
    answers: Counter[str] = field(default_factory=Counter)


async def look(ledger: Ledger, place: Place) -> Sight:
    """What there is to see, with the deliveries after a place."""
    books = await ledger.read(balance)
    verdicts = await ledger.read(count_verdicts)
    deliveries = await ledger.read(deliveries_after, place)
    return Sight(books, verdicts, deliveries, deliveries[-1].place if deliveries else place)
