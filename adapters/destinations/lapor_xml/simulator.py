"""Plays LAPOR!'s older interface: reads documents strictly, keeps its book, answers with two ids."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest
from schemas.base import Json

TOKEN, TOPICS_KEY = "{TOKEN-UJI}", "KUNCI-UJI"
PATH, TOPICS_PATH = "/api/stream/addstream", "/api/services/f01/gettopics"
FIRST_ID = 5_500_001
TOPICS: list[Json] = [
    {"id": 1, "parent": 0, "topic_name": "Infrastruktur"},
    {"id": 12, "parent": 1, "topic_name": "Jalan dan Jembatan"},
    {"id": 2, "parent": 0, "topic_name": "Kesehatan"},
]


@dataclass(slots=True)
class SimulatedLaporXml:
    """The application below the simulator's server. It dedupes nothing and finds nothing again."""

    token: str = TOKEN
    topics: list[Json] = field(default_factory=lambda: list(TOPICS))

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """Take a complaint, or list the categories."""
        match (request.method, request.path):
            case ("POST", path) if path == PATH:
                return self._stream(request, book)
            case ("POST", path) if path == TOPICS_PATH:
                return self._topics(request)
            case _:
                return _error(404, "alamat tidak dikenal")

    def _stream(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        try:
            root: Element = defusedxml.ElementTree.fromstring(request.body, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            return _error(400, "bukan XML")
        if root.tag != "lapor" or root.get("token") != self.token:
            return _error(403, "token tidak dikenal")
        entry = _entry(root)
        if isinstance(entry, str):
            return _error(400, entry)
        number = FIRST_ID + len(book)
        entry |= {"tracking_id": str(number), "transaction_id": f"TRX{number}"}
        book.append(entry)
        body = f"<response><trackingid>{number}</trackingid><transaksiid>TRX{number}</transaksiid></response>"
        return SimulatedAnswer(200, {"content-type": "text/xml; charset=utf-8"}, body.encode())

    def _topics(self, request: SimulatedRequest) -> SimulatedAnswer:
        given = request.headers.get("keytoken") or json.loads(request.body or b"{}").get("KEYTOKEN")
        return SimulatedAnswer.of_json(self.topics) if given == TOPICS_KEY else _error(403, "KEYTOKEN tidak dikenal")


def simulated() -> SimulatedLaporXml:
    """The older interface at `PATH` and `TOPICS_PATH`."""
    return SimulatedLaporXml()


def _entry(root: Element) -> dict[str, Json] | str:
    """The complaint as the book keeps it, or what is wrong with it."""
    reporter, report = root.find("pelapor"), root.find("laporan")
    if reporter is None or report is None:
        return "pelapor dan laporan harus ada"
    if [child.tag for child in reporter] != ["email", "telpon", "namadepan", "namabelakang"]:
        return "pelapor tidak lengkap"
    flags = (report.get("rahasia"), report.get("anonim"))
    if any(flag not in ("0", "1") for flag in flags):
        return "rahasia dan anonim harus 0 atau 1"
    content = (report.findtext("isi") or "").strip()
    if not content or not (reporter.findtext("namadepan") or "").strip():
        return "isi dan namadepan harus terisi"
    return {
        "kind": "complaint",
        "content": content,
        "is_secret": flags[0] == "1",
        "is_anonymous": flags[1] == "1",
        "reporter": {child.tag: child.text or "" for child in reporter},
    }


def _error(status: int, message: str) -> SimulatedAnswer:
    body = f"<response><error>{message}</error></response>"
    return SimulatedAnswer(status, {"content-type": "text/xml; charset=utf-8"}, body.encode())
