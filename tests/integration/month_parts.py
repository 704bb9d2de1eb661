"""What stands around the simulated month: its clock, what agencies will say when, the national system."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from adapters.contract import Call, Reply
from adapters.destinations.sp4n.simulator import Lapor, simulated
from adapters.simulator import Book, SimulatedRequest
from adapters.simulator.book import Entry
from gateway.route import Agency
from schemas.vocabulary import Classification
from tests.unit.adapters.sp4n.builders import an_adapter

START = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # Monday the 2nd, midnight in Jakarta
STEP, HOUR = timedelta(hours=6), timedelta(hours=1)
SOON = HOUR
"""After so long in each step notices are looked for once more: they wait some minutes for others of their burst."""
MINISTRIES = ("kemenkes", "kemenpu", "dinas")
ROADS = "PEKERJAAN UMUM DAN PENATAAN RUANG"
SECRETS = {name: "whsec_" + 8 * text for name, text in zip(MINISTRIES, ("a2Vt", "cHVw", "ZGlu"), strict=True)}
REGIONS = ("32.73", "51.71", "91.71")
CLASSES = (Classification.INFORMATION, Classification.WITHOUT_SUPERVISION, Classification.WITH_SUPERVISION)
TRACKING_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
WAITING = "Menunggu Kelengkapan Informasi"
COURSES: tuple[tuple[tuple[int, str | None, str | None], ...], ...] = (  # hours after the receipt, status, words
    (
        (12, "Terverifikasi", None),
        (48, "Dalam Proses", None),
        (96, None, "<p>Sudah diperbaiki</p>"),
        (120, "Selesai", None),
    ),
    ((24, "Terverifikasi", None), (54, WAITING, None), (240, "Dalam Proses", None), (300, "Ditutup oleh Sistem", None)),
    ((96, "Sedang Ditelaah Tim 7", None), (120, None, "Kami teruskan"), (126, "Dalam Proses", None)),
    ((6, "Ditolak", None),),
    (),
)
DIRECTORY = tuple(Agency(f"Badan Uji {name}", destination=name, parents=frozenset({ROADS})) for name in MINISTRIES)
"""Whose business the month's reports are: any of the three may have them, in this order."""
PASSED_ON = ((24, None, "Bukan kewenangan kami"),)
"""A ministry that is not the right one says so; the report is sent on to another."""


class FakeClock:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()


class NationalSystem:
    """The real adapter, whose calls reach the simulator without a network."""

    def __init__(self, clock: FakeClock) -> None:
        self.book = Book()
        self.lapor = cast(Lapor, simulated(now=clock.now))
        self._adapter = an_adapter()
        self._read = 0
        self._complaints: dict[str, int] = {}
        self._entries: defaultdict[int, list[Entry]] = defaultdict(list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    async def send(self, call: Call) -> Reply:
        path, _, query = call.url.removeprefix(self._adapter._address).partition("?")
        fields = dict(pair.split("=") for pair in query.split("&")) if query else {}
        headers = {name.lower(): value for name, value in call.headers}
        answer = self.lapor.take(SimulatedRequest(call.method, path, fields, headers, call.body), self.book)
        return Reply(answer.status, answer.headers, answer.body)

    def complaint_of(self, tracking_code: str) -> int:
        """The number that the complaint with this tracking code in its text was given."""
        self._follow()
        return self._complaints[tracking_code]

    def entries_of(self, number: int) -> list[Entry]:
        """What the book has about a complaint."""
        self._follow()
        return self._entries[number]

    def _follow(self) -> None:
        for entry in self.book.since(self._read):
            self._read += 1
            self._entries[entry.get("complaint_id", 0)].append(entry)
            if entry["kind"] == "complaint":
                for code in TRACKING_CODE.findall(entry["fields"]["content"]):
                    self._complaints.setdefault(code, entry["id"])

    def plan(self, complaint_id: int, course: Any) -> None:
        steps = [{"after": hours * 3600, "status_name": name, "content": words} for hours, name, words in course]
        body = json.dumps({"complaint_id": complaint_id, "steps": steps}).encode()
        request = SimulatedRequest("POST", "/_simulator/course", {}, {}, body)
        assert self.lapor.take(request, self.book).status == 200
