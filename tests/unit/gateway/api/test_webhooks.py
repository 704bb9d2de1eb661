"""What a vendor is answered, by which method, under which address; and that a secret in an address is never logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from adapters.contract import KEPT, Channel, ChannelAnswer, Inbound, InboundRequest
from gateway.access_book import HeldChannel
from gateway.api.app import build_api
from gateway.api.state import Face
from gateway.intake import Intake
from gateway.metrics import Metrics
from gateway.text_parts import TextParts
from schemas.base import Json
from schemas.errors import BadSignature, NotFound
from schemas.report import Attachment

ADDRESS = "/v1/channels/sms/webhook"
NOW = datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)
RECEIPT = ChannelAnswer(200, b"<Response></Response>", "text/xml")


class Vendor:
    """An adapter that remembers what it was given. `?token=benar` is its secret, `?tanya=` its handshake."""

    kind = "vendor"
    secret_names: tuple[str, ...] = ("token",)
    joins_conversations = False

    def __init__(self, *, takes_get: bool = False, receipt: ChannelAnswer = KEPT) -> None:
        self.takes_get = takes_get
        self.receipt = receipt
        self.taken: list[InboundRequest] = []

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        return ChannelAnswer(body=request.query["tanya"].encode()) if "tanya" in request.query else None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        if request.query.get("token") != secrets["token"]:
            raise BadSignature("the token is not this channel's")

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        self.taken.append(request)
        return []

    async def fetch(self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json]) -> bytes:
        raise NotFound


class Book:
    """Knows one channel, `sms`."""

    def __init__(self, options: Mapping[str, Json]) -> None:
        self._options = options

    async def webhook_channel(self, name: str) -> HeldChannel:
        return HeldChannel(name, "vendor", self._options, {"token": "benar"}, closed=False)


class StoppedClock:
    """It is always the same time."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


def client(vendor: Vendor, **options: Json) -> httpx.AsyncClient:
    """A client of an HTTP face with nothing behind it but the vendor's adapter."""
    nothing = cast(Any, None)
    adapters: dict[str, Channel] = {"vendor": vendor}
    intake = Intake(
        ledger=nothing,
        vault=nothing,
        adapters=adapters,
        enrolment=nothing,
        replies=nothing,
        parts=TextParts(nothing, nothing, nothing, timedelta(0)),
        patience=nothing,
        ring=nothing,
        clock=cast(Any, StoppedClock()),
        metrics=Metrics(),
    )
    face = Face(intake, cast(Any, Book(options)), nothing, Metrics(), 1000, "", {}, *[nothing] * 6)
    transport = httpx.ASGITransport(app=build_api(face), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://dalam:8080")


@pytest.mark.parametrize("receipt", [KEPT, RECEIPT], ids=["json", "xml"])
async def test_a_delivery_is_answered_with_the_adapters_receipt(receipt: ChannelAnswer) -> None:
    async with client(Vendor(receipt=receipt)) as api:
        answer = await api.post(f"{ADDRESS}?token=benar", content=b"isi")
    assert (answer.status_code, answer.content) == (200, receipt.body)
    assert answer.headers["content-type"].startswith(receipt.media_type)


async def test_a_get_is_a_delivery_only_where_the_vendor_delivers_so() -> None:
    for vendor, status in ((Vendor(takes_get=True, receipt=RECEIPT), 200), (Vendor(), 404)):
        async with client(vendor) as api:
            answer = await api.get(f"{ADDRESS}?token=benar&text=Jalan")
        assert (answer.status_code, len(vendor.taken)) == (status, int(vendor.takes_get))


async def test_a_get_delivery_is_verified_like_any_other() -> None:
    vendor = Vendor(takes_get=True)
    async with client(vendor) as api:
        assert (await api.get(f"{ADDRESS}?token=salah&text=Jalan")).status_code == 403
    assert vendor.taken == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("takes_get", [False, True])
async def test_a_handshake_comes_before_any_delivery(method: str, takes_get: bool) -> None:
    vendor = Vendor(takes_get=takes_get)
    async with client(vendor) as api:
        answer = await api.request(method, f"{ADDRESS}?tanya=abc&token=benar")
    assert (answer.text, vendor.taken) == ("abc", [])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, f"http://dalam:8080{ADDRESS}?token=benar&b=%C3%A9+x"),
        ({"public_url": "https://lapor.example/sms"}, "https://lapor.example/sms?token=benar&b=%C3%A9+x"),
        ({"public_url": 3}, f"http://dalam:8080{ADDRESS}?token=benar&b=%C3%A9+x"),
    ],
    ids=str,
)
async def test_the_adapter_sees_the_address_that_the_vendor_called(options: dict[str, Json], expected: str) -> None:
    vendor = Vendor()
    async with client(vendor, **options) as api:
        await api.post(f"{ADDRESS}?token=benar&b=%C3%A9+x", content=b"isi")
    [request] = vendor.taken
    assert (request.url, request.query["b"], request.received_at) == (expected, "é x", NOW)


async def test_a_body_beside_a_get_is_too_large() -> None:
    vendor = Vendor(takes_get=True)
    async with client(vendor) as api:
        assert (await api.request("GET", f"{ADDRESS}?token=benar", content=b"isi")).status_code == 413
    assert vendor.taken == []


@pytest.mark.parametrize("token", ["benar", "salah-tapi-rahasia"])
async def test_a_secret_in_the_address_is_in_no_log_and_no_answer(token: str) -> None:
    structlog.reset_defaults()
    with capture_logs() as logs:
        async with client(Vendor(takes_get=True)) as api:
            answers = [await api.request(method, f"{ADDRESS}?token={token}") for method in ("GET", "POST", "PUT")]
    assert token not in str(logs)
    assert [answer.status_code for answer in answers if token in answer.text + str(answer.headers)] == []
