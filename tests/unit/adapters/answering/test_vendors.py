"""Each vendor is told a message in its own shape, and its own words of refusal are understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from adapters.answering.simulator import SimulatedVendors
from adapters.channels import CHANNELS
from adapters.contract import AnsweringChannel, Case, Destination, Fault, Reply, ReplyAddress
from schemas.errors import Misconfigured
from schemas.handoff import Outcome, OutcomeKind, Repeat
from tests.fakes.cases import TRACKING_CODE
from tests.unit.adapters.answering.telling import AT, a_notice, a_telling, vendor, voice

DELIVERED, DEFERRED, REFUSED, UNCERTAIN = (
    OutcomeKind.DELIVERED,
    OutcomeKind.DEFERRED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNCERTAIN,
)
LETTER = ReplyAddress("ani@contoh.example", "lapor@gateway.example", "<1@contoh.example>", "Jembatan putus")


@dataclass(frozen=True)
class Vendor:
    """How one is set up, whom it answers, and what its book then says."""

    secrets: dict[str, str]
    address: ReplyAddress
    booked: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    url_option: str = "api_url"


SMS = ReplyAddress("+6281200000001", "1708", "link-7")
VENDORS = {
    "fonnte": Vendor({"device_token": "t"}, ReplyAddress("6281200000001", "62215"), {"to": "6281200000001"}),
    "qontak": Vendor({"access_token": "t"}, ReplyAddress("room-7"), {"to": "room-7"}),
    "twilio": Vendor({"account_sid": "AC1", "auth_token": "t"}, SMS, {"to": "+6281200000001", "sender": "1708"}),
    "infobip": Vendor({"api_key": "t"}, SMS, {"to": "6281200000001", "sender": "1708"}),
    "vonage": Vendor({"api_key": "k", "api_secret": "s"}, SMS, {"to": "6281200000001", "sender": "1708"}),
    "africastalking": Vendor({"api_key": "t"}, SMS, {"to": "+6281200000001"}, {"username": "lapor"}),
    "sendgrid": Vendor({"api_key": "t"}, LETTER, {"to": LETTER.to, "sender": LETTER.sender}),
    "mailgun": Vendor({"api_key": "t"}, LETTER, {"to": LETTER.to, "sender": LETTER.sender}),
}
TEXTS = {"twilio", "infobip", "vonage", "africastalking"}
MAILS = {"sendgrid", "mailgun"}

each = pytest.mark.parametrize("name", VENDORS)


def channel(name: str, url: str = "https://vendor.example", **options: Any) -> Destination:
    given = VENDORS[name]
    made = voice(name, given.secrets, {"api_url": url, "private_hosts": ["127.0.0.1"], **given.options, **options})
    assert made is not None
    return made


def case_of(name: str, **changes: Any) -> Case:
    return a_telling(**({"reply": VENDORS[name].address} | changes))


async def told(destination: Destination, case: Case) -> Outcome:
    step = destination.next_step(case)
    assert step is not None
    return destination.read(case, step, await destination.send(destination.build(case, step, AT)), AT)


def read(name: str, status: int, body: bytes) -> Outcome:
    destination, case = channel(name), case_of(name)
    step = destination.next_step(case)
    assert step is not None
    return destination.read(case, step, Reply(status, {}, body), AT)


def test_every_channel_that_can_answer_is_tried() -> None:
    able = {name for name, adapter in CHANNELS.items() if isinstance(adapter, AnsweringChannel)}

    assert able == {*VENDORS, "whatsapp", "native", "email"}, "the last three have tests of their own"


@each
async def test_a_message_arrives_in_the_vendor_s_own_shape_with_a_receipt(name: str) -> None:
    async with vendor() as simulator:
        outcome = await told(channel(name, simulator.url), case_of(name))

    [entry] = simulator.book.of("message")
    assert entry["vendor"] == name
    assert {key: entry[key] for key in VENDORS[name].booked} == VENDORS[name].booked
    assert TRACKING_CODE in entry["text"]
    assert outcome.kind is DELIVERED
    assert outcome.receipt is not None
    assert outcome.receipt.reference == entry["reference"]


@each
@pytest.mark.parametrize(("status", "kind"), [(401, DEFERRED), (429, DEFERRED), (422, REFUSED), (502, UNCERTAIN)])
async def test_a_status_means_what_it_means_everywhere(name: str, status: int, kind: OutcomeKind) -> None:
    async with vendor() as simulator:
        assert isinstance(simulator.app, SimulatedVendors)
        simulator.app.refusal = (status, {"message": "nanti saja"})
        outcome = await told(channel(name, simulator.url), case_of(name))

    assert outcome.kind is kind


@each
@pytest.mark.parametrize("sent", [False, True])
def test_a_fault_is_as_certain_as_what_was_sent(name: str, sent: bool) -> None:
    destination, case = channel(name), case_of(name)
    step = destination.next_step(case)
    assert step is not None

    outcome = destination.read(case, step, Reply(fault=Fault("read_timeout", sent=sent)), AT)

    assert outcome.kind is (UNCERTAIN if sent else DEFERRED)


@each
@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"\xff", b'{"messages": 7, "data": [], "id": true}'])
def test_an_answer_that_proves_nothing_leaves_it_in_doubt(name: str, body: bytes) -> None:
    outcome = read(name, 200, body)

    assert outcome.kind is (DELIVERED if name == "sendgrid" else UNCERTAIN)


@each
def test_the_same_message_is_the_same_body_and_has_a_connection_of_its_own(name: str) -> None:
    destination, case = channel(name), case_of(name)
    step = destination.next_step(case)
    assert step is not None

    calls = [destination.build(case, step, AT + timedelta(minutes=minutes)) for minutes in range(3)]

    assert (len({call.body for call in calls}), step.repeat) == (1, Repeat.NEITHER)
    assert all(call.fresh for call in calls)


@each
async def test_a_report_without_a_way_back_is_refused_unsent(name: str) -> None:
    outcome = await told(channel(name), case_of(name, reply=None))

    assert (outcome.kind, outcome.reason) == (REFUSED, "no_reply_address")


@each
def test_a_channel_that_is_not_to_answer_needs_nothing(name: str) -> None:
    assert voice(name, {}, {"answers": False}) is None


@each
def test_a_channel_without_its_credential_says_which(name: str) -> None:
    with pytest.raises(Misconfigured, match="secret"):
        voice(name, {}, {"api_url": "https://vendor.example", **VENDORS[name].options})


@pytest.mark.parametrize(("name", "option"), [("infobip", "api_url"), ("africastalking", "username")])
def test_what_the_vendor_needs_besides_is_named(name: str, option: str) -> None:
    with pytest.raises(Misconfigured, match=option):
        voice(name, VENDORS[name].secrets, {})


@pytest.mark.parametrize(
    ("name", "status", "body", "kind", "reason"),
    [
        ("fonnte", 200, b'{"status": false, "reason": "target invalid"}', REFUSED, "target_refused"),
        ("fonnte", 200, b'{"status": false, "reason": "disconnected device"}', DEFERRED, "device_refused"),
        ("twilio", 400, b'{"code": 21610}', REFUSED, "opted_out_at_vendor"),
        ("infobip", 200, b'{"messages": [{"messageId": "1", "status": {"groupId": 5}}]}', REFUSED, "rejected"),
        ("vonage", 200, b'{"messages": [{"status": "1"}]}', DEFERRED, "throttled"),
        ("vonage", 200, b'{"messages": [{"status": "5"}]}', UNCERTAIN, "vendor_error"),
        ("vonage", 200, b'{"messages": [{"status": "6"}]}', REFUSED, "rejected"),
        ("vonage", 200, b'{"messages": [{"status": "0"}]}', UNCERTAIN, "no_reference"),
        ("africastalking", 201, b'{"SMSMessageData": {"Recipients": [{"statusCode": 405}]}}', DEFERRED, "no_credit"),
        ("africastalking", 201, b'{"SMSMessageData": {"Recipients": [{"statusCode": 406}]}}', REFUSED, "rejected"),
        (
            "africastalking",
            201,
            b'{"SMSMessageData": {"Recipients": [{"statusCode": 501}]}}',
            UNCERTAIN,
            "vendor_error",
        ),
        (
            "africastalking",
            201,
            b'{"SMSMessageData": {"Recipients": [{"statusCode": 101}]}}',
            UNCERTAIN,
            "no_reference",
        ),
    ],
)
def test_a_vendor_s_own_words_are_understood(
    name: str, status: int, body: bytes, kind: OutcomeKind, reason: str
) -> None:
    outcome = read(name, status, body)

    assert (outcome.kind, outcome.reason) == (kind, reason)


@pytest.mark.parametrize("name", sorted(TEXTS))
async def test_a_text_is_indonesian_alone_in_three_parts_at_most(name: str) -> None:
    long = a_notice(text_id="Kabar laporan. " * 60 + f"Kode: {TRACKING_CODE}")
    async with vendor() as simulator:
        await told(channel(name, simulator.url), case_of(name, notice=long))

    [entry] = simulator.book.of("message")
    assert len(entry["text"]) <= 459
    assert entry["text"].endswith(TRACKING_CODE)
    assert "We have" not in entry["text"]


@pytest.mark.parametrize("name", sorted(TEXTS - {"africastalking"}))
async def test_a_text_needs_a_number_to_come_from(name: str) -> None:
    nobody = ReplyAddress("+6281200000001")

    assert (await told(channel(name), case_of(name, reply=nobody))).reason == "no_sender_number"


@pytest.mark.parametrize("name", sorted(MAILS))
async def test_a_mail_stands_in_the_thread_and_says_that_a_machine_wrote_it(name: str) -> None:
    async with vendor() as simulator:
        await told(channel(name, simulator.url), case_of(name))
        await told(channel(name, simulator.url), case_of(name, reply=ReplyAddress(LETTER.to, LETTER.sender, "7")))

    first, second = simulator.book.of("message")
    assert first["subject"] == "Re: Jembatan putus"
    threading = {"In-Reply-To": LETTER.thread, "References": LETTER.thread}
    assert first["headers"] == {"Auto-Submitted": "auto-replied", **threading}
    assert (second["subject"], second["headers"]) == (f"Laporan {TRACKING_CODE}", {"Auto-Submitted": "auto-replied"})


@pytest.mark.parametrize("name", sorted(MAILS))
async def test_a_mail_needs_two_addresses(name: str) -> None:
    assert (await told(channel(name), case_of(name, reply=ReplyAddress("ani")))).reason == "no_mail_address"


async def test_qontak_takes_nothing_after_a_day() -> None:
    old = case_of("qontak", heard_at=AT - timedelta(hours=24))

    assert (await told(channel("qontak"), old)).reason == "outside_window"
