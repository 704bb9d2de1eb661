"""What was sent in each attempt, built again from the sealed report and held against what was committed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from adapters.contract import Call, Case, Destination, Step
from gateway.casework import OpenCase, open_case
from gateway.commitments import REQUEST
from gateway.config import DestinationConfig
from gateway.ledger import Ledger
from gateway.ledger.casefiles import casefiles
from gateway.ledger.values import AttemptRow, HandoffRow, ReportRecord
from gateway.masking import masked
from gateway.operations.previewing import head_of
from gateway.vault import Erased, Vault
from schemas.errors import GatewayError

_MOST_STEPS = 10
_MOST_SHOWN = 20_000


class Fit(StrEnum):
    """How what was built again compares with what was committed to."""

    SAME = "same"
    """Byte for byte what was sent."""
    OTHER = "other"
    """Not what was sent: the report has grown since, files went along, or the adapter builds otherwise now."""
    ERASED = "erased"
    """The key was destroyed: nobody can build it any more."""
    UNKNOWN = "unknown"
    """The configuration has no such destination any more, or the step cannot be built alone."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went out: without secrets, identity and the report's words. `head`: method, address, headers."""

    fit: Fit
    head: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What is needed to build: the open ledger and vault, the adapters, and the configuration's entries."""

    ledger: Ledger
    vault: Vault
    destinations: Mapping[str, Destination]
    entries: Mapping[str, DestinationConfig]


async def requests_sent(means: Means, record: ReportRecord) -> dict[UUID, Sent]:
    """The request of each attempt of a report, by the attempt's id."""
    found: dict[UUID, Sent] = {}
    for handoff in record.handoffs:
        its = [attempt for attempt in record.attempts if attempt.handoff_id == handoff.id]
        found |= await _of_handoff(means, handoff, its) if its else {}
    return found


async def _of_handoff(means: Means, handoff: HandoffRow, attempts: list[AttemptRow]) -> dict[UUID, Sent]:
    entry, destination = means.entries.get(handoff.destination), means.destinations.get(handoff.destination)
    if entry is None or destination is None:
        return {attempt.id: Sent(Fit.UNKNOWN) for attempt in attempts}
    (claimed,) = await means.ledger.read(casefiles, [handoff])
    try:
        opened = open_case(claimed, means.vault, identity=entry.identity)
    except Erased:
        return {attempt.id: Sent(Fit.ERASED) for attempt in attempts}
    cases = dict(_cases(destination, opened.case, handoff))
    return {attempt.id: _sent(attempt, cases.get(attempt.step), destination, opened, entry) for attempt in attempts}


def _cases(destination: Destination, case: Case, handoff: HandoffRow) -> Iterator[tuple[str, tuple[Case, Step]]]:
    """Each step with the case as it was before it: with what the steps before it had given."""
    case = replace(case, progress={})
    for _ in range(_MOST_STEPS):
        step = destination.next_step(case)
        if step is None:
            return
        yield step.name, (case, step)
        lookup = destination.lookup_step(case, step.name)
        if lookup is not None:
            yield lookup.name, (case, lookup)
        if step.name not in handoff.progress:
            return
        case = replace(case, progress={**case.progress, step.name: handoff.progress[step.name]})


def _sent(
    attempt: AttemptRow,
    known: tuple[Case, Step] | None,
    destination: Destination,
    opened: OpenCase,
    entry: DestinationConfig,
) -> Sent:
    call = _built(destination, known, attempt.started_at) if known else None
    if call is None:
        return Sent(Fit.UNKNOWN)
    same = opened.key.commitment(REQUEST, attempt.id, call.body) == attempt.request
    secrets = entry.entry.secrets
    text = call.body.decode("utf-8", "replace")[:_MOST_SHOWN]
    hidden = masked(text, report=opened.case.report, reporter=opened.case.reporter, secrets=secrets.values())
    return Sent(Fit.SAME if same else Fit.OTHER, tuple(head_of(call, secrets)), hidden)


def _built(destination: Destination, known: tuple[Case, Step], at: datetime) -> Call | None:
    case, step = known
    try:
        return destination.build(case, step, at)
    except (GatewayError, KeyError, ValueError):
        return None
