"""What becomes of reports that screening set aside: a person lets them go on or corrects them, or time runs out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from pydantic import TypeAdapter

from gateway.casework import MESSAGE_PART, REPORT_PART
from gateway.chores import Chore
from gateway.clock import Clock
from gateway.enrol import EMERGENCY_FIRST, ORDINARY
from gateway.examples import CORRECTED, REJECTED, RELEASED, example_of
from gateway.joining import joined
from gateway.ledger import Ledger
from gateway.ledger.rerouting import give_up, send_onward
from gateway.ledger.review import CORRECT, Correction, Waiting, correct_report, list_overdue
from gateway.ledger.set_aside import release_parked
from gateway.ledger.values import ExampleRow, NewHandoff, ParkedRow, ReportRecord
from gateway.ledger.views import show_report
from gateway.route import Rules, route
from gateway.vault import Erased, SubjectKey, Vault
from schemas.base import Json
from schemas.errors import Conflict, Invalid, NotFound
from schemas.handoff import HandoffKind, HandoffState
from schemas.ids import new_id
from schemas.report import Message, Report
from schemas.screening import NOTHING_SAID, VerdictKind

log = structlog.get_logger("gateway.review")

CLOCK = "rule:review_clock"
"""Who releases what nobody looked at in time."""
_AT_ONCE = 200
_EVERY = 30.0
_report = TypeAdapter(Report)
_message = TypeAdapter(Message)

Targets = list[tuple[str, Mapping[str, Json]]]


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What deciding about set-aside reports needs. `destinations` are the names that exist.

    `within`: what nobody decided goes on by itself so long after it was set aside; 0 never. `learns`: what people
    decide is kept, sealed, as examples to learn from.
    """

    ledger: Ledger
    vault: Vault
    rules: Rules
    destinations: Collection[str]
    clock: Clock
    within: timedelta = timedelta(0)
    learns: bool = False

    async def send_on(
        self,
        parked: ParkedRow,
        record: ReportRecord,
        actor: str,
        to: Sequence[str] = (),
        at: datetime | None = None,
    ) -> list[str]:
        """Let a report go to where the rules say, or to these, but for whoever has it; the names of its destinations.

        `at`: by when it can be taken back together with others; now, if not given.
        Raises Invalid when there are none, Conflict when somebody was first, Erased when it cannot be read any more.
        """
        report = whole_report(record, self._open(record))
        targets, decision = self._targets(report, record, to)
        now = at or self.clock.now()
        urgent = _priority(report)
        made = [NewHandoff(new_id(now), name, now, now, parameters=given, priority=urgent) for name, given in targets]
        example = self._example(record, report, RELEASED) if actor != CLOCK else None
        if not await self.ledger.write(release_parked, parked.id, made, actor, now, decision=decision, example=example):
            code = record.report.tracking_code
            raise Conflict(f"{parked.id} is not parked any more", cause="decided_meanwhile", about=code)
        return [name for name, _ in targets]

    async def reject(
        self, record: ReportRecord, parked: ParkedRow | None, actor: str, reason: str, at: datetime | None = None
    ) -> None:
        """Decide that nothing is to become of a report; `at` as for `send_on`.

        Raises Conflict when it does not wait for that.
        """
        example = None
        if parked is not None and self.learns and record.report.erased_at is None:
            example = self._example(record, whole_report(record, self._open(record)), REJECTED)
        now = at or self.clock.now()
        await self.ledger.write(give_up, record.report.id, parked, actor, reason, now, example)

    async def correct(self, record: ReportRecord, actor: str, chosen: Mapping[str, Any]) -> dict[str, Json]:
        """Keep a person's choice of category, class or region of a report; what changed.

        One that was handed on goes, besides, to where the rules send what it really is; that stands in its history, and
        those that have it keep it. Raises Invalid when nothing would change, NotFound when the report was erased.
        """
        report = _report.validate_json((key := self._open(record)).open(REPORT_PART, record.report.sealed_report))
        corrected = _corrected(report, chosen)
        before, after = (_filed(one) for one in (report, corrected))
        changed: dict[str, Json] = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if not changed:
            raise Invalid(
                "it is filed so already; nothing was changed", cause="filed_so", about=record.report.tracking_code
            )
        correction = Correction(
            sealed_report=key.seal(REPORT_PART, corrected.model_dump_json().encode()),
            category_id=corrected.category_id,
            region_code=after["region_code"],
            classification=corrected.classification.value,
            decision=record.report.decision,
            changed=changed,
            example=self._example(record, _whole(record, corrected, key), CORRECTED),
        )
        if not await self.ledger.write(correct_report, record.report.id, correction, actor, self.clock.now()):
            code = record.report.tracking_code
            raise NotFound(f"the report {code} was erased", cause="erased", about=code)
        found = await self.ledger.read(show_report, record.report.id)
        sent = await self.also_to(found, actor, CORRECT) if found is not None else []
        return changed | ({"sent": list[Json](sent)} if sent else {})

    async def also_to(self, record: ReportRecord, actor: str, reason: str) -> list[str]:
        """Send a report that was handed on to whom else the rules name for it now, with its history; their names."""
        if not record.handoffs or record.ties.followed is not None:
            return []
        report, reached = whole_report(record, self._open(record)), _reached(record)
        now, sent = self.clock.now(), list[str]()
        for name, given in route(report, record.report.channel, self.rules).targets.items():
            detail: dict[str, Json] = {"reason": reason, "category": report.category_id}
            new = NewHandoff(new_id(now), name, now, now, parameters=given, priority=_priority(report))
            if name not in reached and await self.ledger.write(send_onward, record.report.id, new, actor, now, detail):
                sent.append(name)
        return sent

    def _example(self, record: ReportRecord, report: Report, decided: str) -> ExampleRow | None:
        if not self.learns:
            return None
        return example_of(record.report.id, report, decided, self._open(record), self.clock.now())

    async def release_overdue(self, within: timedelta) -> int:
        """Release what has waited longer than `within`, one by one; how many. Raises LedgerUnavailable."""
        until = self.clock.now() - within
        released, after = 0, None
        while page := await self.ledger.read(list_overdue, until, after, _AT_ONCE):
            for waiting in page:
                released += await self._let_go(waiting)
            after = (page[-1].parked.parked_at, page[-1].parked.id)
        return released

    async def _let_go(self, waiting: Waiting) -> bool:
        """Release one, if it says anything; what cannot be released stays, and that is logged."""
        if waits_for_reporter(waiting):
            return False
        try:
            record = await self.ledger.read(show_report, _report_id(waiting))
            if record is None:
                return False
            sent = await self.send_on(waiting.parked, record, CLOCK)
        except (Conflict, Erased, Invalid) as error:
            log.warning("review.not_released", parked=str(waiting.parked.id), reason=type(error).__name__)
            return False
        log.info("review.released", parked=str(waiting.parked.id), destinations=sent)
        return True

    def _targets(self, report: Report, record: ReportRecord, to: Sequence[str]) -> tuple[Targets, Json]:
        decided = route(report, record.report.channel, self.rules)
        wanted = {name: decided.targets.get(name, {}) for name in to} or decided.targets
        chosen = {name: given for name, given in wanted.items() if name not in _reached(record)}
        unknown = [name for name in chosen if name not in self.destinations]
        if unknown:
            raise Invalid(f"no destination is called {unknown[0]!r}", cause="no_destination", about=unknown[0])
        if not chosen:
            code = record.report.tracking_code
            detail = f"the rules still have no destination for {code}; mend them, or name one with --to"
            raise Invalid(detail, cause="no_route", about=code)
        written = decided.model_copy(update={"targets": dict(chosen)}).model_dump(mode="json")
        before: dict[str, Any] = record.report.decision or {}
        return list(chosen.items()), {**before, "route": written}

    def _open(self, record: ReportRecord) -> SubjectKey:
        key = record.key
        return self.vault.open_key(key.subject_id, key.wrapped, key.master_key_id)


def review_clock(reviewing: Reviewing, within: float) -> list[Chore]:
    """The chore that releases reports which nobody looked at within so many seconds; none when that is 0."""

    async def release() -> None:
        await reviewing.release_overdue(timedelta(seconds=within))

    return [("review_clock", min(_EVERY, within), release)] if within else []


def whole_report(record: ReportRecord, key: SubjectKey) -> Report:
    """The report with all its messages."""
    return _whole(record, _report.validate_json(key.open(REPORT_PART, record.report.sealed_report)), key)


def _whole(record: ReportRecord, report: Report, key: SubjectKey) -> Report:
    later = [one for one in record.messages if one.sequence > 0]
    return joined(report, [_message.validate_json(key.open(MESSAGE_PART, one.sealed_message)) for one in later])


def _reached(record: ReportRecord) -> set[str]:
    """The destinations that have the report, or are owed it."""
    own = (row for row in record.handoffs if row.kind is HandoffKind.REPORT)
    return {row.destination for row in own if row.state is not HandoffState.CANCELLED}


def _priority(report: Report) -> int:
    return EMERGENCY_FIRST if report.is_priority else ORDINARY


def waits_for_reporter(waiting: Waiting) -> bool:
    """Whether only its reporter can say what it is about: it says nothing yet."""
    decision = waiting.decision if isinstance(waiting.decision, Mapping) else {}
    found = {finding.get("check") for finding in (decision.get("verdict") or {}).get("findings", ())}
    return waiting.verdict != VerdictKind.DUPLICATE.value and not NOTHING_SAID.isdisjoint(found)


def releases_at(waiting: Waiting, within: timedelta) -> datetime | None:
    """When its time runs out; None when the clock does not release it."""
    return None if not within or waits_for_reporter(waiting) else waiting.parked.parked_at + within


def _report_id(waiting: Waiting) -> UUID:
    if waiting.parked.report_id is None:
        raise NotFound(f"{waiting.parked.id} has no report")
    return waiting.parked.report_id


def _corrected(report: Report, chosen: Mapping[str, Any]) -> Report:
    written = report.model_dump(mode="json")
    for name in ("category_id", "classification"):
        if chosen.get(name) is not None:
            written[name] = chosen[name]
    if chosen.get("region_code") is not None:
        written["location"] = {**(written["location"] or {}), "region_code": chosen["region_code"]}
    return _report.validate_python(written)


def _filed(report: Report) -> dict[str, Any]:
    return {
        "category_id": report.category_id,
        "classification": report.classification.value,
        "region_code": report.location.region_code if report.location else None,
    }
