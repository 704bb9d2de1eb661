"""The process dies at every named point on the path of a report, and the promises hold after it was started again.

Short form: every point once on SQLite, where it is passed for the last time, and a sample of dying again; a sample on
PostgreSQL and RabbitMQ.
SP4N_TEST_LONG=1 walks all of them on both, each as often as it is passed.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from gateway.ledger.set_aside import list_parked
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import LONG, PATIENCE, Site, site, until
from tests.acceptance.promises import Ledgerful, broken_promises, look, pending, settled, stranded
from tests.integration.backends import EMBEDDED, PRODUCTION, Backend, backend
from tests.integration.installation import whatsapp_text

MOST_REPORTS = 6
"""A point that is passed so often without its count being reached is not on the path."""

TAKEN_UP_WITHIN = 10.0
"""Seconds after the restart in which whatever was in flight is taken up: the promise, not a measurement."""

ON_THE_PATH = {
    "ledger.keep_reports": 1,
    "ledger.claim_each": 2,
    "ledger.file_inspected": 1,
    "ledger.begin_attempts": 4,
    "ledger.end_attempts": 4,
    "ledger.due": 3,
    "ledger.sequence": 3,
    "ledger.register": 1,
    "ledger.beat": 1,
}
"""Transactions of the process from its start to the delivery, and how often each is walked. What is ready at the same
moment shares a commit, so one report may pass a point less often: then the next report does."""

CALLS = ("dispatch.files", "dispatch.complaint", "dispatch.pass_on", "dispatch.post")
CHORES = ("ledger.due", "ledger.sequence", "ledger.beat")
"""These come by time, so a report meets them as often as it happens."""

UPKEEP = (
    "ledger.begin_watches",
    "ledger.bring_forward",
    "ledger.claim_watches",
    "ledger.forget_joined",
    "ledger.park_notices",
    "ledger.put_right",
    "ledger.read_clocks_due",
    "ledger.show_gates",
    "ledger.watch_waiting",
)
"""Chores that look after what was delivered, joined or dated wrongly. They write nothing that a report on its way waits
for; the long form dies there too."""

Deaths = tuple[str, ...]
"""Where the process dies; then, started again, where it dies again."""

EACH_POINT: tuple[Deaths, ...] = (
    *((f"{call}.{moment}",) for call in CALLS for moment in ("recorded", "answered")),
    *(
        (f"{name}.{moment}:{count}",)
        for name, most in ON_THE_PATH.items()
        for count in range(1, most + 1)
        for moment in ("before_commit", "committed")
    ),
)

EACH_ONCE: tuple[Deaths, ...] = (
    *EACH_POINT[: 2 * len(CALLS)],
    *((f"{name}.{moment}:{most}",) for name, most in ON_THE_PATH.items() for moment in ("before_commit", "committed")),
)

DYING_AGAIN: tuple[Deaths, ...] = (
    ("ledger.claim_each.committed:1", "ledger.fence.before_commit"),
    ("ledger.claim_each.committed:1", "ledger.fence.committed"),
    ("ledger.claim_each.committed:1", "ledger.release.before_commit"),
    ("ledger.claim_each.committed:1", "ledger.release.committed"),
    ("dispatch.complaint.answered", "ledger.end_attempts.before_commit"),
    ("dispatch.complaint.answered", "ledger.end_attempts.committed"),
    ("dispatch.pass_on.answered", "dispatch.find_pass_on.recorded"),
    ("dispatch.pass_on.answered", "dispatch.find_pass_on.answered"),
    ("dispatch.pass_on.recorded", "dispatch.find_pass_on.answered", "dispatch.pass_on.answered"),
)

BESIDE_THE_PATH: tuple[Deaths, ...] = tuple(
    (f"{name}.{moment}",) for name in UPKEEP for moment in ("before_commit", "committed")
)

ALL = EACH_POINT + DYING_AGAIN + BESIDE_THE_PATH

SAMPLE: tuple[Deaths, ...] = (
    ("dispatch.complaint.recorded",),
    ("dispatch.complaint.answered",),
    ("ledger.keep_reports.committed:1",),
    ("ledger.begin_attempts.committed:2",),
    ("ledger.end_attempts.before_commit:3",),
)

WALKS: tuple[tuple[str, Deaths], ...] = (
    *((EMBEDDED, deaths) for deaths in (ALL if LONG else EACH_ONCE + DYING_AGAIN[1::3] + DYING_AGAIN[-1:])),
    *((PRODUCTION, deaths) for deaths in (ALL if LONG else SAMPLE)),
)


IN_A_CONVERSATION: tuple[str, ...] = (
    "ledger.add_messages.before_commit",
    "ledger.add_messages.committed",
    "ledger.park_inbound.before_commit",
    "ledger.park_inbound.committed",
    "dispatch.followup.recorded",
    "dispatch.followup.answered",
)
"""Passed by later messages of a conversation, and by those that nobody understands."""


def _parameters() -> Iterator[object]:
    for kind, deaths in WALKS:
        marks = [pytest.mark.postgresql, pytest.mark.rabbitmq] if kind == PRODUCTION else []
        yield pytest.param(kind, deaths, marks=marks, id=f"{kind}-{' then '.join(deaths)}")


@pytest.mark.timeout(3 * PATIENCE)
@pytest.mark.parametrize(("kind", "deaths"), [*_parameters()])
async def test_a_death_here_breaks_no_promise(tmp_path: Path, kind: str, deaths: Deaths) -> None:
    with backend(kind, tmp_path) as place:
        assert await _walk(tmp_path, place, deaths) == []


@pytest.mark.parametrize("death", IN_A_CONVERSATION)
async def test_a_death_in_a_conversation_loses_and_doubles_no_message(tmp_path: Path, death: str) -> None:
    strange = {"from": "6281200000002", "id": "wamid.X1", "timestamp": "1749416383", "type": "hologram"}
    later = (whatsapp_text("A2", "hari ini masih habis"), strange)
    with backend(EMBEDDED, tmp_path) as place:
        async with site(tmp_path, place) as it, ChannelService(it) as channel:
            running = await it.open(SP4N_GATEWAY_FAILPOINT=death)
            await channel.deliver(whatsapp_text("A1", submission(1)["content"]))
            await settled(it)
            delivering = asyncio.create_task(channel.deliver(*later))
            assert await running.ended() == -signal.SIGKILL
            await it.open()
            await delivering
            seen = await settled(it)
            [report] = seen.reports
            kept = {"A1": {"id": str(report["id"]), "tracking_code": report["tracking_code"]}}
            assert await broken_promises(it, kept) == []
            assert {row["state"] for row in seen.handoffs} == {HandoffState.DELIVERED}
            assert report["messages"] == 2
            assert len(it.simulators.complaints()) == len(it.simulators.sp4n.book.of("followup")) == 1
            assert len(it.simulators.cases()) == len(it.simulators.ministry.book.of("addition")) == 1
            assert len(await it.ledger.read(list_parked)) == 1


async def test_these_are_all_points_on_the_path(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with backend(EMBEDDED, tmp_path) as place:
        async with site(tmp_path, place) as it, ChannelService(it) as channel:
            running = await it.open(SP4N_GATEWAY_FAILPOINT=f"trace:{trace}")
            await channel.hand_in(submission(1, photo=True))
            await settled(it)
            await running.kill()
    reached = Counter(trace.read_text().split())
    walked = {death.partition(":")[0] for deaths in EACH_POINT for death in deaths}
    assert set(reached) - {death for (death,) in BESIDE_THE_PATH} == walked
    counted = {name: most for name, most in ON_THE_PATH.items() if name not in CHORES}
    assert not [name for name, most in counted.items() if reached[f"{name}.committed"] > most]


async def _walk(folder: Path, place: Backend, deaths: Deaths) -> list[str]:
    """Let the process die where it is told to, start it again unharmed, and see what is not as it must be."""
    async with site(folder, place) as it, ChannelService(it) as channel:
        enough = asyncio.Event()
        posting = asyncio.create_task(_post(it, channel, enough))
        in_doubt: set[UUID] = set()
        before = await look(it)
        for death in deaths:
            await _dies(it, death, posting)
            before = await look(it)
            in_doubt |= {row["handoff_id"] for row in before.open_attempts if row["step"] == "complaint"}
        await it.open()
        if problems := await _left_lying(it, before):
            return problems
        enough.set()
        await posting
        seen = await settled(it)
        return [*await broken_promises(it, channel.kept), *_ended_otherwise(seen, in_doubt)]


async def _post(it: Site, channel: ChannelService, enough: asyncio.Event) -> None:
    """Hand in a report, and another whenever the one before has settled, until it is enough."""

    async def go_on() -> bool:
        return enough.is_set() or await pending(it) == 0

    for number in range(MOST_REPORTS):
        await channel.hand_in(submission(number, photo=True))
        await until(go_on)
        if enough.is_set():
            return


async def _dies(it: Site, death: str, posting: asyncio.Task[None]) -> None:
    """Start the process and wait for its death."""
    running = await it.start(SP4N_GATEWAY_FAILPOINT=death)
    ended = asyncio.create_task(running.ended())
    address = asyncio.create_task(running.ready())
    await asyncio.wait({ended, address}, return_when=asyncio.FIRST_COMPLETED)
    it.address = None if ended.done() else address.result()
    await asyncio.wait({ended, posting}, return_when=asyncio.FIRST_COMPLETED)
    it.address = None
    assert ended.done(), f"{death} was never reached"
    assert await ended == -signal.SIGKILL, running.said
    await asyncio.gather(address, return_exceptions=True)


async def _left_lying(it: Site, before: Ledgerful) -> list[str]:
    """What the dead left and nobody has taken up within ten seconds of the restart."""
    dead = {row["id"] for row in before.workers}
    waiting = {row["id"]: row["tries"] for row in before.in_state(HandoffState.PENDING)}
    found: list[str] = []

    async def taken_up() -> bool:
        seen = await look(it)
        idle = [row for row in seen.in_state(HandoffState.PENDING) if row["tries"] == waiting.get(row["id"])]
        found[:] = await stranded(it, dead) + [f"nobody touched {row['destination']}" for row in idle]
        return not found

    with suppress(TimeoutError):
        await until(taken_up, seconds=TAKEN_UP_WITHIN)
    return [f"{TAKEN_UP_WITHIN:.0f} s after the restart {one}" for one in found]


def _ended_otherwise(seen: Ledgerful, in_doubt: set[UUID]) -> Iterator[str]:
    """A complaint that was under way at a death is uncertain; everything else is delivered."""
    for row in seen.handoffs:
        right = HandoffState.UNCERTAIN if row["id"] in in_doubt else HandoffState.DELIVERED
        if row["state"] != right:
            yield f"{row['destination']} is {row['state']}, and should be {right}"
