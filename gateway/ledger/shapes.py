"""How the rows of each table become values and values become the parameters of a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Table, case

from gateway.clocks import ClockKind, ClockState
from gateway.ledger import tables
from gateway.ledger.case_values import ClockRow
from gateway.ledger.link_values import LinkRow
from gateway.ledger.rows import (
    ActionRow,
    ArchiveRow,
    AttemptRow,
    ChannelRow,
    CredentialRow,
    DestinationRow,
    EventRow,
    ExampleRow,
    FileRow,
    GateRow,
    HandoffRow,
    KeyRow,
    MessageRow,
    ParkedRow,
    ReportRow,
    ResultRow,
    TermRow,
    WatchRow,
    WorkerRow,
)
from schemas.handoff import Evidence, HandoffKind, HandoffState, LinkKind, OutcomeKind, ParkStage, ResultSource
from schemas.status import EventKind, EventSource

V = TypeVar("V")


class Shape(Generic[V]):
    """A table and its value. `words` names the columns that hold a member of a closed set.

    `read_as` are columns that are read as something else than they hold.
    """

    def __init__(
        self, value_type: type[V], table: Table, read_as: Mapping[str, Any] | None = None, **words: type[StrEnum]
    ) -> None:
        self.names = tuple(field.name for field in fields(value_type))  # type: ignore[arg-type]  # each is a dataclass
        self.columns: list[Column[Any]] = [(read_as or {}).get(name, table.c[name]) for name in self.names]
        self._value_type = value_type
        self._words = [(self.names.index(name), members) for name, members in words.items()]
        self._values = attrgetter(*self.names)

    def parameters(self, value: V) -> dict[str, Any]:
        """The value as parameters, one for each column."""
        return dict(zip(self.names, self._values(value), strict=True))

    def value(self, row: Sequence[Any]) -> V:
        """The value of a row of exactly `columns`."""
        values = list(row)
        for place, members in self._words:
            if values[place] is not None:
                values[place] = members(values[place])
        return self._value_type(*values)


_AT_HAND = case((tables.report_keys.c.archive.is_(None), tables.report_keys.c.wrapped)).label("wrapped")
KEY = Shape(KeyRow, tables.report_keys, {"wrapped": _AT_HAND})
REPORT = Shape(ReportRow, tables.reports)
ARCHIVE = Shape(ArchiveRow, tables.archives)
MESSAGE = Shape(MessageRow, tables.messages)
FILE = Shape(FileRow, tables.files)
HANDOFF = Shape(HandoffRow, tables.handoffs, kind=HandoffKind, state=HandoffState, stage=ParkStage, evidence=Evidence)
PARKED = Shape(ParkedRow, tables.parked, stage=ParkStage)
ATTEMPT = Shape(AttemptRow, tables.attempts)
RESULT = Shape(ResultRow, tables.results, source=ResultSource, outcome=OutcomeKind)
WORKER = Shape(WorkerRow, tables.workers)
CHANNEL = Shape(ChannelRow, tables.channels)
CREDENTIAL = Shape(CredentialRow, tables.credentials)
DESTINATION = Shape(DestinationRow, tables.destinations)
GATE = Shape(GateRow, tables.gates)
TERM = Shape(TermRow, tables.terms)
ACTION = Shape(ActionRow, tables.actions)
EXAMPLE = Shape(ExampleRow, tables.examples)
EVENT = Shape(EventRow, tables.case_events, source=EventSource, kind=EventKind)
WATCH = Shape(WatchRow, tables.case_watch)
CLOCK = Shape(ClockRow, tables.case_clocks, kind=ClockKind, state=ClockState)
LINK = Shape(LinkRow, tables.report_links, kind=LinkKind)
