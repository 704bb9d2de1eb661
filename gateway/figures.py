"""The figures: how many cases were followed up, and how long each state took, by whatever they are told apart by.

All times are counted from the acceptance of the report. A quantile is the smallest value that so large a share of
cases does not exceed (nearest rank), so every figure is the time of a real case.
"""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gateway.quiet import WIB


class Dimension(StrEnum):
    """What cases are told apart by."""

    DESTINATION = "destination"
    CHANNEL = "channel"
    CATEGORY = "category"
    REGION = "region"
    """The province, by the first two digits of its Kemendagri code."""
    PERIOD = "period"
    """The month of acceptance, in Jakarta's time."""


@dataclass(frozen=True, slots=True)
class FigureCase:
    """One report at one destination: when it was accepted, and when it reached each state; None: it has not."""

    report_id: UUID
    destination: str
    channel: str
    category_id: int | None
    region_code: str | None
    accepted_at: datetime
    delivered_at: datetime | None = None
    verified_at: datetime | None = None
    followed_up_at: datetime | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """How many cases reached a state, and how long the half and nine tenths of them took at most."""

    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures of one group. `group` has a value for each dimension, in the order in which they were asked for."""

    group: tuple[str, ...]
    cases: int
    delivered: Reached
    verified: Reached
    followed_up: Reached
    resolved: Reached

    @property
    def followup_rate(self) -> float:
        """The share of the cases that were followed up, 0 to 1."""
        return self.followed_up.count / self.cases if self.cases else 0.0


STATES: Mapping[str, Callable[[FigureCase], datetime | None]] = {
    "delivered": lambda case: case.delivered_at,
    "verified": lambda case: case.verified_at,
    "followed_up": lambda case: case.followed_up_at,
    "resolved": lambda case: case.resolved_at,
}
_VALUES: Mapping[Dimension, Callable[[FigureCase], str]] = {
    Dimension.DESTINATION: lambda case: case.destination,
    Dimension.CHANNEL: lambda case: case.channel,
    Dimension.CATEGORY: lambda case: str(case.category_id or "-"),
    Dimension.REGION: lambda case: (case.region_code or "-")[:2],
    Dimension.PERIOD: lambda case: case.accepted_at.astimezone(WIB).strftime("%Y-%m"),
}


def figures(cases: Iterable[FigureCase], by: Sequence[Dimension] = ()) -> list[FigureRow]:
    """The figures of every group, sorted by the group; of all cases together when `by` is empty."""
    groups: dict[tuple[str, ...], list[FigureCase]] = defaultdict(list)
    for case in cases:
        groups[tuple(_VALUES[dimension](case) for dimension in by)].append(case)
    return [
        FigureRow(group, len(some), **{state: _reached(some, at) for state, at in STATES.items()})
        for group, some in sorted(groups.items())
    ]


def figure_row(row: FigureRow, by: Sequence[Dimension]) -> dict[str, str | int | float | None]:
    """A row under the names that the API, the CSV and the table share. Times are hours."""
    named: dict[str, str | int | float | None] = {
        dimension.value: value for dimension, value in zip(by, row.group, strict=True)
    }
    named |= {"cases": row.cases, "followup_rate": round(row.followup_rate, 4)}
    for state in STATES:
        reached: Reached = getattr(row, state)
        named |= {
            state: reached.count,
            f"{state}_median_hours": _hours(reached.median),
            f"{state}_p90_hours": _hours(reached.p90),
        }
    return named


def figures_csv(rows: Sequence[Mapping[str, str | int | float | None]]) -> str:
    """Such rows as CSV (RFC 4180) below a line of names; nothing for none."""
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


def _reached(cases: Sequence[FigureCase], at: Callable[[FigureCase], datetime | None]) -> Reached:
    times = sorted(reached - case.accepted_at for case in cases if (reached := at(case)) is not None)
    return Reached(len(times), _quantile(times, 0.5), _quantile(times, 0.9))


def _quantile(times: Sequence[timedelta], share: float) -> timedelta | None:
    return times[math.ceil(share * len(times)) - 1] if times else None


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds() / 3600, 2)
