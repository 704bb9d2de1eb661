"""What the gateway measures of itself, in Prometheus' conventions. One registry for each process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from gateway.breaker import BreakerState
from gateway.ledger.values import BalanceRow
from schemas.handoff import HandoffState

_PREFIX = "sp4n_gateway"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)


class Metrics:
    """The process's counters, gauges and histograms. Children are cached: `.labels()` costs more than counting."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._inbound = self._counter(
            "inbound_messages", "Messages by channel and what became of them", "channel", "result"
        )
        self._attempts = self._counter(
            "attempts", "Attempts by destination, step and outcome", "destination", "step", "outcome"
        )
        self._attempt_seconds = Histogram(
            f"{_PREFIX}_attempt_duration_seconds",
            "Duration of attempts",
            ["destination"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._handoffs = self._gauge(
            "handoffs", "Handoffs by channel, destination and state", "channel", "destination", "state"
        )
        self._unbalanced = self._gauge(
            "books_difference", "Accepted less accounted for; anything but 0 is a fault", "channel", "destination"
        )
        self._oldest = self._gauge("oldest_due_seconds", "Age of the oldest due handoff", "destination")
        self._uncollected = self._gauge("not_collected", "Handoffs that nobody has fetched in time", "destination")
        self._working = self._gauge("attempts_in_flight", "Attempts under way in this process", "destination")
        self._non_deliveries = self._counter(
            "non_deliveries", "Reports that a destination did not take in time, as reported", "destination", "cause"
        )
        self._measure_cases()
        self._measure_gates()
        self.journal_size = Gauge(f"{_PREFIX}_journal_size", "Leaves under a signed checkpoint", registry=self.registry)
        self.broker_connected = self._gauge("broker_connected", "1 if the broker was reached")
        self.inbound = lru_cache(4096)(self._inbound.labels)
        self.attempts = lru_cache(4096)(self._attempts.labels)
        self.attempt_seconds = lru_cache(1024)(self._attempt_seconds.labels)
        self._count_files()
        self.in_flight = lru_cache(1024)(self._working.labels)

    def _measure_cases(self) -> None:
        polls = self._counter("polls", "Askings about cases by what they brought", "destination", "result")
        events = self._counter("case_events", "What destinations said", "destination", "source", "kind")
        self._clocks = self._gauge(
            "clocks", "Clocks of the law that approach their end or have run out", "destination", "kind", "state"
        )
        self.non_deliveries = lru_cache(1024)(self._non_deliveries.labels)
        self.polls = lru_cache(1024)(polls.labels)
        self.case_events = lru_cache(4096)(events.labels)

    def _measure_gates(self) -> None:
        """What keeps calls and messages back."""
        self._breaker = self._gauge(
            "breaker_state", "1 for the state in which this process finds the breaker", "destination", "state"
        )
        self._waiting = self._gauge(
            "waiting_longer", "Handoffs that wait longer than an alarm of their deadline", "destination", "seconds"
        )
        self._throttled = self._counter("intake_throttled", "Messages that intake did not take, by reason", "reason")
        self._slots = self._gauge("concurrency_limit", "Attempts at once that it bears, as learned", "destination")
        self.waiting_longer = lru_cache(1024)(self._waiting.labels)
        self.throttled = lru_cache(16)(self._throttled.labels)

    def _count_files(self) -> None:
        scans = self._counter("file_scans", "Files by what the malware scanner said", "state")
        withheld = self._counter("files_withheld", "Files that do not travel, by reason", "reason")
        self.file_scans = scans.labels
        self.files_withheld = withheld.labels
        self.files_collected = self._counter("files_collected", "Stored files that no row pointed at, removed")

    def show_books(self, rows: Iterable[BalanceRow]) -> None:
        """Set the balance of every channel and destination."""
        self._handoffs.clear()
        self._unbalanced.clear()
        for row in rows:
            for state in HandoffState:
                count = getattr(row, state.value)
                self._handoffs.labels(row.channel, row.destination, state.value).set(count)
            self._unbalanced.labels(row.channel, row.destination).set(row.difference)

    def show_oldest(self, ages: Iterable[tuple[str, float]]) -> None:
        """Set the age in seconds of each destination's oldest due handoff."""
        self._oldest.clear()
        for destination, seconds in ages:
            self._oldest.labels(destination).set(seconds)

    def show_gate(self, destination: str, breaker: BreakerState, slots: int) -> None:
        """Set how this process finds a destination."""
        for state in BreakerState:
            self._breaker.labels(destination, state.value).set(state is breaker)
        self._slots.labels(destination).set(slots)

    def show_not_collected(self, destinations: Iterable[str], late: Mapping[str, int]) -> None:
        """Set how many cases each of the destinations should have fetched by now."""
        for destination in destinations:
            self._uncollected.labels(destination).set(late.get(destination, 0))

    def show_clocks(self, rows: Iterable[tuple[str, str, str, int]]) -> None:
        """Set how many clocks of each destination and kind are in which alarming state."""
        self._clocks.clear()
        for destination, kind, state, count in rows:
            self._clocks.labels(destination, kind, state).set(count)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"{_PREFIX}_{name}", help_text, labels, registry=self.registry)

    def _gauge(self, name: str, help_text: str, *labels: str) -> Gauge:
        return Gauge(f"{_PREFIX}_{name}", help_text, labels, registry=self.registry)
