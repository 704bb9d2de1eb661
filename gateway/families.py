"""Every metric that there is: its name, kind, labels, and what it tells (https://prometheus.io/docs/practices/naming/).

No label holds an identity, a text or an id: channels and destinations come from the configuration, the rest from closed
lists. docs/metrics.md is made from this table.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

PREFIX = "sp4n_gateway_"


class Kind(StrEnum):
    """How Prometheus counts it."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Family(NamedTuple):
    """One metric. `name` is what a query names, less the prefix."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    told: str


_C, _G, _H = Kind.COUNTER, Kind.GAUGE, Kind.HISTOGRAM

FAMILIES: tuple[Family, ...] = (
    # What this process does.
    Family("inbound_messages_total", _C, ("channel", "result"), "Messages and what became of them"),
    Family("intake_duration_seconds", _H, ("channel",), "From a channel's request to the commit that keeps it"),
    Family("attempts_total", _C, ("destination", "step", "outcome"), "Attempts and what they came to"),
    Family("attempt_duration_seconds", _H, ("destination",), "From a request's first byte to the end of its answer"),
    Family("attempts_in_flight", _G, ("destination",), "Attempts under way"),
    Family("polls_total", _C, ("destination", "result"), "Askings about cases and what they brought"),
    Family("case_events_total", _C, ("destination", "source", "kind"), "What destinations said about cases"),
    Family("non_deliveries_total", _C, ("destination", "cause"), "Reports that were not taken in time, as reported"),
    Family("intake_throttled_total", _C, ("reason",), "Messages that intake did not take"),
    Family("mail_refusals_total", _C, ("reason",), "Mails and connections that the SMTP listener turned away"),
    Family("file_scans_total", _C, ("state",), "Files and what the malware scanner said"),
    Family("files_withheld_total", _C, ("reason",), "Files that do not travel"),
    Family("files_collected_total", _C, (), "Stored files that no row pointed at, removed"),
    Family("breaker_state", _G, ("destination", "state"), "1 for the state in which this process finds the breaker"),
    Family("concurrency_limit", _G, ("destination",), "Attempts at once that it bears, as learned"),
    Family("broker_connected", _G, (), "1 while the broker is reached"),
    # What a worker reads from the ledger: the same from every worker, so queries take the largest.
    Family("handoffs", _G, ("channel", "destination", "state"), "By state; `@…` stands for notices"),
    Family("books_difference", _G, ("channel", "destination"), "Accepted less accounted for; not 0 is a fault"),
    Family("books_timestamp_seconds", _G, (), "When the books were last counted"),
    Family("due_handoffs", _G, ("destination",), "Handoffs that are due and that nobody has in hand"),
    Family("oldest_due_seconds", _G, ("destination",), "How long the oldest of them has been due; 0 without any"),
    Family("destination_paused", _G, ("destination",), "1 while operations has paused it"),
    Family("set_aside", _G, ("stage",), "Reports and messages that wait for a decision, before any handoff"),
    Family("not_collected", _G, ("destination",), "Cases in an inbox that nobody has fetched in time"),
    Family("waiting_longer", _G, ("destination", "seconds"), "Handoffs past an alarm of their destination's deadline"),
    Family("clocks", _G, ("destination", "kind", "state"), "Clocks of the law that approach their end or have run out"),
    Family("workers", _G, (), "Workers that are alive"),
    Family("journal_size", _G, (), "Records under the last signed checkpoint"),
    Family("journal_checkpoint_timestamp_seconds", _G, (), "When that was signed"),
    Family("journal_unsigned_seconds", _G, (), "How long the oldest unsigned record has waited; 0 without any"),
    Family("journal_whole", _G, (), "1 if the last verification found nothing wrong, 0 if it did; absent before one"),
    Family("journal_verified_timestamp_seconds", _G, (), "When that verification ended"),
    # What a worker sees on its own machine.
    Family("disk_free_bytes", _G, ("folder",), "Free space where attachments and keys lie"),
    Family("certificate_expiry_timestamp_seconds", _G, ("destination",), "When our client certificate there expires"),
)


def described() -> str:
    """docs/metrics.md, whole."""
    rows = [
        f"| `{PREFIX}{one.name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels) or '–'} | {one.told} |"
        for one in FAMILIES
    ]
    return _HEAD + "\n".join(rows) + _TAIL


_HEAD = """# Metrics

`GET /metrics` of `serve`, and of `worker` at `worker_metrics_port`, answers in Prometheus' text format. What lies in
the ledger is read by workers, every fifteen seconds and off the path of reports; counting the books may take at most a
twentieth of a worker's time, so over a very large ledger `handoffs` is older than that (`books_timestamp_seconds`).
Every worker reads the same, so a query takes `max by (…)` of gauges and `sum by (…)` of counters.

| Metric | Kind | Labels | Meaning |
|---|---|---|---|
"""

_TAIL = """

No label holds an identity, a text or an id. Alert rules and dashboards lie in
[deploy/prometheus](../deploy/prometheus) and [deploy/grafana](../deploy/grafana); a test holds every query in them to
this table, and this table to the code.
"""
