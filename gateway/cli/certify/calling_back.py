"""Checks of what a ministry says by itself: a listener takes its updates about test cases, and answers 503 first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from pydantic import ValidationError

from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest
from gateway.cli.certify.talk import Talk
from gateway.cli.certify.verdicts import Verdict, failed, passed
from gateway.clock import Clock
from gateway.signing import is_signed, signing_time
from schemas.callback import StatusReceipt, StatusUpdate

WINDOW = timedelta(minutes=5)
TRIES = 2
"""So often must an update come: the first is answered 503."""


@dataclass(frozen=True, slots=True)
class Came:
    """One request to the listener. `wrong` says what is not as it should be; empty: nothing."""

    event_id: str
    case: str
    body: bytes
    wrong: str


@dataclass(slots=True)
class Listener:
    """Plays the gateway's side of `POST /v1/cases/{case}/status`, for the simulator's server."""

    secrets: Sequence[str]
    clock: Clock
    came: list[Came] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """503 the first time, 200 afterwards; what is wrong is answered as the gateway would."""
        case = request.path.removeprefix("/v1/cases/").removesuffix("/status")
        event_id = request.headers.get("webhook-id", "")
        status, wrong = self._examined(request, case, event_id)
        before = [one for one in self.came if one.event_id == event_id]
        self.came.append(Came(event_id, case, request.body, wrong))
        self.news.set()
        if wrong:
            return SimulatedAnswer.of_json({"title": "Ditolak", "status": status, "detail": wrong}, status)
        if not before:
            problem = SimulatedAnswer.of_json({"title": "Coba lagi", "status": 503}, 503)
            return SimulatedAnswer(503, {**problem.headers, "retry-after": "1"}, problem.body)
        receipt = StatusReceipt(event_id=event_id, tracking_code=case, duplicate=len(before) >= TRIES)
        return SimulatedAnswer.of_json(receipt.model_dump(mode="json"))

    def _examined(self, request: SimulatedRequest, case: str, event_id: str) -> tuple[int, str]:
        if request.method != "POST" or not case or request.path != f"/v1/cases/{case}/status":
            return 404, f"{request.method} {request.path} instead of POST /v1/cases/{{case}}/status"
        made_at = signing_time(request.headers.get("webhook-timestamp", ""))
        given = request.headers.get("webhook-signature", "").split()
        if not event_id or made_at is None or not given:
            return 403, "webhook-id, webhook-timestamp or webhook-signature is missing"
        if abs(self.clock.now() - made_at) > WINDOW:
            return 403, "the timestamp is more than five minutes off"
        try:
            text = request.body.decode()
            if not any(is_signed(secret, event_id, made_at, text, given) for secret in self.secrets):
                return 403, "the signature does not fit the callback secret and these bytes"
            StatusUpdate.model_validate_json(text)
        except UnicodeDecodeError:
            return 400, "the body is not UTF-8"
        except ValidationError as error:
            places = [f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()]
            return 422, "; ".join(places)
        return 200, ""


async def tells_a_status(listener: Listener, talk: Talk, patience: float) -> Verdict:
    """An update about a test case comes, as it should, and once more after a 503."""
    known = {name for case, reference in talk.taken for name in (case.tracking_code, str(case.report_id), reference)}
    known |= {quote(name, safe="") for name in known if name}
    try:
        async with asyncio.timeout(patience):
            while not (found := _settled(listener.came, known)):
                listener.news.clear()
                await listener.news.wait()
    except TimeoutError:
        return failed(_told(listener.came, known))
    return passed(f"{found.event_id} about {found.case}, kept at the second try")


def _settled(came: Sequence[Came], known: set[str | None]) -> Came | None:
    """An update that came twice with the same body, both times well."""
    good = [one for one in came if not one.wrong and one.case in known]
    return next((one for place, one in enumerate(good) if (one.event_id, one.body) in _keys(good[:place])), None)


def _keys(came: Sequence[Came]) -> list[tuple[str, bytes]]:
    return [(one.event_id, one.body) for one in came]


def _told(came: Sequence[Came], known: set[str | None]) -> str:
    if not came:
        return "nothing came"
    if came[-1].wrong:
        return came[-1].wrong
    if came[-1].case not in known:
        return f"an update about {came[-1].case}, which is no case of this certification"
    ids = {one.event_id for one in came}
    return f"not sent again after a 503, or under another webhook-id ({len(came)} requests, {len(ids)} ids)"
