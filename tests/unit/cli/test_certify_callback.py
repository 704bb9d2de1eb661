"""The listener of a certification: it takes what the gateway would take, and says what is wrong with the rest."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from adapters.contract import DestinationEntry
from adapters.destinations.ministry_rest.options import Options
from adapters.simulator import Book, SimulatedRequest
from gateway.cli.certify.calling_back import Listener, tells_a_status
from gateway.cli.certify.cases import plain_case
from gateway.cli.certify.talk import Talk
from gateway.cli.certify.verdicts import Result
from gateway.clock import SystemClock

SECRET = "whsec_" + "c2VydGlmaWthc2ktcmFoYXNpYS11amktMzJieXRlIQ=="
CLOCK = SystemClock()
CASE = plain_case(CLOCK.now())
SAID = {"status": "Selesai", "sequence": 1}


@pytest.fixture
def listener() -> Listener:
    return Listener([SECRET], CLOCK)


@pytest.fixture
def talk() -> Talk:
    entry = DestinationEntry("uji", "http://127.0.0.1:9", Options(), {"signing_secret": SECRET})
    return Talk(entry, CLOCK, 1000, taken=[(CASE, "K/1")])


def post(
    listener: Listener,
    said: object = SAID,
    *,
    event_id: str = "e-1",
    case: str = CASE.tracking_code,
    late: timedelta = timedelta(0),
    secret: str = SECRET,
) -> int:
    at, body = CLOCK.now() - late, json.dumps(said)
    headers = {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, at, body),
    }
    request = SimulatedRequest("POST", f"/v1/cases/{case}/status", {}, headers, body.encode())
    return listener.take(request, Book()).status


async def test_an_update_that_comes_again_after_a_503_passes(listener: Listener, talk: Talk) -> None:
    assert [post(listener, case="K/1"), post(listener, case="K/1")] == [503, 200]
    verdict = await tells_a_status(listener, talk, patience=5.0)
    assert (verdict.result, verdict.seen) == (Result.PASSED, "e-1 about K/1, kept at the second try")


@pytest.mark.parametrize(
    ("posts", "told"),
    [
        ([], "nothing came"),
        ([{}], "not sent again after a 503, or under another webhook-id (1 requests, 1 ids)"),
        ([{}, {"event_id": "e-2"}], "not sent again after a 503, or under another webhook-id (2 requests, 2 ids)"),
        ([{}, {"said": {"status": "Ditutup"}}], "not sent again"),
        ([{"secret": "whsec_" + "YmFy" * 8}], "the signature does not fit"),
        ([{"late": timedelta(hours=1)}], "more than five minutes off"),
        ([{"said": {"status": 7}}], "status: Input should be a valid string"),
        ([{"said": {"sequence": 1}}], "say something"),
        ([{"case": "AAAA"}, {"case": "AAAA"}], "an update about AAAA, which is no case of this certification"),
    ],
)
async def test_what_is_wrong_with_updates_is_said(
    listener: Listener, talk: Talk, posts: list[dict[str, object]], told: str
) -> None:
    for one in posts:
        post(listener, **one)  # type: ignore[arg-type]
    verdict = await tells_a_status(listener, talk, patience=0.0)
    assert (verdict.result, told in verdict.seen) == (Result.FAILED, True), verdict.seen


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/v1/cases/A/status", {}, b"", 404),
        ("POST", "/cases/A", {}, b"", 404),
        ("POST", "/v1/cases/A/status", {}, b"{}", 403),
    ],
)
def test_another_request_is_answered_as_the_gateway_would(
    listener: Listener, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert listener.take(SimulatedRequest(method, path, {}, headers, body), Book()).status == status
