"""What the gateway measures of itself, in Prometheus' conventions. One registry for each process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from gateway.breaker import BreakerState
from gateway.families import FAMILIES, PREFIX, Kind
from gateway.ledger.measures import Measured
from gateway.ledger.values import BalanceRow
from schemas.handoff import HandoffState

REFUSED = ("bad_signature", "invalid", "conflict")
"""Results of messages that are not kept."""
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)


class Metrics:
    """The process's counters, gauges and histograms. Children are cached: `.labels()` costs more than counting."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._of: dict[str, Any] = {one.name: self._made(one.kind, one.name, one.told, one.labels) for one in FAMILIES}
        self.inbound = lru_cache(4096)(self._of["inbound_messages_total"].labels)
        self.intake_seconds = lru_cache(1024)(self._of["intake_duration_seconds"].labels)
        self.attempts = lru_cache(4096)(self._of["attempts_total"].labels)
        self.attempt_seconds = lru_cache(1024)(self._of["attempt_duration_seconds"].labels)
        self.in_flight = lru_cache(1024)(self._of["attempts_in_flight"].labels)
        self.polls = lru_cache(1024)(self._of["polls_total"].labels)
        self.non_deliveries = lru_cache(1024)(self._of["non_deliveries_total"].labels)
        self.case_events = lru_cache(4096)(self._of["case_events_total"].labels)
        self.waiting_longer = lru_cache(1024)(self._of["waiting_longer"].labels)
        self.mail_refused = lru_cache(16)(self._of["mail_refusals_total"].labels)
        self.throttled = lru_cache(16)(self._of["intake_throttled_total"].labels)
        self.file_scans = lru_cache(16)(self._of["file_scans_total"].labels)
        self.files_withheld = lru_cache(64)(self._of["files_withheld_total"].labels)
        self.files_collected = self._of["files_collected_total"]
        self._hide(*(one.name for one in FAMILIES if one.kind is Kind.GAUGE and not one.labels))

    def turned_away(self) -> dict[tuple[str, str], int]:
        """How many requests this process refused since it began, by channel and reason; they left no other trace."""
        samples = [one for family in self._of["inbound_messages_total"].collect() for one in family.samples]
        return {
            (one.labels["channel"], one.labels["result"]): int(one.value)
            for one in samples
            if one.name.endswith("_total") and one.labels["result"] in REFUSED
        }

    def show_books(self, rows: Iterable[BalanceRow], at: datetime) -> None:
        """Set the balance of every channel and destination, counted at this moment."""
        handoffs, difference = self._cleared("handoffs"), self._cleared("books_difference")
        for row in rows:
            for state in HandoffState:
                handoffs.labels(row.channel, row.destination, state.value).set(getattr(row, state.value))
            difference.labels(row.channel, row.destination).set(row.difference)
        self._show("books_timestamp_seconds", at.timestamp())

    def show_broker(self, *, connected: bool) -> None:
        """Set whether the broker is reached."""
        self._show("broker_connected", connected)

    def show_measured(self, measured: Measured, destinations: Iterable[str], now: datetime) -> None:
        """Set what was read from the ledger. `destinations` are all that exist, so that a 0 is told as such."""
        due, oldest = self._cleared("due_handoffs"), self._cleared("oldest_due_seconds")
        paused, aside = self._cleared("destination_paused"), self._cleared("set_aside")
        for name in {*destinations, *measured.due}:
            count, since = measured.due.get(name, (0, now))
            due.labels(name).set(count)
            oldest.labels(name).set(max((now - since).total_seconds(), 0.0))
            paused.labels(name).set(name in measured.paused)
        for stage, count in measured.set_aside.items():
            aside.labels(stage).set(count)
        self._show("workers", measured.workers)
        self._show_journal(measured, now)

    def show_machine(self, free: Mapping[str, int], certificates: Mapping[str, datetime]) -> None:
        """Set the free bytes of each folder, and when the certificate for each destination expires."""
        folders, expiries = self._cleared("disk_free_bytes"), self._cleared("certificate_expiry_timestamp_seconds")
        for folder, count in free.items():
            folders.labels(folder).set(count)
        for destination, expiry in certificates.items():
            expiries.labels(destination).set(expiry.timestamp())

    def show_gate(self, destination: str, breaker: BreakerState, slots: int) -> None:
        """Set how this process finds a destination."""
        for state in BreakerState:
            self._of["breaker_state"].labels(destination, state.value).set(state is breaker)
        self._of["concurrency_limit"].labels(destination).set(slots)

    def show_not_collected(self, destinations: Iterable[str], late: Mapping[str, int]) -> None:
        """Set how many cases each of the destinations should have fetched by now."""
        for destination in destinations:
            self._of["not_collected"].labels(destination).set(late.get(destination, 0))

    def show_clocks(self, rows: Iterable[tuple[str, str, str, int]]) -> None:
        """Set how many clocks of each destination and kind are in which alarming state."""
        clocks = self._cleared("clocks")
        for destination, kind, state, count in rows:
            clocks.labels(destination, kind, state).set(count)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _show_journal(self, measured: Measured, now: datetime) -> None:
        if measured.checkpoint is not None:
            size, signed_at = measured.checkpoint
            self._show("journal_size", size)
            self._show("journal_checkpoint_timestamp_seconds", signed_at.timestamp())
        waits = (now - measured.unsigned_since).total_seconds() if measured.unsigned_since else 0.0
        self._show("journal_unsigned_seconds", max(waits, 0.0))
        if measured.verified is not None:
            self._show("journal_whole", measured.verified.whole)
            self._show("journal_verified_timestamp_seconds", measured.verified.at.timestamp())

    def _made(self, kind: Kind, name: str, told: str, labels: tuple[str, ...]) -> Counter | Gauge | Histogram:
        if kind is Kind.HISTOGRAM:
            return Histogram(f"{PREFIX}{name}", told, labels, buckets=_SECONDS, registry=self.registry)
        return (Counter if kind is Kind.COUNTER else Gauge)(f"{PREFIX}{name}", told, labels, registry=self.registry)

    def _hide(self, *names: str) -> None:
        """Not to be exposed until something is told: a 0 would be a verdict of whoever never looks."""
        for name in names:
            self.registry.unregister(self._of[name])
        self._hidden = set(names)

    def _show(self, name: str, value: float) -> None:
        self._of[name].set(value)
        if name in self._hidden:
            self._hidden.remove(name)
            self.registry.register(self._of[name])

    def _cleared(self, name: str) -> Any:
        """A gauge without what it showed before, so that what is gone is not shown for ever."""
        gauge = self._of[name]
        gauge.clear()
        return gauge
