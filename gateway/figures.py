"""The figures of cases as rows that the API, the CSV and the table share: followed up or not, and how long it took.

All times are counted from the acceptance of the report.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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


STATES = ("delivered", "verified", "followed_up", "resolved")


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


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds() / 3600, 2)
