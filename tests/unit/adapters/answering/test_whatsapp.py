"""WhatsApp: free text within a day, a template after it, and Meta's own numbers of what is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.answering.simulator import SimulatedVendors
from adapters.contract import Case, Destination, Reply, ReplyAddress, Step
from schemas.errors import Misconfigured
from schemas.handoff import Outcome, OutcomeKind, Repeat
from tests.unit.adapters.answering.telling import ADDRESS, AT, a_notice, a_telling, vendor, voice

TEMPLATE = {"template": {"name": "kabar_laporan"}}


def channel(**options: Any) -> Destination:
    made = voice("whatsapp", {"access_token": "token"}, {"private_hosts": ["127.0.0.1"], **options})
    assert made is not None
    return made


async def told(destination: Destination, case: Case) -> tuple[Step, Reply, Outcome]:
    step = destination.next_step(case)
    assert step is not None
    reply = await destination.send(destination.build(case, step, AT))
    return step, reply, destination.read(case, step, reply, AT)


async def test_free_text_goes_to_whoever_wrote_from_the_number_that_was_written_to() -> None:
    async with vendor() as simulator:
        _, _, outcome = await told(channel(graph_url=simulator.url), a_telling())

    [entry] = simulator.book.of("message")
    assert (entry["to"], entry["sender"]) == (ADDRESS.to, ADDRESS.sender)
    assert entry["text"] == f"{a_notice().text_id}\n\n{a_notice().text_en}"
    assert outcome.kind is OutcomeKind.DELIVERED
    assert outcome.receipt is not None
    assert outcome.receipt.reference == entry["reference"] == outcome.yields["message_id"]


async def test_after_a_day_a_template_goes_on_one_line() -> None:
    case = a_telling(heard_at=AT - timedelta(hours=24))
    async with vendor() as simulator:
        await told(channel(graph_url=simulator.url, **TEMPLATE), case)

    [entry] = simulator.book.of("message")
    template = entry["template"]
    assert (template["name"], template["language"]) == ("kabar_laporan", {"code": "id"})
    [component] = template["components"]
    assert component["parameters"][0]["text"] == a_notice().text_id.replace("\n", " · ")


@pytest.mark.parametrize("heard_at", [AT - timedelta(hours=24), AT - timedelta(hours=23, minutes=56), None])
async def test_after_a_day_and_without_a_template_it_is_refused_and_nothing_is_sent(heard_at: Any) -> None:
    async with vendor() as simulator:
        _, reply, outcome = await told(channel(graph_url=simulator.url), a_telling(heard_at=heard_at))

    assert (outcome.kind, outcome.reason) == (OutcomeKind.REFUSED, "outside_window")
    assert (reply.fault is not None and reply.fault.sent, simulator.requests) == (False, [])


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (a_telling(reply=None), "no_reply_address"),
        (a_telling(reply=replace(ADDRESS, sender="")), "no_sender_number"),
        (a_telling(notice=None), "no_notice"),
    ],
)
async def test_what_can_never_be_sent_says_why(case: Case, reason: str) -> None:
    _, _, outcome = await told(channel(), case)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.REFUSED, reason)


async def test_a_user_without_a_number_is_reached_by_his_id() -> None:
    async with vendor() as simulator:
        await told(channel(graph_url=simulator.url), a_telling(reply=ReplyAddress("ID.13491208", "1000000001")))

    assert simulator.book.of("message")[0]["to"] == "ID.13491208"


@pytest.mark.parametrize(
    ("status", "code", "kind", "reason"),
    [
        (400, 131056, OutcomeKind.DEFERRED, "pair_rate_limited"),
        (429, 130429, OutcomeKind.DEFERRED, "rate_limited"),
        (400, 131047, OutcomeKind.REFUSED, "outside_window"),
        (400, 131026, OutcomeKind.REFUSED, "undeliverable"),
        (400, 100, OutcomeKind.REFUSED, "http_400"),
        (401, 190, OutcomeKind.DEFERRED, "http_401"),
        (500, 131000, OutcomeKind.UNCERTAIN, "http_500"),
    ],
)
async def test_meta_s_numbers_decide(status: int, code: int, kind: OutcomeKind, reason: str) -> None:
    async with vendor() as simulator:
        assert isinstance(simulator.app, SimulatedVendors)
        simulator.app.refusal = (status, {"error": {"code": code}})
        _, _, outcome = await told(channel(graph_url=simulator.url), a_telling())

    assert (outcome.kind, outcome.reason) == (kind, reason)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"messages": []}', b'{"messages": [{"id": ""}]}', b"\xff"])
def test_an_answer_without_an_id_leaves_it_in_doubt(body: bytes) -> None:
    destination, case = channel(), a_telling()
    step = destination.next_step(case)
    assert step is not None

    outcome = destination.read(case, step, Reply(200, {}, body), AT)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNCERTAIN, "no_reference")


def test_nothing_is_sent_twice_unless_the_channel_says_that_a_double_is_harmless() -> None:
    steps = [channel(**options).next_step(a_telling()) for options in ({}, {"repeat": "resend"})]

    assert [step and step.repeat for step in steps] == [Repeat.NEITHER, Repeat.HARMLESS]
    assert channel().next_step(a_telling(progress={"send": {}})) is None


def test_a_message_that_must_not_be_doubled_has_a_connection_of_its_own() -> None:
    destination, case = channel(), a_telling()
    step = destination.next_step(case)
    assert step is not None

    assert destination.build(case, step, AT).fresh


def test_a_channel_that_is_not_to_answer_has_no_voice() -> None:
    assert voice("whatsapp", {"access_token": "t"}, {"answers": False}) is None


@pytest.mark.parametrize(
    ("secrets", "options", "named"),
    [
        ({}, {}, "access_token"),
        ({"access_token": "a\nb"}, {}, "access_token"),
        ({"access_token": "t"}, {"template": {"name": "Kabar Laporan"}}, "template.name"),
        ({"access_token": "t"}, {"graph_url": "graph.facebook.com"}, "graph_url"),
    ],
)
def test_what_is_wrong_with_a_channel_is_named(secrets: dict[str, str], options: dict[str, Any], named: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        voice("whatsapp", secrets, options)

    assert named in str(raised.value)


def test_a_long_text_is_cut_to_what_whatsapp_takes() -> None:
    destination, case = channel(), a_telling(notice=a_notice(text_id="a" * 4000, text_en="b" * 4000))
    step = destination.next_step(case)
    assert step is not None

    assert len(json.loads(destination.build(case, step, AT).body)["text"]["body"]) == 4096
