"""How long normalizing, screening, classifying and routing of a report take: `python -m benchmarks.screening`."""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from adapters.contract import InboundMessage
from gateway.classify import classify
from gateway.normalize import normalize
from gateway.route import Agency, Rule, Rules, When, route
from gateway.screen import ScreenContext, screen
from schemas.screening import RouteDecision, Verdict

MESSAGES = Path(__file__).resolve().parents[1] / "tests" / "data" / "messages_final.csv"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LONG = 6
"""A report on LAPOR! is about this many times as long as a rough message of the set."""
TARGET_MS = 2.0
RULES = Rules(
    version="benchmark",
    rules=tuple(
        Rule(name=f"rule {number}", when=When(keywords=frozenset({f"kata{number} kunci", "pju"})), to=("lapor",))
        for number in range(50)
    ),
    default=("lapor",),
    directory=tuple(Agency(name=f"dinas nomor {number}") for number in range(300)),
)


def timed() -> Iterator[float]:
    """Milliseconds for each message as it stands, and drawn out to the length of a report."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    for text in [*texts, *(" ".join([text] * LONG) for text in texts)]:
        inbound = InboundMessage("m-1", text, text.encode())
        started = time.perf_counter()
        said_of(inbound, RULES)
        yield (time.perf_counter() - started) * 1_000


def said_of(inbound: InboundMessage, rules: Rules) -> tuple[Verdict, RouteDecision]:
    """What the gateway says of a message, by the same functions and in the same order as when it runs."""
    normalized = normalize(inbound, NOW)
    report, text = normalized.report, normalized.text
    context = ScreenContext(title_written=inbound.title is not None)
    verdict = screen(report, normalized.message, context=context, text=text)
    return verdict, route(classify(report, text).applied_to(report), "native", rules, text)


def main() -> None:
    """Print the median and the slowest hundredth, after a first round that loads the data."""
    list(timed())
    times = sorted(timed())
    median, slow = statistics.median(times), times[int(len(times) * 0.99)]
    print(f"{len(times)} reports: median {median:.3f} ms, 99 of 100 within {slow:.3f} ms (target {TARGET_MS} ms)")


if __name__ == "__main__":
    main()
