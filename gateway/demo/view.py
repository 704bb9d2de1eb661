"""How the demonstration shows itself: a live picture on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Protocol, Self

from rich import box
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gateway.demo.sight import STATES, Sight, Tally
from gateway.ledger.deliveries import Delivery
from schemas.screening import VerdictKind

_LATEST = 12
_STATUS_EVERY = 20
_VERDICTS = tuple(VerdictKind)
_STYLES = {"delivered": "green", "deferred": "yellow", "refused": "red", "uncertain": "magenta"}

Addresses = Sequence[tuple[str, str]]
"""What there is to look at: a name and an address each."""


class View(Protocol):
    """Shows what happens."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *raised: object) -> None: ...

    def say(self, text: str) -> None:
        """One remark."""

    def show(self, sight: Sight, tally: Tally) -> None:
        """The present state."""


def view_for(addresses: Addresses) -> View:
    """The view that fits standard output."""
    return LiveView(addresses) if sys.stdout.isatty() else PlainView(addresses)


class PlainView:
    """A line for each delivery, and now and then one for the state of things."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._looks = 0

    def __enter__(self) -> Self:
        for name, address in self._addresses:
            self.say(f"{name}: {address}")
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing to put away."""

    def say(self, text: str) -> None:
        """One line."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def show(self, sight: Sight, tally: Tally) -> None:
        """The new deliveries; every so often a line of totals."""
        for delivery in sight.deliveries:
            self.say(delivery_line(delivery))
        if self._looks % _STATUS_EVERY == 0:
            self.say(status_line(sight, tally))
        self._looks += 1


class LiveView:
    """One picture that is drawn anew."""

    def __init__(self, addresses: Addresses, console: Console | None = None) -> None:
        self._addresses = addresses
        self._latest: deque[Delivery] = deque(maxlen=_LATEST)
        self._remark = ""
        self._live = Live(console=console or Console(highlight=False), auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        self._live.__enter__()
        self._live.update(_address_panel(self._addresses, self._remark), refresh=True)
        return self

    def __exit__(self, *raised: object) -> None:
        """Leave the terminal as it was."""
        self._live.__exit__(None, None, None)

    def say(self, text: str) -> None:
        """The remark at the foot of the addresses."""
        self._remark = text

    def show(self, sight: Sight, tally: Tally) -> None:
        """Draw it."""
        self._latest.extend(sight.deliveries)
        parts: list[RenderableType] = [
            _address_panel(self._addresses, self._remark),
            Text(status_line(sight, tally), style="bold" if sight.balanced else "bold red"),
            Columns(
                [
                    counts_table("Masuk / Reports in", "channel", sight.by_channel(), _VERDICTS),
                    counts_table("Handoff", "destination", sight.by_destination(), STATES),
                ],
                padding=(0, 4),
            ),
            _latest_table(self._latest),
        ]
        self._live.update(Group(*parts), refresh=True)


def status_line(sight: Sight, tally: Tally) -> str:
    """The totals on one line."""
    states: Counter[str] = sum(sight.by_destination().values(), Counter())
    told = " · ".join(f"{state} {states[state]}" for state in STATES if states[state])
    books = (
        "pembukuan seimbang / books balance" if sight.balanced else "PEMBUKUAN TIDAK SEIMBANG / BOOKS DO NOT BALANCE"
    )
    return f"terkirim ke gateway / posted {tally.sent} (ulang / again {tally.again}) · {told or '…'} · {books}"


def delivery_line(delivery: Delivery) -> str:
    """One delivery on one line."""
    reference = f" · {_printable(delivery.reference)}" if delivery.reference else ""
    return (
        f"{delivery.ended_at.astimezone():%H:%M:%S} {delivery.tracking_code} → {delivery.destination} "
        f"{delivery.step} #{delivery.number}: {delivery.told}{reference}"
    )


def counts_table(title: str, first: str, counts: Mapping[str, Counter[str]], columns: Sequence[str]) -> Table:
    """Counts by name and column."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, min_width=16)
    for column in columns:
        table.add_column(column, justify="right")
    for name, row in sorted(counts.items()):
        table.add_row(Text(name), *(str(row[column]) for column in columns))
    return table


def _address_panel(addresses: Addresses, remark: str) -> Panel:
    table = Table.grid(padding=(0, 2))
    for name, address in addresses:
        table.add_row(Text(name), Text(address, style="cyan"))
    return Panel(
        Group(table, Text(remark, style="dim")), title="sp4n-gateway · demonstrasi / demonstration", expand=False
    )


def _latest_table(latest: Sequence[Delivery]) -> Table:
    table = Table(title="Terakhir / Latest", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("time", "report", "destination", "step", "outcome", "reason", "reference"):
        table.add_column(heading, no_wrap=True)
    for delivery in latest:
        table.add_row(
            f"{delivery.ended_at.astimezone():%H:%M:%S}",
            delivery.tracking_code,
            delivery.destination,
            f"{delivery.step} #{delivery.number}",
            Text(delivery.outcome, style=_STYLES.get(delivery.outcome, "")),
            Text(delivery.reason),
            Text(_printable(delivery.reference or "")),
        )
    return table


def _printable(text: str | None) -> str:
    return "".join(each if each.isprintable() else "�" for each in text or "")
