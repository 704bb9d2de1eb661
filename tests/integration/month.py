"""A month of reports on a clock of its own: the real ledger, the real national system's simulator, three ministries.

What the simulators did stands in their books, from which the test counts everything once more.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import update
from standardwebhooks import Webhook

from adapters.contract import Call, InboundMessage
from adapters.destinations.sp4n.adapter import Sp4n
from adapters.simulator import parse_fault
from gateway.clocks import Calendar
from gateway.conduct import Conduct
from gateway.dispatch import Line, Seat, Tools, hand_off
from gateway.enrol import Enrolment, later_rows, report_rows
from gateway.failpoints import no_failpoint
from gateway.gate import Gate
from gateway.keyring import make_key_ring
from gateway.ledger import Ledger
from gateway.ledger.channels import add_channel
from gateway.ledger.claims import claim, due
from gateway.ledger.conversations import find_conversation
from gateway.ledger.intake import add_messages, keep_reports
from gateway.ledger.tables import channels
from gateway.ledger.values import ChannelRow, Claimed, WorkerRow
from gateway.ledger.views import show_report
from gateway.ledger.workers import register
from gateway.metrics import Metrics
from gateway.normalize import normalize
from gateway.pace import Pace
from gateway.polling import PollPolicy
from gateway.receipts.asking import Asked
from gateway.receipts.callbacks import Callbacks
from gateway.receipts.chores import ask_all_due, take_all
from gateway.receipts.keeping import Keeping
from gateway.receipts.refusing import Refusing
from gateway.receipts.striking import strike
from gateway.receipts.undelivered import report_undelivered
from gateway.rerouting import Rerouting
from gateway.retry import RetryPolicy
from gateway.route import Rules
from gateway.sentinel import Sentinel
from gateway.storage import Folder, Storage
from gateway.vault import Vault
from schemas.ids import new_id
from schemas.report import Location
from schemas.vocabulary import Classification
from tests.fakes.destination import FakeDestination
from tests.integration.month_parts import (
    CLASSES,
    COURSES,
    DIRECTORY,
    HOUR,
    MINISTRIES,
    PASSED_ON,
    REGIONS,
    SECRETS,
    SOON,
    START,
    STEP,
    WAITING,
    FakeClock,
    NationalSystem,
)


@dataclass
class Told:
    """What a ministry, or the national system, says of one case, in the order of time."""

    at: datetime
    status: str | None
    words: str | None


@dataclass
class Followed:
    """One report at one destination: what was said of it, and what its reporter added (to all its cases)."""

    report_id: UUID
    tracking_code: str
    destination: str
    accepted_at: datetime
    classification: Classification
    region: str
    delivered_at: datetime | None = None
    told: list[Told] = field(default_factory=list)
    heard: list[datetime] = field(default_factory=list)
    tries: list[datetime] = field(default_factory=list)


class Month:
    """Everything that runs, and what it does with each step of time."""

    def __init__(self, ledger: Ledger, folder: Path, reports: int = 0, arrivals: list[int] | None = None) -> None:
        self.clock, self.chance = FakeClock(), random.Random(7)
        self.ledger = ledger
        self.vault = Vault(make_key_ring(os.urandom))
        self.metrics = Metrics()
        self.keeping = Keeping(ledger, self.vault, self.clock, self.metrics)
        self.callbacks = Callbacks({name: (secret,) for name, secret in SECRETS.items()}, self.keeping)
        self.sp4n = NationalSystem(self.clock)
        self.ministries = {name: FakeDestination(name) for name in MINISTRIES}
        self.storage = Storage(Folder(folder))
        self.cases: dict[tuple[UUID, str], Followed] = {}
        self.channel = FakeDestination("@wa")
        self.notices: list[tuple[UUID, datetime]] = []
        self.asked_in: dict[UUID, UUID] = {}
        self._arrivals = arrivals or sorted(self.chance.randrange(4 * 14) for _ in range(reports))
        self._later: list[tuple[datetime, Any]] = []
        self._worker = WorkerRow(new_id(START), "uji", 1, START)
        ends = {**self.ministries, "sp4n": self.sp4n, "@wa": self.channel}
        self._lines = {name: self._line(one) for name, one in ends.items()}
        known = Rules("uji", directory=DIRECTORY)
        self._refusing = Refusing(Rerouting(ledger, self.vault, known, ends, self.clock))
        policy = PollPolicy(12 * 3600, 48 * 3600, 0.3, 0.0)
        self.asked = Asked("sp4n", cast(Sp4n, self.sp4n), policy, self._lines["sp4n"].pace)

    async def run(self, steps: int = 4 * 34) -> None:
        """Live through it, and long enough after it for the last polls."""
        await self.ledger.write(register, self._worker)
        await self.ledger.write(add_channel, ChannelRow("wa", "whatsapp", START, {}), "uji")
        await self.ledger.write(lambda conn: conn.execute(update(channels).values(answers=True)).rowcount)
        for step in range(steps):
            self.clock.at = START + step * STEP
            self.ministries["dinas"].set_faults([parse_fault("status:status=503")] if 8 <= step < 12 else ())
            for number in [number for number, at in enumerate(self._arrivals) if at == step]:
                await self._arrive(number)
            await self._deliver()
            await self._what_falls_due()
            await take_all(self.keeping, [self.asked])
            await ask_all_due(self.asked, self.keeping, lambda: 0.0)
            await strike(self.keeping, Calendar())
            await report_undelivered(self.keeping)
            self.clock.at += SOON
            for _ in range(3):  # those of one report come one after the other
                await self._deliver(notices=True)

    def _line(self, destination: Any) -> Line:
        pace, gate = Pace(0, self.clock.monotonic), Gate(Conduct(), 8, self.clock)
        policy = RetryPolicy(quick=(60.0,), longest=60.0, jitter=0.0)
        return Line(destination, policy, False, 8, pace, gate, Conduct(), Sentinel(Conduct().drift))

    async def _arrive(self, number: int) -> None:
        now = self.clock.now()
        ministry = MINISTRIES[number // 2 % 3]
        destinations = ("sp4n", ministry) if number % 5 == 4 else ("sp4n",) if number % 2 else (ministry,)
        enrolment = Enrolment(self.vault, self.storage, Rules("uji", default=destinations), self.clock.now)
        region, classification = self.chance.choice(REGIONS), self.chance.choice(CLASSES)
        words = f"Jalan di depan pasar {number} berlubang dalam sejak bulan lalu, sudah banyak yang jatuh di sana."
        message = InboundMessage(
            f"m{number}",
            words,
            words.encode(),
            title="Jalan rusak",
            classification=classification,
            location=Location(region_code=region),
            conversation=f"warga {number}",
        )
        key = self.vault.keyed_hash("conversation", "wa", f"warga {number}")
        rows = await report_rows(
            enrolment, "wa", message, normalize(message, now), conversation_key=key, gather=timedelta(0)
        )
        assert rows.handoffs, rows.report.decision
        kept = await self.ledger.group(keep_reports, rows)
        heard: list[datetime] = []
        for destination in destinations:
            known = (kept.report_id, kept.tracking_code, destination, now)
            case = Followed(*known, Classification(rows.report.classification), region, heard=heard)
            self.cases[kept.report_id, destination] = case

    async def _deliver(self, *, notices: bool = False) -> None:
        now = self.clock.now()
        found = await self.ledger.write(due, now, now, 5000)
        ids = [one.id for one in found if (one.destination == "@wa") or not notices]
        for claimed in await self.ledger.write(claim, ids, self._worker.id, now):
            await self._hand_off(claimed, now)

    async def _hand_off(self, claimed: Claimed, now: datetime) -> None:
        tools = Tools(self.ledger, self.vault, cast(Any, None), self.clock, self.metrics, lambda: 0.0, no_failpoint)
        destination, is_report = claimed.handoff.destination, claimed.handoff.kind.value == "report"
        if is_report:
            self.cases[claimed.report.id, destination].tries.append(now)
        taken = self.channel.taken if destination == "@wa" else getattr(self.ministries.get(destination), "taken", [])
        before = len(taken)
        await hand_off(claimed, self._lines[destination], tools, Seat(self._worker.id, lambda: True))
        if destination == "@wa":
            self.notices += [(claimed.handoff.id, now)] * (len(taken) - before)
        if is_report:
            self._plan_if_taken(self.cases[claimed.report.id, destination], taken[before:])

    def _plan_if_taken(self, case: Followed, taken: Sequence[Call]) -> None:
        course = self.chance.choice(COURSES)
        if case.destination != "sp4n" and self.chance.random() < 0.1:
            course = PASSED_ON
        if case.destination == "sp4n":
            self.sp4n.plan(self.sp4n.complaint_of(case.tracking_code), course)
        elif not any(str(case.report_id) in call.body.decode() for call in taken):
            return
        case.delivered_at = self.clock.now()
        case.told = [Told(self.clock.now() + hours * HOUR, name, words) for hours, name, words in course]
        if case.destination != "sp4n":
            self._later += [(told.at, (case, place, told)) for place, told in enumerate(case.told)]
        asked = next((told.at for told in case.told if told.status == WAITING), None)
        if asked is not None and self.chance.random() < 0.6:
            self._later.append((asked + 24 * HOUR, case))

    async def _what_falls_due(self) -> None:
        now = self.clock.now()
        fallen = sorted((one for one in self._later if one[0] <= now), key=lambda one: one[0])
        self._later = [one for one in self._later if one[0] > now]
        for _, what in fallen:
            await (self._add(what) if isinstance(what, Followed) else self._post(*what))

    async def _post(self, case: Followed, place: int, told: Told) -> None:
        """A ministry's update; every third one is sent twice."""
        said = {"status": told.status, "text": told.words or "", "at": told.at.isoformat(), "sequence": place + 1}
        if told.status == WAITING:
            said |= {"question": True, "text": "Di mana tepatnya?"}
        if told.words == PASSED_ON[0][2]:
            said |= {"not_ours": True}
        body, event = json.dumps(said), f"{case.tracking_code}-{place}"
        signature = Webhook(SECRETS[case.destination]).sign(event, self.clock.now(), body)
        headers = {
            "webhook-id": event,
            "webhook-timestamp": str(int(self.clock.now().timestamp())),
            "webhook-signature": signature,
        }
        for time in range(2 if place % 3 == 0 else 1):
            receipt = await self.callbacks.take(case.tracking_code, headers, body.encode())
            assert receipt.duplicate == (time > 0)
        if "not_ours" in said:
            await self._send_on(case)

    async def _send_on(self, case: Followed) -> None:
        """The ministry is not the right one: the rule gives the report to another, until none is left to be asked."""
        before = await self._holders(case)
        await self._refusing.send_on()
        reached = await self._holders(case) - before
        others = [name for name in MINISTRIES if name not in before]
        assert sorted(reached) == others[:1]
        for name in reached:
            self.cases[case.report_id, name] = replace(case, destination=name, delivered_at=None, told=[], tries=[])

    async def _holders(self, case: Followed) -> set[str]:
        """Who was given the report, or is about to get it."""
        record = await self.ledger.read(show_report, case.report_id)
        assert record is not None
        return {one.destination for one in record.handoffs if one.kind.value == "report"}

    async def _add(self, case: Followed) -> None:
        """The reporter answers a question."""
        now, number = self.clock.now(), len(case.heard)
        text = "Di seberang toko roti"
        message = InboundMessage(f"{case.tracking_code}-{number}", text, text.encode())
        sequence = await self._conversation(case)
        enrolment = Enrolment(self.vault, self.storage, Rules("uji"), self.clock.now)
        rows = await later_rows(enrolment, "wa", message, normalize(message, now), sequence, gather=timedelta(0))
        await self.ledger.group(add_messages, replace(rows, expected=None))
        case.heard.append(now)

    async def _conversation(self, case: Followed) -> Any:

        record = await self.ledger.read(show_report, case.report_id)
        assert record is not None
        assert record.report.conversation_key is not None
        talk = await self.ledger.read(find_conversation, record.report.conversation_key, START)
        assert talk is not None
        return talk


def spoken(month: Month, case: Followed) -> list[Told]:
    """What was said of a case by the end, from the book of whoever said it."""
    if case.destination != "sp4n":
        return [told for told in case.told if told.at <= month.clock.now()]
    entries = month.sp4n.entries_of(month.sp4n.complaint_of(case.tracking_code))
    told = [Told(_at(one), one["status_name"], None) for one in entries if one["kind"] == "status"]
    words = [one for one in entries if one["kind"] == "followup" and case.tracking_code not in one["fields"]["content"]]
    return sorted([*told, *(Told(_at(one), None, one["fields"]["content"]) for one in words)], key=lambda one: one.at)


def _at(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])
