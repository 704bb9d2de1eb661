"""The table walked: every fault of the simulators, at every step, ends in one complaint or plainly uncertain.

What a fault leads to is not the database's doing: on PostgreSQL one in three is tried. SP4N_TEST_LONG=1: all.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.simulator import FaultRule, Simulator, parse_fault
from adapters.simulator.faults import KINDS
from gateway.ledger.audit import verify_journal
from gateway.ledger.values import HandoffRow
from schemas.handoff import Evidence, HandoffState
from tests.acceptance.processes import LONG
from tests.fakes.pictures import png
from tests.integration.backends import BOTH, PRODUCTION, Backend, backend
from tests.integration.installation import MINISTRY, SP4N, Installation, Plan, installation

FILES, COMPLAINT, PASS_ON = "/complaint/file$", "/complaints/complaint$", "/process/.*/reject$"
STATUSES = (400, 401, 403, 404, 408, 409, 410, 422, 425, 429, 500, 502, 503, 504, 520)
REDIRECTS = (301, 302, 303, 307, 308)
DATE_LONG_PAST = "Wed, 21 Oct 2015 07:28:00 GMT"
CONTENT = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri. Laporan ke-{}."
PHOTO = base64.b64encode(png()).decode()


def _spellings() -> Iterator[str]:
    for kind in KINDS:
        if kind not in ("status", "status_after", "redirect", "refused", "trickle"):
            yield kind
    yield "refused:seconds=0.3"
    yield "trickle:seconds=0.02"
    yield from (f"redirect:status={status}" for status in REDIRECTS)
    yield from (f"status:status={status}" for status in STATUSES)
    yield "status:status=429:retry_after=1"
    yield f"status:status=429:retry_after={DATE_LONG_PAST}"
    yield "status:status=503:retry_after=1"
    yield from (f"status_after:status={status}" for status in (500, 502, 503, 504, 302))


SPELLINGS = tuple(_spellings())
ON_POSTGRESQL = SPELLINGS if LONG else SPELLINGS[::3]


@dataclass(frozen=True)
class Seen:
    """What one fault led to."""

    fault: str
    handoff: HandoffRow
    taken: int
    attempts: int
    requests: int


async def walk(
    it: Installation, simulator: Simulator, path: str, destination: str, spellings: Sequence[str] = SPELLINGS
) -> list[Seen]:
    """Post one report for each fault, and see what becomes of it at the destination."""
    seen = []
    for number, spelling in enumerate(spellings):
        await simulator.set_faults([_at(spelling, path)])
        before = len(simulator.requests)
        file = {"name": "foto.png", "media_type": "image/png", "content_base64": PHOTO}
        submission: dict[str, Any] = {"content": CONTENT.format(number), "attachments": [file]}
        [accepted] = await it.post({"message_id": f"{path}-{spelling}", **submission})
        handoff = (await it.settled(accepted["tracking_code"]))[destination]
        record = await it.record(accepted["tracking_code"])
        entries = it.simulators.complaints if destination == SP4N else it.simulators.cases
        seen.append(
            Seen(
                spelling,
                handoff,
                taken=len(entries(accepted["tracking_code"])),
                attempts=sum(one.handoff_id == handoff.id for one in record.attempts),
                requests=len(simulator.requests) - before,
            )
        )
    await simulator.set_faults([])
    return seen


def _at(spelling: str, path: str) -> FaultRule:
    return parse_fault(f"{spelling}:path={path}")


def broken_promises(seen: list[Seen], *, dedupes: bool = False, makes: bool = True) -> list[str]:
    """What no fault may lead to, in words. `makes`: the step is the one that makes the complaint or case."""
    problems = []
    for one in seen:
        state = one.handoff.state
        told = f"{one.fault}: {state.value} ({one.handoff.reason}), taken {one.taken}"
        if one.taken > 1:
            problems.append(f"{told}: it was taken more than once")
        if state is HandoffState.DELIVERED and one.taken != 1:
            problems.append(f"{told}: delivered, but not there")
        if state is HandoffState.PARKED and one.taken and makes:
            problems.append(f"{told}: set aside as not done, but it was taken")
        if state is HandoffState.UNCERTAIN and dedupes:
            problems.append(f"{told}: a destination that dedupes leaves nothing uncertain")
        if state not in (HandoffState.DELIVERED, HandoffState.PARKED, HandoffState.UNCERTAIN):
            problems.append(f"{told}: it did not come to an end")
        if one.requests > one.attempts:
            problems.append(f"{told}: {one.requests} requests, {one.attempts} attempts: a call without its row")
    return problems


@pytest.fixture(params=BOTH)
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    with backend(request.param, tmp_path) as made:
        yield made


def tried_on(place: Backend) -> Sequence[str]:
    """The faults that are walked through there."""
    return ON_POSTGRESQL if place.name == PRODUCTION else SPELLINGS


SHORT = {"read": "800ms", "total": "1600ms", "quick": "[20ms, 50ms, 100ms]", "longest": "200ms", "horizon": "20s"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", [FILES, COMPLAINT, PASS_ON], ids=["files", "complaint", "pass_on"])
async def test_at_sp4n_there_is_one_complaint_or_it_is_plainly_uncertain(
    tmp_path: Path, everywhere: Backend, path: str
) -> None:
    async with installation(tmp_path, everywhere, Plan(**SHORT)) as it:  # type: ignore[arg-type]
        seen = await walk(it, it.simulators.sp4n, path, SP4N, tried_on(everywhere))
        assert broken_promises(seen, makes=path == COMPLAINT) == []
        uncertain = {one.fault for one in seen if one.handoff.state is HandoffState.UNCERTAIN}
        taken_unseen = {one.fault for one in seen if one.taken and one.fault in uncertain}
        assert bool(taken_unseen) == (path == COMPLAINT), "uploads are harmless, and the passing on can be looked up"
        found = await it.ledger.read(verify_journal, it.gateway.ring.trusted, it.gateway.ring.origin)
        assert found.findings == ()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", ["dedupes", "lookup", "neither"])
async def test_at_a_ministry_nothing_is_doubled(tmp_path: Path, everywhere: Backend, mode: str) -> None:
    async with installation(tmp_path, everywhere, Plan(mode=mode, **SHORT)) as it:  # type: ignore[arg-type]
        seen = await walk(it, it.simulators.ministry, "/cases", MINISTRY, tried_on(everywhere))
        assert broken_promises(seen, dedupes=mode == "dedupes") == []
        evidence = {one.handoff.evidence for one in seen if one.handoff.state is HandoffState.DELIVERED}
        assert (Evidence.RECONCILED in evidence) == (mode == "lookup")
