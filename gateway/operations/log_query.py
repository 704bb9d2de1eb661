"""The delivery log's filter as it stands in an address, so that a view can be saved, sent and gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from gateway.ledger.log_filter import LogFilter
from schemas.errors import Invalid
from schemas.handoff import HandoffState, OutcomeKind

W = TypeVar("W", bound=StrEnum)

_WIB = timezone(timedelta(hours=7), "WIB")

NAMES = ("find", "reporter", "destination", "channel", "state", "outcome", "reason", "since", "until")
"""The parameters of the log's address. `find` is a tracking code or a reference, `reporter` a keyed hash."""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What was asked for, as it was written, and the filter that it comes to (without the reports that it names)."""

    given: Mapping[str, str]
    wanted: LogFilter

    @property
    def address(self) -> str:
        """The query part of the address, without what is empty."""
        return urlencode({name: value for name, value in self.given.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked for at all."""
        return any(self.given.values())

    def about(self, *report_ids: UUID) -> LogQuery:
        """The same, only for these reports."""
        return replace(self, wanted=replace(self.wanted, report_ids=report_ids))


def log_query(parameters: Mapping[str, str], now: datetime) -> LogQuery:
    """The query of an address. Raises Invalid for a time or a word that is none."""
    given = {name: parameters.get(name, "").strip()[:200] for name in NAMES}
    wanted = LogFilter(
        destination=given["destination"] or None,
        channel=given["channel"] or None,
        state=_word(HandoffState, given, "state"),
        outcome=_word(OutcomeKind, given, "outcome"),
        reason=given["reason"] or None,
        since=_moment(given, "since", now),
        until=_moment(given, "until", now),
    )
    return LogQuery(given, wanted)


def moment_of(text: str, now: datetime) -> datetime | None:
    """The moment of a form's field: a date or time of WIB; None for none. Raises ValueError for what is no moment."""
    if not text.strip():
        return None
    at = datetime.fromisoformat(text.strip())
    return (at if at.tzinfo else at.replace(tzinfo=_WIB)).astimezone(UTC) if at.year >= 1970 else now


def _moment(given: Mapping[str, str], name: str, now: datetime) -> datetime | None:
    try:
        return moment_of(given[name], now)
    except ValueError as error:
        raise Invalid(str(error), [{"at": name, "problem": str(error)}], cause="no_moment") from error


def _word(words: type[W], given: Mapping[str, str], name: str) -> W | None:
    try:
        return words(given[name]) if given[name] else None
    except ValueError as error:
        raise Invalid(str(error), [{"at": name, "problem": str(error)}], cause="no_such_word") from error
