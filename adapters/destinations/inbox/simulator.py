"""Plays a ministry that fetches its cases: reads them strictly, keeps its book, acknowledges, and misbehaves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from urllib.parse import quote

from adapters.contract import Call, Reply
from adapters.http import HttpClient, Limits
from adapters.outbound.wire import WireCase
from adapters.simulator import Book
from adapters.simulator.mishaps import Mishaps
from schemas.base import Json

KINDS: dict[str, str] = {
    "never_acknowledges": "takes the case and says nothing",
    "dies_before_taking": "fetches the case, does not take it and says nothing",
    "asks_again": "does not take it now: nack with the reason retry",
    "refuses": "will never take it: nack with the reason refuse",
    "passes_on": "it is another agency's matter: nack with the reason not_ours",
    "mumbles": "takes it and says what nobody understands",
    "acknowledges_twice": "takes it and acknowledges it twice",
    "acknowledges_bare": "takes it and acknowledges without a reference",
}
_TAKES_NOT = ("dies_before_taking", "asks_again", "refuses", "passes_on")
_ENTRY_KINDS = {"case.created": "case", "case.added": "addition", "case.withdrawn": "withdrawal"}


@dataclass(frozen=True, slots=True)
class Said:
    """What the ministry says of one case; `times` how often."""

    verdict: str
    body: dict[str, Json]
    times: int = 1


class SimulatedMinistry:
    """Fetches from an inbox. It knows a handoff's id again: a case that comes twice stands in its book once."""

    def __init__(self, book: Book | None = None) -> None:
        self.book = book or Book()
        self.taken = 0
        self._mishaps = Mishaps(KINDS)
        self._client = HttpClient(Limits(read=90.0, total=120.0), allow_private=frozenset({"127.0.0.1"}))

    @property
    def url(self) -> str:
        """It has no address: that is why it fetches."""
        return "inbox://simulated"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Nothing listens."""
        return port

    async def stop(self) -> None:
        """Close the connections to the gateway."""
        await self._client.aclose()
        self.book.close()

    async def misbehave(self, *spellings: str) -> None:
        """Put these kinds of misbehaviour in force, in place of those before."""
        self._mishaps = Mishaps(KINDS, spellings)

    async def fetch(self, gateway: str, destination: str, key: str, wait: float = 0.0) -> list[Reply]:
        """Fetch once and say what becomes of each case; the gateway's answers, that to the fetching first."""
        base = f"{gateway}/v1/inbox/{quote(destination)}"
        answers = [await self._client.send(Call("GET", f"{base}?wait={wait}", _bearer(key), b"", "fetch"))]
        if answers[0].status != 200:
            return answers
        for message in json.loads(answers[0].body)["messages"]:
            said = self.take(message["handoff"], json.dumps(message["case"]).encode())
            if said is not None:
                answers += [await self._say(f"{base}/{message['handoff']}", key, said) for _ in range(said.times)]
        return answers

    def take(self, handoff: str, case: bytes) -> Said | None:
        """Take a case, and what is said of it; None: nothing. Raises ValueError for one that is not sound."""
        read = WireCase.model_validate_json(case)
        kind = self._mishaps.next(*KINDS)
        if kind not in _TAKES_NOT:
            self.taken += 1
            self._note(handoff, read, case)
        match kind:
            case "never_acknowledges" | "dies_before_taking":
                return None
            case "asks_again":
                return Said("nack", {"reason": "retry", "retry_after": 0})
            case "refuses":
                return Said("nack", {"reason": "refuse"})
            case "passes_on":
                return Said("nack", {"reason": "not_ours"})
            case "mumbles":
                return Said("mumble", {})
            case "acknowledges_bare":
                return Said("ack", {})
        return Said("ack", {"reference": self._reference(handoff)}, 2 if kind == "acknowledges_twice" else 1)

    async def _say(self, address: str, key: str, said: Said) -> Reply:
        body = json.dumps(said.body).encode()
        headers = (*_bearer(key), ("content-type", "application/json"))
        return await self._client.send(Call("POST", f"{address}/{said.verdict}", headers, body, said.verdict))

    def _note(self, handoff: str, read: WireCase, case: bytes) -> None:
        if any(entry["handoff"] == handoff for entry in self.book.entries):
            return
        self.book.append(
            {
                "kind": _ENTRY_KINDS[read.type],
                "handoff": handoff,
                "id": str(read.id),
                "tracking_code": read.tracking_code,
                "reference": f"AMBIL-{len(self.book) + 1:05d}",
                "prior_reference": read.prior_reference,
                "digest": hashlib.sha256(case).hexdigest(),
            }
        )

    def _reference(self, handoff: str) -> str:
        return next(str(entry["reference"]) for entry in self.book.entries if entry["handoff"] == handoff)


def simulated(book: Book | None = None) -> SimulatedMinistry:
    """A ministry that fetches, takes everything that is sound, and acknowledges it."""
    return SimulatedMinistry(book)


def _bearer(key: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {key}"),)
